"""Refusal codes of `places`."""

from paricha.grounds.refusals import register

register(
    PLACES_FILE_UNKNOWN="The file's header is none of districts, stations, local bodies or post offices.",
    PLACES_FILE_UNREADABLE="The file is not CSV in UTF-8.",
    PLACES_ROW="A row of a place file cannot be read; the rest is kept.",
    PLACES_EMPTY="The folder holds none of the place files.",
)
