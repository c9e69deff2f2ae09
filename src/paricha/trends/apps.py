"""Django app of `trends`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrendsConfig(AppConfig):
    name = "paricha.trends"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.screens import nav
        from paricha.trends import refusals  # noqa: F401  registers the codes

        nav.register("trends", _("Trends"), "trend", "trends:list", right=Right.BRIEF)
