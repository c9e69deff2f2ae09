"""Django app of `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "paricha.records"

    def ready(self) -> None:
        from paricha.records import refusals  # noqa: F401  registers the codes
