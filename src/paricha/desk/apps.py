"""Django app of `desk`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "paricha.desk"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.audit.feed import consumer
        from paricha.desk.verbs import tell
        from paricha.desk.words import TOLD
        from paricha.screens import nav

        consumer("desk", *TOLD)(tell)
        nav.register("desk", _("Home"), "home", "desk:home")
        nav.register("access", _("Officers"), "person", "access:officers", right=Right.ADMIN)
        nav.register("audit", _("Log"), "book", "access:log", right=Right.AUDIT)
