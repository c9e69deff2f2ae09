"""Django app of `exhibits`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitsConfig(AppConfig):
    name = "paricha.exhibits"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.audit.feed import consumer
        from paricha.exhibits import refusals  # noqa: F401  registers the codes
        from paricha.exhibits.queries import waiting
        from paricha.exhibits.verbs import hear_of_the_morning
        from paricha.field.events import Event as Field
        from paricha.screens import nav

        consumer("exhibits", Field.STORED, Field.ENTERED, Field.JOINED)(hear_of_the_morning)
        nav.register("exhibits", _("Exhibits"), "box", "exhibits:list", right=Right.CUSTODY, count=waiting)
