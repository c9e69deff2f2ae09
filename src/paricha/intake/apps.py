"""Django app of `intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "paricha.intake"

    def ready(self) -> None:
        from paricha.intake import locating, refusals  # noqa: F401
