"""Events of `dispatch`."""

from paricha.audit.events import EventName


class Event(EventName):
    SENT = "dispatch:tip:sent"
    ACKNOWLEDGED = "dispatch:tip:acknowledged"
    REPORTED = "dispatch:report:received"
    RETURNED = "dispatch:tip:returned"
    READ = "dispatch:tip:read"
    LISTED = "dispatch:list:read"
    LETTER_READ = "dispatch:letter:read"
