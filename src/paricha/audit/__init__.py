"""Who read or wrote what: one append-only log, stamped each second; the same log is the feed.

Takes events from verbs and reads, inside their transaction; gives positions, stamps, proofs, the feed and an export
that a separate small program verifies. Holds ids and keyed digests, never values.
Refuses to change or remove a row. Start reading at `log`.
"""
