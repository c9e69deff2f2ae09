"""Events of `trends`."""

from paricha.audit.events import EventName


class Event(EventName):
    BRIEF_READ = "trends:brief:read"
    BRIEF_MADE = "trends:brief:made"
    FIGURE_READ = "trends:figure:read"
