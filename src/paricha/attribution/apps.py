"""Django app of `attribution`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttributionConfig(AppConfig):
    name = "paricha.attribution"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.attribution import checks_of_a_door, checks_of_a_strand, refusals  # noqa: F401  register themselves
        from paricha.attribution.pages.tip_tab import context
        from paricha.attribution.queries import waiting
        from paricha.records import tabs
        from paricha.screens import nav

        tabs.register("doors", _("Doors"), "attribution/tab_doors.html", context, place=70, right=Right.READ_DOORS)
        nav.register("attribution", _("Doors"), "door", "attribution:doors", right=Right.READ_DOORS, count=waiting)
