"""Django app of `records`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "paricha.records"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.audit.feed import consumer
        from paricha.records import originals, refusals, verbs  # noqa: F401  register codes, and who sees an original
        from paricha.records.pages.tip import register_tabs
        from paricha.screens import nav
        from paricha.vault.events import Event as Vault

        consumer("records-deletions", Vault.DELETED)(verbs.forget_deleted)
        nav.register("records", _("Records"), "book", "records:tips", right=Right.READ_RECORDS)
        register_tabs()
