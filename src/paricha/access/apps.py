"""Django app of `access`."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "paricha.access"

    def ready(self) -> None:
        from paricha.access import refusals  # noqa: F401  registers the codes
