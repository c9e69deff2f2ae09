"""The same made-up paper by two other producers, for tests: ReportLab (running lines, ruled geo tables) and Chromium
(ruled label tables, lines of an own block). Neither shares code or geometry with the State's own Typst papers."""

from html import escape
from io import BytesIO
from pathlib import Path
from shutil import which

from paricha.synthetic.tips_pdf import FONTS, Paper

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")


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
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    for name, file in (("Latin", "noto-sans-400"), ("Malayalam", "manjari-400"), ("Hindi", "noto-sans-devanagari-400")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{file}.ttf")))
    body = ParagraphStyle("body", fontName="Latin", fontSize=10, leading=13)
    small = ParagraphStyle("small", fontName="Latin", fontSize=7, leading=8.5)
    head = ParagraphStyle("head", fontName="Latin", fontSize=12, leading=18, spaceBefore=8)

    def marked(text: str) -> str:
        return "".join(f'<font name="{font}">{escape(run)}</font>' for font, run in script_runs(text))

    story = []
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

    def decorate(canvas, document) -> None:
        canvas.setFont("Latin", 8)
        canvas.drawString(50, 815, f"CyberTipline Report {paper.number}")
        canvas.drawRightString(545, 30, f"Page {document.page}")

    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=50, rightMargin=50, topMargin=50, bottomMargin=50, invariant=1
    ).build(story, onFirstPage=decorate, onLaterPages=decorate)
    return out.getvalue()


STYLE = """
@font-face { font-family: Latin; src: url(FONTS/noto-sans-400.ttf) }
@font-face { font-family: Ml; src: url(FONTS/manjari-400.ttf) }
@font-face { font-family: Hi; src: url(FONTS/noto-sans-devanagari-400.ttf) }
@page { size: A4; margin: 18mm 16mm }
body { font: 10pt Latin, Ml, Hi } table { border-collapse: collapse; width: 100%; margin: 6px 0 }
td, th { border: 1px solid #444; padding: 3px 5px; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { width: 32%; background: #eee } .geo td, .geo th { font-size: 7pt; width: auto } h1 { font-size: 15pt } h2 { font-size: 11.5pt }
p { margin: 5px 0 } .page { break-before: page } .seen { margin: 8px 0 } .seen div { line-height: 1.3 }
"""


def html_of(paper: Paper) -> str:
    """The paper as a page of HTML."""
    parts = []
    for element in paper.elements:
        if element.kind in ("section", "heading"):
            tag = "h1" if element.kind == "section" else "h2"
            parts.append(f"<{tag}>{escape(element.text)}</{tag}>")
        elif element.kind == "pairs":
            rows = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in element.rows)
            parts.append(f"<table>{rows}</table>")
        elif element.kind == "lines":
            for lines in element.rows:
                parts.append('<div class="seen">' + "".join(f"<div>{escape(line)}</div>" for line in lines) + "</div>")
        elif element.kind == "text":
            parts.append(f"<p>{'<br>'.join(escape(line) for line in element.text.split(chr(10)))}</p>")
        elif element.kind == "table":
            head = "".join(f"<th>{escape(cell)}</th>" for cell in element.headings)
            body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in element.rows)
            parts.append(f'<table class="geo"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
        else:
            parts.append('<div class="page"></div>')
    style = STYLE.replace("FONTS", FONTS.as_uri())
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{style}</style><body>{"".join(parts)}</body></html>'


def chromium_pdfs(papers: list[Paper], folder: Path) -> list[bytes]:
    """Papers printed by headless Chromium, in one browser."""
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        page = browser.new_page()
        for number, paper in enumerate(papers):
            file = folder / f"{number}.html"
            file.write_text(html_of(paper), encoding="utf-8")
            page.goto(file.as_uri())
            page.evaluate("document.fonts.ready")
            made.append(page.pdf(prefer_css_page_size=True))
        browser.close()
    return made
