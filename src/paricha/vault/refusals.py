"""Refusal codes of `vault`."""

from paricha.grounds.refusals import register

register(
    VAULT_UNKNOWN="No original with this hash is kept here.",
    VAULT_DELETED="The original was deleted by order; its tombstone names the order.",
    VAULT_MEDIA_NOT_KEPT="The file is media: it was hashed and counted, and its bytes were not kept.",
    VAULT_DAMAGED="The original does not open, or its bytes no longer have its hash.",
    VAULT_FOREIGN_PACK="A pack in the vault belongs to another installation; nothing in it was touched.",
    VAULT_CHANGED_WHILE_READ="The file changed while it was read; nothing of it was kept.",
    VAULT_UNREADABLE="The file cannot be opened or read.",
    VAULT_NO_SUCH_PLACE="Nothing stands at this place of the original.",
    VAULT_TOO_LARGE="The original is too large to be shown on a page.",
    VAULT_KIND_UNKNOWN="No reader of this build opens this kind of place.",
    VAULT_ORDER_NEEDED="A deletion needs the reference of the order and a reason.",
    VAULT_NOT_PROPOSED="Nobody has proposed this deletion with this order yet.",
    VAULT_RESTORE_NOT_EMPTY="The folder or the database to restore into is not empty.",
    VAULT_BACKUP_UNREADABLE="The backup does not open with the keys at hand, or it is damaged.",
    VAULT_BACKUP_EXISTS="The file to write the backup to exists already.",
    VAULT_RESTORE_DATABASE="The backup is of another kind of database than the one to restore into.",
    VAULT_NEWER="The database was made by a newer program than this one.",
    VAULT_RESTORE_FAILED="The restored copy did not come up; nothing of it is left in the folder.",
    VAULT_RECIPIENT="This is no recipient a backup can be sealed to.",
)
