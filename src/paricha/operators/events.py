"""Events of `operators`."""

from paricha.audit.events import EventName


class Event(EventName):
    SNAPSHOT_IMPORTED = "operators:snapshot:imported"
    READ = "operators:table:read"
