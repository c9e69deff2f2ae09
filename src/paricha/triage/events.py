"""Events of `triage`."""

from paricha.audit.events import EventName


class Event(EventName):
    RANKED = "triage:tips:ranked"
    TAKEN = "triage:tip:taken"
    GIVEN_BACK = "triage:tip:given-back"
    DECIDED = "triage:tip:decided"
    UNDONE = "triage:decision:undone"
    QUEUE_READ = "triage:queue:read"
    PREVIEW_READ = "triage:preview:read"
    RULES_READ = "triage:rules:read"
