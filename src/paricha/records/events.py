"""Events of `records`."""

from paricha.audit.events import EventName


class Event(EventName):
    BATCH_LISTED = "records:batch:listed"  # the files of a folder are to be read
    TIPS_STORED = "records:tips:stored"  # a chunk of a batch; touches the tips that changed
    GROUP_STORED = "records:group:stored"
    CONFLICT_DECIDED = "records:conflict:decided"
    TIP_HANDED = "records:tip:handed"  # to another unit
    TIPS_REMERGED = "records:tips:remerged"  # an original was deleted, or the record made again
    TIP_READ = "records:tip:read"
    TIPS_LISTED = "records:tips:listed"
    TIPS_EXPORTED = "records:tips:exported"
    SELECTOR_READ = "records:selector:read"
    FILE_READ = "records:file:read"
    GROUP_READ = "records:group:read"
    GROUPS_LISTED = "records:groups:listed"
    SEARCH_ASKED = "records:search:asked"
    RECORD_REBUILT = "records:record:rebuilt"
