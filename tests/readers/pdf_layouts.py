"""The same made-up paper by Chromium, for tests: ruled label tables, lines of an own block. It shares neither code nor
geometry with the State's own papers by Typst and ReportLab."""

from html import escape
from pathlib import Path
from shutil import which

from paricha.synthetic.tips_pdf import FONTS, Paper

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")


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
