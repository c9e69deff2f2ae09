"""Django app of `field`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "paricha.field"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.field import refusals  # noqa: F401  registers the codes
        from paricha.field.queries import live
        from paricha.screens import nav

        nav.register("field", _("Field"), "live", "field:index", right=Right.CONTROL_ROOM, count=live)
