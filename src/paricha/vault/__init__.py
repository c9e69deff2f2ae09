"""Every original, by its hash: sealed at rest under a key of its own, never changed, shown at a place.

Takes bytes, files and streams from outside; gives the original back by its SHA-256, its text at a locator, verify,
backup and restore, and legal deletion with a tombstone.
Refuses to keep media, to keep anything half, and to give back what was destroyed by order.
Start reading at `store`.
"""
