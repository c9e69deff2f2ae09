"""Django app of `linking`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinkingConfig(AppConfig):
    name = "paricha.linking"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.audit.feed import consumer
        from paricha.linking import refusals  # noqa: F401  registers the codes
        from paricha.linking.pages import tab_context
        from paricha.linking.queries import undecided
        from paricha.linking.verbs import link_changed_tips
        from paricha.records import tabs
        from paricha.records.events import Event as Records
        from paricha.screens import nav

        consumer("linking", Records.TIPS_STORED, Records.TIPS_REMERGED)(link_changed_tips)
        tabs.register("links", _("Links"), "linking/tab.html", tab_context, place=40)
        nav.register("linking", _("Links"), "link", "linking:list", right=Right.READ_RECORDS, count=undecided)
