"""Originals become documents: everything read from a file is read here, one reader a format.

Takes paths, uploads and what an officer types; gives documents whose every leaf knows its place, a coverage line a
file, unread blocks, and refusals with a remedy. Reads no clock and judges nothing; refuses to guess a date order or zone.
Start reading at `document` (what a reader yields), `reading` (one file) and `readers` (the formats). Batches, files,
mappings and typed tips are kept by `verbs`; storing tips is the work of `records`, which reports back by `writing`.
"""
