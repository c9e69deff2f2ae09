"""Events of `jobs`."""

from paricha.audit.events import EventName


class Event(EventName):
    CANCEL_ASKED = "jobs:job:cancelled"
    TRIED_AGAIN = "jobs:job:retried"
    READ = "jobs:job:read"
    LIST_READ = "jobs:list:read"
