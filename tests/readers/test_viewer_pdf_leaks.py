"""No picture of a PDF is ever drawn: noise hidden by every means is not to be found in what the safe view draws.

The measure was proved on plain pdfium, which draws the noise of all these files but the one named in `PLAIN_SHOWS_NOTHING`.
"""

import base64
import io
from functools import cache

import pypdfium2
import pytest
import typst
from PIL import Image, ImageStat

from paricha.screens import pdf_drawing, pdf_pages
from paricha.screens.pdf_fonts import CannotRebuild
from tests.screens import pdfs_with_pictures as pictures

MEANS = sorted(pictures.hidden())
PLAIN_SHOWS_NOTHING = {"Type 3 letter of a pattern"}
TELLS = 0.35  # correlation of ink with the squares above which the picture can be told


@cache
def shown(means: str) -> pdf_pages.PageShown:
    return pdf_pages.page_of(pictures.hidden()[means], 1)


def likeness(picture: Image.Image) -> float:
    """How far the ink of the 24 by 24 squares follows the noise, 0 to 1; the patch stands where it was hidden."""
    grey = picture.convert("L")
    scale = grey.width / pictures.SIZE[0]
    ink, told = [], []
    for down, row in enumerate(pictures.noise()):
        for across, there in enumerate(row):
            x, y = (
                pictures.LEFT + across * pictures.CELL,
                pictures.SIZE[1] - pictures.BOTTOM - (pictures.SIDE - down) * pictures.CELL,
            )
            edges = [round(edge * scale) for edge in (x, y, x + pictures.CELL, y + pictures.CELL)]
            ink.append(255 - ImageStat.Stat(grey.crop(tuple(edges))).mean[0])
            told.append(there)
    return abs(correlation(ink, told))


def correlation(first: list[float], second: list[int]) -> float:
    one, two = sum(first) / len(first), sum(second) / len(second)
    over = sum((a - one) * (b - two) for a, b in zip(first, second, strict=True))
    under = (sum((a - one) ** 2 for a in first) * sum((b - two) ** 2 for b in second)) ** 0.5
    return over / under if under > 1e-9 else 0.0


@pytest.mark.parametrize("means", MEANS)
def test_the_measure_finds_the_noise_where_plain_pdfium_draws_it(means):
    plain = pypdfium2.PdfDocument(pictures.hidden()[means])[0].render(scale=2).to_pil()
    assert (likeness(plain) > TELLS) is (means not in PLAIN_SHOWS_NOTHING)


@pytest.mark.parametrize("means", MEANS)
def test_no_noise_is_in_what_is_drawn(means):
    page = shown(means)
    if page.kind == "drawn":
        drawn = Image.open(io.BytesIO(page.png))
        assert drawn.mode == "L", "grey only"
        assert likeness(drawn) < TELLS
        words = drawn.crop((100, 130, 500, 180))
        assert words.getextrema()[0] < 100, "the letters are drawn"
    else:
        assert page.kind == "words" and not page.png and not page.rules
        assert pictures.WORDS in " ".join(word[0] for word in page.words)


def test_most_means_leave_a_page_that_is_drawn():
    kinds = [shown(means).kind for means in MEANS]
    assert kinds.count("drawn") >= len(kinds) - 5


def test_images_leave_a_crossed_frame_and_are_counted():
    data = pictures.hidden()["image"]
    facts, png = pdf_drawing.draw(data, 1)
    drawn = Image.open(io.BytesIO(png))
    assert facts["left_out"]["images"] == 1
    left, top, side = pictures.LEFT * 2, (pictures.SIZE[1] - pictures.BOTTOM - 240) * 2, 480
    for place in (0.25, 0.5, 0.75):  # on both of its diagonals
        for x, y in ((left + side * place, top + side * place), (left + side * place, top + side * (1 - place))):
            around = drawn.crop((round(x) - 4, round(y) - 4, round(x) + 4, round(y) + 4))
            assert around.getextrema()[0] < 200


