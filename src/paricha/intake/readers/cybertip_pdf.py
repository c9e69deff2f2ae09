"""CyberTipline reports as PDF, by whatever producer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Source, TipDocument, Unread
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.pdf.apart import pages_of
from paricha.intake.pdf.layout import Cell, Row, rows_of, without_running_heads
from paricha.intake.pdf.sheets import Page, Unreadable
from paricha.intake.readers.cybertip_pdf_labels import heading_of, is_date, label_of, may_repeat
from paricha.intake.readers.cybertip_pdf_report import Report
from paricha.intake.readers.cybertip_pdf_values import part_of
from paricha.intake.readers.cybertip_pdf_walk import FormWalk

_TITLE = re.compile(r"CyberTip(?:line)?\s*Report\s*(?:#|No\.?|Number)?\s*:?\s*(\d{6,12})\b", re.I)
_MARKS = re.compile(
    r"CyberTip(?:line)?\s*Report|Priority Level\s*:|Received by NCMEC|This concludes Section A|IP Geo-?Look-?up"
    r"|Primary Incident Type\s*:|Section\s+[A-D]:", re.I
)  # fmt: skip
_REFUSED = {
    "encrypted": (
        "INTAKE-PDF-ENCRYPTED",
        "Ask the sender for a copy without a password; the original is kept as it came.",
    ),
    "broken": ("INTAKE-PDF-BROKEN", "Ask the sender for a sound copy; the original is kept as it came."),
    "large": ("INTAKE-PDF-TOO-LARGE", "Ask the sender for the report by itself, or as JSON."),
    "slow": ("INTAKE-PDF-TOO-SLOW", "Ask the sender for the report by itself, or as JSON; type in what must not wait."),
}


class CyberTipPdf(Reader):
    """CyberTipline reports as PDF, sections A to D; every value by page and rectangle, whatever program made the file.
    Labels, blocks (Suspect 1, Recipient 2) and tables are told by where words stand and by the rules drawn between them,
    never by lines of text. Labels may wrap, tables may go on over pages, values may too. What no label explains is an
    unread block. A file with a password, without letters, damaged, too large or too slow is refused by name.
    """

    name, version, form = "cybertip-pdf", 1, "pdf"

    def sniff(self, head: Head) -> bool:
        return b"%PDF-" in head.raw[:1024]

    def read(self, original: Original) -> Iterator[Yielded]:
        try:
            pages = pages_of(original.data)
        except Unreadable as why:
            code, remedy = _REFUSED[why.kind]
            yield original.refusal(code, why.what, remedy)
            return
        if not any(page.words for page in pages):
            yield original.refusal(
                "INTAKE-PDF-NO-TEXT",
                f"The PDF has {len(pages)} pages and no letter: it is a picture of a paper.",
                "Ask the sender for the report itself, or type it in on the page “Enter a tip”.",
            )
            return
        rows = _rows(pages)
        if not _is_report(rows):
            yield original.refusal(
                "INTAKE-NOTHING-KNOWN",
                "This is a PDF with text, but no CyberTipline report: none of its headings stands in it.",
                "A letter is typed in on the page “Enter a tip”; the original is kept as it came.",
            )
            return
        yield read_report(pages, rows, Source(self.form, self.label, original.sha256, LocatorKind.PAGE_RECT))


def _rows(pages: list[Page]) -> list[list[Row]]:
    return [rows_of(page, _is_flow) for page in pages]


def _is_flow(cell: Cell) -> bool:
    """Whether a cell is a frame around running lines: more than one line, and one below the first says something new."""
    if any(len(line) > 1 for line in cell.lines):
        return True
    return any(label_of(line[0]) or is_date(line[0].text) or heading_of(line[0].text) for line in cell.lines[1:])


def _is_report(rows: list[list[Row]]) -> bool:
    """Whether the form's own words stand there: its title with a number, or two other marks of it."""
    text = "\n".join(row.text for page in rows for row in page)
    return bool(_TITLE.search(text)) or len({found.casefold() for found in _MARKS.findall(text)}) >= 2


def read_report(pages: list[Page], rows: list[list[Row]], source: Source) -> TipDocument:
    """The tip of one file: one report."""
    first = next(page for page in pages if page.words)
    report = Report(source, [first.number, *(round(side, 2) for side in first.box)])
    rows = _without_title(without_running_heads(rows, may_repeat), report)
    bounds = {page.number: max((word.x1 for word in page.words), default=0.0) for page in pages}
    FormWalk(report, bounds).walk(rows)
    for page in pages:
        if not page.words and page.pictures:
            report.made.unread.append(
                Unread([page.number, *(round(side, 2) for side in page.box)], "a page without letters")
            )
    return report.done()


def _without_title(pages: list[list[Row]], report: Report) -> list[list[Row]]:
    """The title's number is the report's, the first time it is said; other lines that repeat it are left out."""
    kept, others = [], False
    for rows in pages:
        stay = []
        for row in rows:
            text = row.text.strip()
            found = None if others else _TITLE.match(text)
            heading = heading_of(text)
            others = others or (heading is not None and heading[0] == "deconfliction")
            if found and _titled(row, found[1], report) and ":" not in text[found.end() :]:
                continue
            stay.append(row)
        kept.append(stay)
    return kept


def _titled(row: Row, number: str, report: Report) -> bool:
    said = [(piece, word) for piece in row.pieces for word in piece.words if number in word.text]
    known = report.tip.report_number
    if known is None and said:
        leaf = report.made.text([part_of(said[0][0].page, [said[0][1]])])
        if leaf is not None:
            report.tip.report_number = type(leaf)(number, leaf.at)
            return True
    return known is not None and known.value == number
