"""What intake records in the log."""

from paricha.audit.events import EventName


class Event(EventName):
    BATCH_OPENED = "intake:batch:opened"
    BATCH_LOOKED_AT = "intake:batch:looked-at"
    FILES_KEPT = "intake:files:kept"
    FILE_LOOKED_AT = "intake:file:looked-at"
    FILE_RETRIED = "intake:file:retried"
    MAPPING_SAVED = "intake:mapping:saved"
    MAPPING_CHOSEN = "intake:mapping:chosen"
    DATE_ORDER_CHOSEN = "intake:date-order:chosen"
    TIP_ENTERED = "intake:tip:entered"