@pytest.mark.parametrize(
    "means, kind", [("annotation", "annotations"), ("shading", "shadings"), ("soft mask by alpha", "masks"), ("inline image", "images"),
                    ("mosaic of stroked squares", "small boxes"), ("mosaic of curves", "curves")],
)  # fmt: skip
def test_what_is_left_out_is_counted_by_kind(means, kind):
    assert shown(means).left_out[kind] >= 1


def test_a_form_too_deep_is_refused():
    with pytest.raises(CannotRebuild, match="depth"):
        pdf_drawing.draw(pictures.hidden()["form at depth 30"], 1)


PICTURE = "data:image/png;base64,{png}"


def picture_png() -> bytes:
    """The squares as a PNG, coloured."""
    drawn = Image.frombytes("RGB", (pictures.SIDE, pictures.SIDE), pictures.rgb()).resize(
        (240, 240), Image.Resampling.NEAREST
    )
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return written.getvalue()


TYPST = """
#set page(width: 595pt, height: 842pt, margin: 0pt)
#place(dx: 60pt, dy: 60pt)[Report 990000001]
#place(dx: 150pt, dy: 302pt, rect(width: 240pt, height: 240pt, {fill}))
"""
FILLS = {
    "image": '[#place(dx: -5pt, dy: -5pt, image("noise.png", width: 240pt))]',
    "tiling": 'fill: tiling(size: (240pt, 240pt), relative: "parent", image("noise.png", width: 240pt))',
}


@pytest.mark.parametrize("means", sorted(FILLS))
def test_a_file_by_typst_shows_no_picture(means, tmp_path):
    (tmp_path / "noise.png").write_bytes(picture_png())
    (tmp_path / "a.typ").write_text(TYPST.replace("{fill}", FILLS[means]))
    data = typst.compile(tmp_path / "a.typ")
    assert shape_of(pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil()) > 5, "plain pdfium draws it"
    page = pdf_pages.page_of(data, 1)
    drawn = Image.open(io.BytesIO(page.png))
    assert (page.kind, drawn.mode) == ("drawn", "L")
    assert shape_of(drawn) < 5 and likeness(drawn) < TELLS


def shape_of(picture: Image.Image) -> float:
    """Share of the inner patch that is inked, in per cent: frames leave little."""
    inner = picture.convert("L").crop((310, 620, 770, 1070))
    return sum(inner.histogram()[:200]) / (inner.width * inner.height) * 100


CHROMIUM = """<html><body style="margin:0">
<p style="position:absolute;left:60pt;top:60pt">Report 990000001 അനുമോദ്</p>
<div style="position:absolute;left:150pt;top:302pt;width:240pt;height:240pt;{fill}">{inner}</div></body></html>"""


@pytest.mark.parametrize(
    "fill, inner",
    [("background:url({png});background-size:100%", ""), ("", "<img src='{png}' style='width:100%'>"),
     ("background:#c01040;-webkit-mask-image:url({png});-webkit-mask-size:100%", ""),
     ("", "<svg viewBox='0 0 240 240'><pattern id='p' width='1' height='1'><image href='{png}' width='240' height='240'/></pattern>"
          "<rect width='240' height='240' fill='url(#p)'/></svg>")],
)  # fmt: skip
def test_a_file_by_chromium_shows_no_picture(fill, inner, browser):
    png = PICTURE.format(png=base64.b64encode(picture_png()).decode())
    opened = browser.new_page()
    opened.set_content(CHROMIUM.format(fill=fill.replace("{png}", png), inner=inner.replace("{png}", png)))
    data = opened.pdf(width="8.2639in", height="11.6944in", print_background=True)
    opened.close()
    assert shape_of(pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil()) > 5, "plain pdfium draws it"
    page = pdf_pages.page_of(data, 1)
    assert page.kind == "drawn"
    drawn = Image.open(io.BytesIO(page.png))
    assert drawn.mode == "L" and shape_of(drawn) < 5 and likeness(drawn) < TELLS
    assert drawn.crop((100, 100, 700, 200)).getextrema()[0] < 100, "the letters are drawn"
