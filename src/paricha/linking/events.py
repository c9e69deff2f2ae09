"""Events of `linking`."""

from paricha.audit.events import EventName


class Event(EventName):
    LINKED = "linking:tips:linked"  # touches the tips whose links changed
    DECIDED = "linking:link:decided"
    LISTED = "linking:list:read"
    READ = "linking:link:read"
