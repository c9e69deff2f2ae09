"""Django app of `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "paricha.records"

    def ready(self) -> None:
        from paricha.audit.feed import consumer
        from paricha.records import refusals, verbs  # noqa: F401  registers the codes
        from paricha.vault.events import Event as Vault

        consumer("records-deletions", Vault.DELETED)(verbs.forget_deleted)
