"""Refusal codes of `records`."""

from paricha.grounds.refusals import register

register(
    RECORDS_NOT_A_READING="The reading chosen for a conflict is not one of the conflict's readings.",
    RECORDS_NO_CONFLICT="The field is not in conflict, or no longer.",
    RECORDS_UNKNOWN_BATCH="No batch of that id has come in here.",
    RECORDS_NOT_A_PATH="The path given to `intake` does not exist or cannot be read.",
)
