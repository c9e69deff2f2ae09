"""Refusal codes of `operations`."""

from paricha.grounds.refusals import register

register(
    OPERATION_DOOR="The door does not hold, so it can't be a site; the reason is named.",
    OPERATION_DOOR_TAKEN="The door is a site of this operation already.",
    OPERATION_NAME="The operation has no name.",
    OPERATION_DISTRICT="The door lies in no district of the unit's tree.",
    OPERATION_STOPPED="A site of the package was stopped; the reason is named.",
    OPERATION_NOMINATION="A line of the nomination is incomplete or unreadable; line and column are named.",
    OPERATION_STATE="The operation is not in the state that this step needs.",
    OPERATION_NOMINEE_TWICE="The officer is nominated already, here or by another district.",
    OPERATION_NO_TEAM="The team has no member who can open a package.",
    OPERATION_TIMES="The times do not follow one another.",
    OPERATION_SEAL_AGAIN="The package says something else than the plan by now; it is to be sealed again.",
    OPERATION_CHANGED="What was sealed is not what was signed any more.",
    OPERATION_UNSIGNED="The release does not carry two signatures under what is sealed now.",
    OPERATION_NOT_YET="The set time of release has not come.",
    OPERATION_ENROLMENT_CODE="The enrolment code is unknown, used or past its time.",
    OPERATION_DEVICE_KEY="The device sent no usable pair of public keys.",
    OPERATION_TEAM_OTHER_DISTRICT="The team belongs to another district than the site or the officer.",
    OPERATION_NOT_DEMANDED="Nothing is asked of this district, or its answer was accepted already.",
)
