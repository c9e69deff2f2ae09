"""The papers of `tips_pdf` by a second producer, ReportLab: running lines, ruled geo tables, headings again on each page.

It shares neither code nor geometry with the Typst papers, so that a reader that leans on one of them is found out.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

if TYPE_CHECKING:
    from paricha.synthetic.tips_pdf import Paper

FONTS = Path(__file__).parent.parent / "screens" / "fonts"


def script_runs(text: str) -> list[tuple[str, str]]:
    """The text cut where its script changes, each run with the font that has its letters; ReportLab knows no fallback."""
    runs: list[tuple[str, str]] = []
    for letter in text:
        font = "Malayalam" if "\u0d00" <= letter <= "\u0d7f" else "Hindi" if "\u0900" <= letter <= "\u097f" else "Latin"
        if letter in " \u200c\u200d." and runs:
            font = runs[-1][0]
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    return runs


def reportlab_pdf(paper: Paper) -> bytes:
    """Running lines; wrapped by ReportLab; geo tables with a grid and headings again on each page."""
    for name, file in (("Latin", "noto-sans-400"), ("Malayalam", "manjari-400"), ("Hindi", "noto-sans-devanagari-400")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{file}.ttf")))
    body = ParagraphStyle("body", fontName="Latin", fontSize=10, leading=13)
    small = ParagraphStyle("small", fontName="Latin", fontSize=7, leading=8.5)
    head = ParagraphStyle("head", fontName="Latin", fontSize=12, leading=18, spaceBefore=8)

    def marked(text: str) -> str:
        return "".join(f'<font name="{font}">{escape(run)}</font>' for font, run in script_runs(text))

    story: list[Any] = []
    for element in paper.elements:
        if element.kind in ("section", "heading"):
            story.append(Paragraph(marked(element.text), head))
        elif element.kind == "pairs":
            story += [Paragraph(f"{marked(label)} {marked(value)}", body) for label, value in element.rows]
        elif element.kind == "lines":
            for lines in element.rows:
                story += [*(Paragraph(marked(line), body) for line in lines), Spacer(1, 5)]
        elif element.kind == "text":
            story += [Paragraph(marked(line), body) for line in element.text.split("\n")] + [Spacer(1, 12)]
        elif element.kind == "table":
            rows = [[Paragraph(marked(cell), small) for cell in row] for row in [element.headings, *element.rows]]
            widths = [108, 40, 60, 75, 45, 45, 80, 40]
            story.append(
                Table(rows, colWidths=widths, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
            )
        else:
            story.append(PageBreak())
    out = BytesIO()

    def decorate(canvas: Any, document: Any) -> None:
        canvas.setFont("Latin", 8)
        canvas.drawString(50, 815, f"CyberTipline Report {paper.number}")
        canvas.drawRightString(545, 30, f"Page {document.page}")

    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=50, rightMargin=50, topMargin=50, bottomMargin=50, invariant=1
    ).build(story, onFirstPage=decorate, onLaterPages=decorate)
    return out.getvalue()
