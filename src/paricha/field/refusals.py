"""Refusal codes of `field`."""

from paricha.grounds.refusals import register

register(
    FIELD_UNREADABLE="The envelope is not what a Paricha phone sends.",
    FIELD_DEVICE="The device is unknown or revoked.",
    FIELD_SIGNATURE="The signature does not fit the event: it was altered or forged.",
    FIELD_SAME_ID="Another event with this id is stored already.",
    FIELD_KNOWN="The team's own event is here already; nothing needs to be entered.",
    FIELD_SAME="The two are not reports of one thing.",
    FIELD_SEQUENCE="The device sent two events with one number.",
    FIELD_CHAIN="The event does not follow the one before it: something was left out, altered or put in another order.",
    FIELD_SITE="The site is not one of this team's.",
    FIELD_PAYLOAD="What the event says is incomplete or impossible; the field is named.",
    FIELD_TIME="A time lies ahead, or before the operation began.",
)
