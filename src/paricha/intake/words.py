"""Intake in the officer's words: states, readers, fields, and why a block was not read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from paricha.intake.models import FileState

STATES: dict[str, tuple[Any, str, str]] = {  # words, grade, shape
    FileState.WAITS: (_("Waits"), "neutral", "clock"),
    FileState.READ: (_("Read"), "good", "ok"),
    FileState.PART: (_("Read in part"), "warn", "warn"),
    FileState.DECIDE: (_("Wants a decision"), "hold", "hold"),
    FileState.REFUSED: (_("Refused"), "stop", "stop"),
    FileState.MEDIA: (_("Media, hashed only"), "neutral", "none"),
    FileState.SAME: (_("Nothing to do"), "neutral", "none"),
}
READERS = {
    "cybertip-json": _("Law-enforcement JSON"),
    "sheet-xlsx": _("Workbook"),
    "sheet-csv": _("Sheet as text"),
    "telegram-json": _("Telegram export"),
    "entry": _("Typed by an officer"),
}
FIELDS = {
    "report_number": _("Report number"),
    "received_at": _("Received at"),
    "made_available_at": _("Made available at"),
    "priority.stated": _("Priority"),
    "reporter.name": _("Reporter"),
    "incident.type": _("Type of incident"),
    "incident.at": _("Time of incident"),
    "person.names": _("Name"),
    "person.phones": _("Phone"),
    "person.emails": _("E-mail"),
    "account.service": _("Service"),
    "account.user_id": _("User id"),
    "account.screen_name": _("Account"),
    "sighting.address": _("Address"),
    "sighting.port": _("Port"),
    "sighting.event": _("Event"),
    "sighting.at": _("Event time"),
    "file.name": _("File name"),
    "file.md5": _("MD5 of the file"),
    "file.sha1": _("SHA-1 of the file"),
    "file.sha256": _("SHA-256 of the file"),
}
WHYS = {
    "unknown key": _("nobody knows this key yet"),
    "unknown kind of capture": _("this kind of capture is not known"),
    "broken characters": _("its letters are damaged"),
    "message text, not copied": _("what people wrote; it stays in the original"),
    "not a text": _("a text was expected"),
    "not a number": _("a number was expected"),
    "not a list": _("a list was expected"),
    "not an object": _("a group of fields was expected"),
    "not a date": _("a date was expected"),
    "a date, not a text": _("a date stands where a text was expected"),
    "not yes or no": _("yes or no was expected"),
    "not an age": _("no age in years"),
    "not a port": _("no port between 1 and 65535"),
    "not an address": _("no internet address"),
    "no address": _("a time or event without an address"),
    "not a report number": _("no report number"),
    "nested too deep": _("nested too deep"),
    "column without a field": _("no field is chosen for this column"),
    "rows above the headings": _("rows above the headings"),
    "sheet without known headings": _("a sheet without known headings"),
    "formula without a stored result": _("a formula without a stored result"),
    "more digits than a cell keeps": _("Excel keeps fifteen digits; the last ones are lost"),
    "a number in its short form": _("the number was shortened (1.23E+08); its digits are lost"),
    "differs from another row of the report": _("differs from another row of the same report"),
    "not a chat": _("no chat"),
    "not a message": _("no message"),
    "not read from this export": _("not read from this kind of export"),
}
PROPOSED = {
    "heading": _("by its heading"),
    "heading, values differ": _("by its heading; its values look different"),
    "values": _("by its values"),
    "nothing known": _("means nothing to us"),
}
SURE = {"sure": (_("Sure"), "good"), "likely": (_("Likely"), "warn"), "unread": (_("Unread"), "neutral")}
ZONES = (
    ("Asia/Kolkata", _("IST, UTC + 5 h 30")),
    ("UTC", "UTC"),
    ("Europe/London", _("London, with summer time")),
    ("America/New_York", _("New York, with summer time")),
    ("America/Los_Angeles", _("Los Angeles, with summer time")),
)


def reader_words(label: str) -> Any:
    """A reader as officers know it: `cybertip-json/1` → “Law-enforcement JSON”."""
    return READERS.get(label.partition("/")[0], label) if label else _("not looked at yet")


def why_words(why: str) -> Any:
    """Why a block was not read, in words."""
    return WHYS.get(why, why)
