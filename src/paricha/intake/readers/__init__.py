"""The registry of readers: one file a format, asked in this order. Adding one: docs/how-to/a-reader.md."""

from __future__ import annotations

from paricha.intake.originals import Head, Reader
from paricha.intake.readers.comma import Comma
from paricha.intake.readers.cybertip_json import CyberTipJson
from paricha.intake.readers.entry_json import EntryJson
from paricha.intake.readers.telegram import Telegram
from paricha.intake.readers.workbook import Workbook

READERS: tuple[Reader, ...] = (EntryJson(), Telegram(), CyberTipJson(), Workbook(), Comma())


def reader_for(head: Head) -> Reader | None:
    """The first reader that knows the content, or None."""
    return next((reader for reader in READERS if reader.sniff(head)), None)
