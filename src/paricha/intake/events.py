"""What intake records in the log."""

from paricha.audit.events import EventName


class Event(EventName):
    BATCH_OPENED = "intake:batch:opened"
    BATCH_LOOKED_AT = "intake:batch:looked-at"
    FILES_KEPT = "intake:files:kept"
    FILES_DROPPED = "intake:files:dropped"
    BUNDLE_OPENED = "intake:bundle:opened"
    FILE_LOOKED_AT = "intake:file:looked-at"
    FILES_LISTED = "intake:files:listed"
    UNREAD_LISTED = "intake:unread:listed"
    FILES_RETRIED = "intake:files:retried"  # all of a batch that were refused for one reason
    FILE_RETRIED = "intake:file:retried"
    MAPPING_SAVED = "intake:mapping:saved"
    MAPPING_READ = "intake:mapping:read"
    MAPPINGS_LISTED = "intake:mapping:listed"
    MAPPING_CHOSEN = "intake:mapping:chosen"
    DATE_ORDER_CHOSEN = "intake:date-order:chosen"
    TIP_ENTERED = "intake:tip:entered"
