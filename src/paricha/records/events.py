"""Events of `records`."""

from paricha.audit.events import EventName


class Event(EventName):
    BATCH_LISTED = "records:batch:listed"  # the files of a folder are to be read
    TIPS_STORED = "records:tips:stored"  # a chunk of a batch; touches the tips that changed
    GROUP_STORED = "records:group:stored"
    CONFLICT_DECIDED = "records:conflict:decided"
    TIP_STANDS_ALONE = "records:tip:stands-alone"  # kept out of its family of viral tips
    TIP_FOLDS_AGAIN = "records:tip:folds-again"
    REREAD_ASKED = "records:reread:asked"  # files of a batch are to be read anew, without storing
    REREAD_READ = "records:reread:read"
    REREADS_LISTED = "records:reread:listed"
    REREAD_COUNTED = "records:reread:counted"
    REREAD_LEFT = "records:reread:left"
    VERSION_READ = "records:version:read"
    TIP_HANDED = "records:tip:handed"  # to another unit
    TIPS_REMERGED = "records:tips:remerged"  # an original was deleted, or the record made again
    TIP_READ = "records:tip:read"
    TIPS_LISTED = "records:tips:listed"
    TIPS_EXPORTED = "records:tips:exported"
    SELECTOR_READ = "records:selector:read"
    FILE_READ = "records:file:read"
    GROUP_READ = "records:group:read"
    GROUPS_LISTED = "records:groups:listed"
    EARLIER_LISTED = "records:earlier:listed"  # rows of the unit's own registers
    EARLIER_READ = "records:earlier:read"
    SEARCH_ASKED = "records:search:asked"
    SEARCH_SAVED = "records:search:saved"
    SEARCH_MUTED = "records:search:muted"
    SEARCH_DROPPED = "records:search:dropped"
    SEARCH_MATCHED = "records:search:matched"  # a saved search found something new
    SAVED_SEARCH_READ = "records:saved-search:read"
    RECORD_REBUILT = "records:record:rebuilt"
