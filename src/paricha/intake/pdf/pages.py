"""Pages of a PDF by pdfium, with budgets. Runs only in the child process of `apart`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from paricha.intake.pdf import second_reader
from paricha.intake.pdf.characters import characters, has_indic, without_repeats, words
from paricha.intake.pdf.rules import Line, drawn_on, enclose, lone_blanks
from paricha.intake.pdf.sheets import Page, Unreadable

MOST_BYTES, MOST_PAGES, MOST_ALL_CHARACTERS = 64 << 20, 2_000, 4_000_000
MOST_SECONDS = 30.0


def opened(data: bytes) -> Any:
    """The document. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable("large", f"The file has {len(data) >> 20} MiB; {MOST_BYTES >> 20} are read at most.")
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        if locked or "assword" in str(error):
            raise Unreadable("encrypted", "The PDF is locked with a password.") from None
        raise Unreadable("broken", "The PDF is damaged: its pages cannot be found.") from None
    if count == 0:
        raise Unreadable("broken", "The PDF has no page.")
    if count > MOST_PAGES:
        raise Unreadable("large", f"The PDF has {count:,} pages; {MOST_PAGES:,} are read at most.")
    return document


def pages(data: bytes, only: int | None = None) -> Iterator[Page]:
    """Every page, or only one (from 1). A page that cannot be opened has no words and counts one picture."""
    document = opened(data)
    began, total = time.monotonic(), 0
    made: list[Page] = []
    drawn: list[list[Line]] = []
    try:
        for index in range(len(document)):
            if only is not None and index != only - 1:
                continue
            page, lines = _page(document, index)
            made.append(page)
            drawn.append(lines)
            total += sum(len(word.text) for word in page.words)
            if total > MOST_ALL_CHARACTERS:
                raise Unreadable("large", f"The PDF holds more than {MOST_ALL_CHARACTERS:,} letters.")
            if time.monotonic() - began > MOST_SECONDS:
                raise Unreadable("slow", f"The PDF takes more than {MOST_SECONDS:.0f} seconds to read.")
        if "Skia/PDF" in (document.get_metadata_value("Producer") or ""):
            second_reader.recut(data, made)
    finally:
        document.close()
    for page, lines in zip(made, drawn, strict=True):
        enclose(page.words, lines)
        yield page


def _page(document: Any, index: int) -> tuple[Page, list[Line]]:
    page = pdfium.FPDF_LoadPage(document.raw, index)
    if not page:
        return Page(index + 1, (0.0, 0.0, 0.0, 0.0), [], 1), []
    try:
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            return Page(index + 1, _box(page), [], 1), []
        try:
            codes, boxes = characters(text)
            if has_indic(codes):
                codes = without_repeats(text, codes)
                found = words(codes, boxes, lone_blanks(page))
            else:
                found = words(codes, boxes)
        finally:
            pdfium.FPDFText_ClosePage(text)
        drawn = drawn_on(page)
        return Page(index + 1, _box(page), found, drawn.pictures), drawn.lines
    finally:
        pdfium.FPDF_ClosePage(page)


def _box(page: Any) -> tuple[float, float, float, float]:
    found = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, found):
        return 0.0, 0.0, pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    return found.left, found.bottom, found.right, found.top
