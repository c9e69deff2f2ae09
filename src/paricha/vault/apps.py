"""Django app of `vault`."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "paricha.vault"

    def ready(self) -> None:
        from paricha.vault import refusals  # noqa: F401  registers the codes
