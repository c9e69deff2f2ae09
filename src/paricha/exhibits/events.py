"""Events of `exhibits`."""

from paricha.audit.events import EventName


class Event(EventName):
    TAKEN_IN = "exhibits:exhibit:taken-in"
    CLASHED = "exhibits:mark:clashed"
    JOINED = "exhibits:exhibit:joined"
    MARK_DECIDED = "exhibits:mark:decided"
    SEM_SAID = "exhibits:exhibit:sem-said"
    HANDED = "exhibits:custody:handed"
    RECEIVED = "exhibits:custody:received"
    CLOCK_DONE = "exhibits:clock:done"
    CERTIFICATE_MADE = "exhibits:certificate:made"
    LISTED = "exhibits:list:read"
    READ = "exhibits:exhibit:read"
    PAPER_READ = "exhibits:paper:read"
    EXPORTED = "exhibits:list:exported"
