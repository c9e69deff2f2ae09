"""Events of `field` in the log; what teams report is in `kinds`."""

from paricha.audit.events import EventName


class Event(EventName):
    STORED = "field:event:stored"
    ENTERED = "field:event:entered"
    JOINED = "field:event:joined"
    REFUSED = "field:event:refused"
    FETCHED = "field:package:fetched"
    BOARD_READ = "field:board:read"
    TEAM_READ = "field:team:read"
    EXPORTED = "field:events:exported"
    EVENT_READ = "field:event:read"
    DEVICES_READ = "field:devices:read"
