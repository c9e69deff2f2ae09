"""Django app of `triage`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TriageConfig(AppConfig):
    name = "paricha.triage"

    def ready(self) -> None:
        from paricha.access.rights import Right
        from paricha.audit.feed import consumer
        from paricha.linking.events import Event as Linking
        from paricha.operators.events import Event as Operators
        from paricha.records import tabs
        from paricha.records.events import Event as Records
        from paricha.screens import nav
        from paricha.triage import pages, refusals, verbs  # noqa: F401  registers the codes
        from paricha.triage.queries import waiting

        consumer(
            "triage",
            Records.TIPS_STORED,
            Records.TIPS_REMERGED,
            Records.CONFLICT_DECIDED,
            Records.TIP_HANDED,
            Linking.LINKED,
            before=verbs.judge_changed_tips,
        )(verbs.rank_changed_tips)
        consumer("triage-operators", Operators.SNAPSHOT_IMPORTED)(verbs.rank_all_again)
        consumer("triage-districts", "dispatch:tip:sent", "dispatch:tip:returned", "dispatch:report:received")(
            verbs.hear_of_districts
        )
        tabs.register("why", _("Why here"), "triage/why.html", pages.tab_context, place=15)
        nav.register("triage", _("Queue"), "rank", "triage:queue", right=Right.READ_RECORDS, count=waiting)
