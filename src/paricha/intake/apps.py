"""Django app of `intake`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "paricha.intake"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.intake import locating, refusals  # noqa: F401  register places and codes
        from paricha.intake.queries import waiting_for_an_officer
        from paricha.screens import nav

        nav.register("intake", _("Intake"), "tray", "intake:batches", right=Right.INTAKE, count=waiting_for_an_officer)
