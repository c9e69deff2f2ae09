"""Events of `places`."""

from paricha.audit.events import EventName


class Event(EventName):
    LOADED = "places:table:loaded"
    READ = "places:table:read"
