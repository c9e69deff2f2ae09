"""Events of `cases`."""

from paricha.audit.events import EventName


class Event(EventName):
    OPENED = "cases:case:opened"
    SECTIONS_SET = "cases:sections:set"
    WHY_NOT = "cases:door:not-searched"
    LISTED = "cases:list:read"
    READ = "cases:case:read"
    EXPORTED = "cases:list:exported"
    SITES_EXPORTED = "cases:sites:exported"
