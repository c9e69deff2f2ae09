"""Events of `access`."""

from paricha.audit.events import EventName


class Event(EventName):
    HOUSE_MADE = "access:house:made"
    UNIT_ADDED = "access:unit:added"
    OFFICER_ADDED = "access:officer:added"
    OFFICER_RETIRED = "access:officer:retired"
    ENROLMENT_MADE = "access:enrolment:made"
    ENROLLED = "access:enrolment:used"
    CODES_MADE = "access:codes:made"
    ROLES_CHANGED = "access:roles:changed"
    KEY_ENROLLED = "access:key:enrolled"
    KEY_REVOKED = "access:key:revoked"
    TOKEN_MADE = "access:token:made"
    TOKEN_REVOKED = "access:token:revoked"
    SIGNED_IN = "access:session:opened"
    SIGN_IN_FAILED = "access:session:refused"
    SIGNED_OUT = "access:session:closed"
    GLASS_BROKEN = "access:glass:broken"
    GLASS_SEEN = "access:glass:seen"
    COMPARTMENT_MADE = "access:compartment:made"
    COMPARTMENT_JOINED = "access:compartment:joined"
    COMPARTMENT_LEFT = "access:compartment:left"
    OFFICERS_READ = "access:officers:read"
    REFUSED = "access:verb:refused"
