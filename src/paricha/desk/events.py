"""Events of `desk`."""

from paricha.audit.events import EventName


class Event(EventName):
    HOME_READ = "desk:home:read"
    NOTICES_READ = "desk:notices:read"
    NOTICE_SEEN = "desk:notice:seen"
