"""Documents become the record: one tip from all its forms and versions, with every value at its place.

Takes documents that `intake` reads; gives tips, versions, selectors, sightings, files, groups, exact links, conflicts and
search. Refuses to choose silently: where forms differ, both readings stay and a named rule leads until an officer decides.
Nothing is dropped: a replaced version, an unread block and a folded tip stay. Start reading at `merging` (one tip from
many documents), then `storing` (how a chunk becomes rows).
"""
