"""Refusal codes of `operations`."""

from paricha.grounds.refusals import register

register(
    OPERATION_DOOR="The door does not hold, so it can't be a site; the reason is named.",
    OPERATION_DOOR_TAKEN="The door is a site of this operation already.",
    OPERATION_ENQUIRY="A site needs an enquiry on the spot first.",
    OPERATION_STATE="The operation is not in the state that this step needs.",
    OPERATION_NOMINEE_TWICE="The officer is nominated already, here or by another district.",
    OPERATION_NO_TEAM="The team has no member who can open a package.",
    OPERATION_TIMES="The times do not follow one another.",
    OPERATION_NOT_YET="The set time of release has not come.",
    OPERATION_SITE_DROPPED="The site was dropped; the reason stands beside it.",
    OPERATION_ENROLMENT_CODE="The enrolment code is unknown, used or past its time.",
    OPERATION_DEVICE_KEY="The device sent no usable pair of public keys.",
    OPERATION_TEAM_OTHER_DISTRICT="The team belongs to another district than the site or the officer.",
    OPERATION_NOT_DEMANDED="Nothing is asked of this district, or its answer was accepted already.",
)
