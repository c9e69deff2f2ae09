"""Refusal codes of `operators`."""

from paricha.grounds.refusals import register

register(
    OPERATORS_FILE_UNKNOWN="The file's header is none of the three operator files (snapshot, table, exits).",
    OPERATORS_FILE_UNREADABLE="The file is not text in UTF-8, or not CSV.",
    OPERATORS_ROW="A row of an operator file cannot be read; the rest is kept.",
    OPERATORS_TWICE="A snapshot gives one prefix two AS numbers; it counts as not stated by that source.",
    OPERATORS_DATE="The as-of date is no date, or lies in the future.",
    OPERATORS_SOURCE_DATE="This source already has another file for that date.",
)
