"""Django app of `cases`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "paricha.cases"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.cases import refusals  # noqa: F401  registers the codes
        from paricha.cases.queries import waiting
        from paricha.screens import nav

        nav.register("cases", _("Cases"), "case", "cases:list", right=Right.CASES, count=waiting)
