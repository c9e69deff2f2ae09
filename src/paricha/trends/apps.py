"""Django app of `trends`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrendsConfig(AppConfig):
    name = "paricha.trends"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.screens import nav

        nav.register("trends", _("Trends"), "trend", "trends:list", right=Right.BRIEF)
