"""Events of `attribution`. Rooms downstream follow `DOOR_*` by the feed."""

from paricha.audit.events import EventName


class Event(EventName):
    OBSERVATIONS_IMPORTED = "attribution:observations:imported"
    CORROBORATIONS_IMPORTED = "attribution:corroborations:imported"
    REQUESTS_MADE = "attribution:requests:made"
    REQUEST_WRITTEN = "attribution:request:written"
    REQUEST_SIGNED = "attribution:request:signed"
    REPLIES_READ = "attribution:replies:read"
    DOOR_MADE = "attribution:door:made"
    DOOR_CHANGED = "attribution:door:changed"  # its state or its strands
    DOOR_FROZEN = "attribution:door:frozen"
    DOOR_SIGNED = "attribution:door:signed"
    STATION_CONFIRMED = "attribution:station:confirmed"
    HOLD_DECIDED = "attribution:hold:decided"
    ENQUIRY_TASKED = "attribution:enquiry:tasked"
    ENQUIRY_RECORDED = "attribution:enquiry:recorded"
    DOORS_READ = "attribution:doors:read"
    DOOR_READ = "attribution:door:read"
    OVERRIDES_READ = "attribution:overrides:read"
    REQUESTS_READ = "attribution:requests:read"
    REQUEST_READ = "attribution:request:read"
    SHEET_MADE = "attribution:sheet:made"
