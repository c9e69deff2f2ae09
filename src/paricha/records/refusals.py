"""Refusal codes of `records`."""

from paricha.grounds.refusals import register

register(
    RECORDS_REREAD_DECIDED="The reading anew is decided, or still under way.",
    RECORDS_REREAD_OLD="Readers or mappings have changed since the files were read anew.",
    RECORDS_NOTHING_ANEW="No file of the batch would be read otherwise now.",
    RECORDS_NOT_FOLDED="The tip stands alone already, or folds by no mark.",
    RECORDS_NOT_A_READING="The reading chosen for a conflict is not one of the conflict's readings.",
    RECORDS_SEARCH_NAME="A search is to be saved without a name, or under one that the officer uses already.",
    RECORDS_SEARCH_EMPTY="A search is to be saved that looks for nothing.",
    RECORDS_SEARCH_TOO_WIDE="A search is to be saved that finds more than a thousand tips already.",
    RECORDS_NO_CONFLICT="The field is not in conflict, or no longer.",
    RECORDS_UNKNOWN_BATCH="No batch of that id has come in here.",
    RECORDS_NOT_A_PATH="The path given to `intake` does not exist or cannot be read.",
)
