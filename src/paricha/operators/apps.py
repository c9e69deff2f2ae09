"""Django app of `operators`."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "paricha.operators"

    def ready(self) -> None:
        from paricha.operators import refusals  # noqa: F401  registers the codes
