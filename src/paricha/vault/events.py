"""Events of `vault`."""

from paricha.audit.events import EventName


class Event(EventName):
    READ = "vault:original:read"
    DELETION_PROPOSED = "vault:original:proposed"
    DELETED = "vault:original:deleted"
    TOMBSTONES_READ = "vault:tombstones:read"
    VERIFIED = "vault:originals:verified"
    BACKUP_MADE = "vault:backup:made"
    RESTORED = "vault:backup:restored"
    UPGRADED = "vault:house:upgraded"
