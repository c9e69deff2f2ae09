"""Django app of `operations`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "paricha.operations"

    def ready(self) -> None:
        from paricha.audit.feed import consumer
        from paricha.operations import refusals  # noqa: F401  registers the codes
        from paricha.operations.queries import waiting
        from paricha.operations.verbs.stops import stop_for_frozen_doors
        from paricha.screens import nav

        consumer("operations-frozen", "attribution:door:frozen")(stop_for_frozen_doors)
        nav.register("operations", _("Operations"), "team", "operations:list", right=_plans, count=waiting)


def _plans(officer: object) -> bool:
    from paricha.access.rights import Right

    rights = (Right.PLAN, Right.NOMINATE, Right.SEAL, Right.RELEASE)
    return any(officer.may(right) for right in rights)  # type: ignore[attr-defined]
