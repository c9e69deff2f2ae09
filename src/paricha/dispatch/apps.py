"""Django app of `dispatch`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "paricha.dispatch"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.dispatch import refusals  # noqa: F401  registers the codes
        from paricha.dispatch.queries import waiting
        from paricha.screens import nav

        nav.register("dispatch", _("Dispatch"), "send", "dispatch:list", right=Right.READ_RECORDS, count=waiting)
