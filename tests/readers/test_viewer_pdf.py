"""A page of a PDF in the viewer: the place marked, pages turned, hostile files shut in words and within limits."""

import io
import random
import re
import time
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream
from reportlab.pdfgen import canvas

from paricha.screens import pdf_pages, viewer
from paricha.screens.pdf_fonts import CannotRebuild, outlines_only
from paricha.screens.pdf_pages import PageShown, page_of
from tests.screens import pdfs_with_pictures as pictures

ADDRESS = "/vault/original/ab/"


def report(pages: int = 3, **given) -> bytes:
    """A report of `pages` pages by ReportLab: on each an address at (100, 700) in a box of 90 by 12."""
    written = io.BytesIO()
    drawn = canvas.Canvas(written, pagesize=(595, 842), invariant=1, **given)
    for page in range(1, pages + 1):
        drawn.drawString(100, 700, f"198.51.100.{page}")
        drawn.rect(90, 690, 200, 30)
        drawn.showPage()
    drawn.save()
    return written.getvalue()


def at(*place) -> dict:
    return {"kind": "page_rect", "at": list(place)}


def marks(shown, kind: str = "at") -> list[tuple[float, ...]]:
    """x, y, width and height of each rectangle of the kind."""
    found = re.findall(rf'<rect class="{kind}" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"', str(shown.html))
    return [tuple(map(float, one)) for one in found]


def test_the_place_is_marked_where_it_stands():
    shown = viewer.show(report(), at(2, 100, 697, 190, 709), address=ADDRESS)
    assert (shown.form, shown.found) == ("pdf", True)
    assert marks(shown) == [(98.5, 131.5, 93, 15)]  # 842 - 709 from the top, with a margin of 1.5
    assert f'href="{ADDRESS}page/2.png"' in str(shown.html)


def test_a_locator_as_it_stands_in_an_address_is_understood():
    assert viewer.show(report(), {"kind": "page_rect", "at": "[3, 100, 697, 190, 709]"}, address=ADDRESS).found


@pytest.mark.parametrize(
    "place", [(9, 0, 0, 1, 1), (0, 0, 0, 1, 1), (2, 5000, 5000, 5100, 5100), (True,), ("x",), (10**9, 1, 1, 2, 2), ()]
)
def test_a_place_that_is_not_there_marks_nothing(place):
    shown = viewer.show(report(), at(*place), address=ADDRESS)
    assert not shown.found and not marks(shown)


@pytest.mark.parametrize("ends", [("a", 1, 2, 3), (1, 2, 3), (float("nan"), 1, 2, 3), (1e9, 1, 2, 3), (None, 1, 2, 3)])
def test_a_rectangle_that_is_none_shows_its_page_without_a_mark(ends):
    shown = viewer.show(report(), at(2, *ends), address=ADDRESS)
    assert f"{ADDRESS}page/2.png" in str(shown.html) and not marks(shown)


def test_unread_blocks_of_the_page_are_outlined():
    unread = [at(2, 100, 600, 200, 620), at(3, 100, 600, 200, 620), {"kind": "line", "at": 3}]
    shown = viewer.show(report(), at(2, 100, 697, 190, 709), unread=unread, address=ADDRESS)
    assert len(marks(shown, "unread")) == 1


def test_pages_turn_by_links_and_keys():
    turn = str(viewer.show(report(), at(2), address=ADDRESS).turn)
    assert "page 2 of 3" in turn
    assert re.findall(r'at=%5B(\d)%5D" data-key="(.)"', turn) == [("1", "["), ("3", "]")]
    first = str(viewer.show(report(), None, address=ADDRESS).turn)
    assert re.findall(r"at=%5B(\d)%5D", first) == ["2"]


def test_nothing_inline_stands_in_what_is_shown():
    shown = viewer.show(report(), at(2, 100, 697, 190, 709), address=ADDRESS)
    assert not re.search(r"style=|<script|\son\w+=", str(shown.html) + str(shown.turn))


def test_what_is_left_out_is_said():
    shown = viewer.show(pictures.hidden()["annotation"])
    assert "1 annotation" in shown.note and "hidden text becomes visible" in shown.note
    assert "1 picture" in viewer.show(pictures.hidden()["image"]).note


@pytest.mark.parametrize(
    "rotate, seen",
    [(0, (90, 132, 80, 10)), (90, (688, 80, 10, 80)), (180, (415, 690, 80, 10)), (270, (132, 415, 10, 80))],
)
def test_a_turned_page_carries_its_mark_along(rotate, seen):
    page = PageShown("drawn", 1, 1, (10.0, 20.0, 595.0, 842.0), rotate)
    x0, y0 = 100, 842 + 20 - 142
    assert page.seen(x0, y0, x0 + 80, y0 + 10) == pytest.approx(_expected(rotate, seen))


def _expected(rotate: int, unturned: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Where a rectangle at (90, 132), 80 by 10, of a page of 595 by 842 stands after turning the paper clockwise."""
    x, y, wide, high = 90, 132, 80, 10
    return {0: (x, y, wide, high), 90: (842 - y - high, x, high, wide), 180: (595 - x - wide, 842 - y - high, wide, high),
            270: (y, 595 - x - wide, high, wide)}[rotate]  # fmt: skip


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_mark_of_a_turned_page_holds_ink(rotate):
    """pdfium turns the drawing, we turn the mark: both must meet."""
    from PIL import Image

    with pikepdf.open(io.BytesIO(report(1))) as pdf:
        pdf.pages[0].obj.Rotate = rotate
        pdf.pages[0].obj.CropBox = Array([50, 60, 500, 800])
        written = io.BytesIO()
        pdf.save(written)
    page = page_of(written.getvalue(), 1)
    picture = Image.open(io.BytesIO(page.png))
    scale = picture.width / page.size[0]
    x, y, wide, high = (end * scale for end in page.seen(100, 698, 160, 709))
    inked = picture.crop((round(x), round(y), round(x + wide), round(y + high)))
    assert picture.height == pytest.approx(page.size[1] * scale, abs=2)
    assert sum(inked.histogram()[:128]) / (inked.width * inked.height) > 0.08


def test_only_the_asked_page_of_a_long_report_is_built_and_quickly():
    data = report(60)
    page_of(data, 1)  # starts the process
    begun = time.perf_counter()
    pages = [page_of(data, number) for number in (57, 23, 41)]
    assert [page.pages for page in pages] == [60, 60, 60]
    assert time.perf_counter() - begun < 3 * 0.3 * 3, "300 ms a page, thrice that on a busy machine"
    begun = time.perf_counter()
    page_of(data, 57)
    assert time.perf_counter() - begun < 0.05, "remembered"


# ---- hostile files ------------------------------------------------------------------------------------------------
def encrypted() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(report(2))) as pdf:
        pdf.save(written, encryption=pikepdf.Encryption(owner="o", user="u"))
    return written.getvalue()


def bomb_of_forms() -> bytes:
    """Ten levels of forms, each drawing the next ten times."""

    def resources(pdf):
        inner = pictures.form(pdf, b"0 0 m 1 0 l S")
        for _level in range(10):
            inner = pictures.form(pdf, b"/X Do " * 10, Dictionary(XObject=Dictionary(X=inner)))
        return {"/XObject": Dictionary(X=inner)}

    return pictures.made(b"/X Do", resources)


def form_that_draws_itself() -> bytes:
    pdf = pikepdf.open(io.BytesIO(pictures.made(b"/X Do", pictures._xobject(lambda one: pictures.form(one, b"/X Do")))))
    known = pdf.pages[0].obj.Resources.XObject.X
    known.Resources = Dictionary(XObject=Dictionary(X=known))
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


def content_that_swells() -> bytes:
    """1.6 GB of blanks in some kilobytes: one deflated block of 16 MB a hundred times, deflated again."""
    packer = zlib.compressobj(1)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * (16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    pdf = pikepdf.open(io.BytesIO(pictures.made(b"")))
    content = Stream(pdf, b"")
    content.write(zlib.compress(start + block * 100 + packer.flush(), 1), filter=Array([Name.FlateDecode] * 2))
    pdf.pages[0].obj.Contents = content
    written = io.BytesIO()
    pdf.save(written, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return written.getvalue()


def many_lines() -> bytes:
    return pictures.made(b"\n".join(f"0 {y} m 500 {y} l S".encode() for y in range(3500)))


def torn() -> bytes:
    return report(3)[:900]


def unknown_font() -> bytes:
    def resources(pdf):
        plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        return {"/Font": Dictionary(T=Dictionary(Type=Name.Font, Subtype=Name("/Type9"), BaseFont=Name.X), H=plain)}

    return pictures.made(b"BT /T 9 Tf (x) Tj ET", resources)


HOSTILE = {
    "encrypted": (encrypted, "encrypted"), "forms": (bomb_of_forms, "repeats"), "itself": (form_that_draws_itself, "too deep"),
    "swelling": (content_that_swells, ""), "lines": (many_lines, "so many lines"), "torn": (torn, "damaged"),
    "font": (unknown_font, "font"), "empty": (lambda: b"%PDF-1.7\n", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_answered_in_words_within_limits(name):
    make, words = HOSTILE[name]
    data = make()
    begun = time.perf_counter()
    shown = viewer.show(data, at(1, 100, 697, 190, 709), address=ADDRESS)
    assert time.perf_counter() - begun < 20
    assert words in shown.note or words in str(shown.html)
    assert ".png" not in str(shown.html), "nothing of it is drawn from the file"


def test_after_a_page_that_died_the_next_is_drawn(monkeypatch):
    monkeypatch.setattr(pdf_pages, "_opener", opener := pdf_pages._Opener())
    assert page_of(report(1), 1).kind == "drawn"
    opener.process.kill()
    opener.process.wait()
    assert page_of(report(2), 2).kind == "drawn"


def test_words_of_the_fallback_are_escaped_and_stay_in_their_boxes():
    data = pictures.made(b"BT /H 12 Tf 60 700 Td (<script>alert\\(1\\)</script>) Tj ET\n" + b"\n".join(
        f"0 {y} m 500 {y} l S".encode() for y in range(3500)))  # fmt: skip
    shown = viewer.show(data, at(1, 60, 698, 200, 712), address=ADDRESS)
    assert shown.form == "pdf" and shown.found and len(marks(shown)) == 1
    assert "<script" not in str(shown.html) and "&lt;script&gt;" in str(shown.html)
    assert "text layer" in shown.note


def test_tables_with_pictures_and_colours_leave_a_font():
    tables = {
        b"glyf": b"g" * 8,
        b"sbix": b"s" * 8,
        b"CBDT": b"c" * 8,
        b"SVG ": b"v" * 8,
        b"COLR": b"r" * 8,
        b"head": b"h" * 9,
    }
    entries, bodies = b"", b""
    for tag, body in tables.items():
        entries += (
            tag + bytes(4) + (12 + 16 * len(tables) + len(bodies)).to_bytes(4, "big") + len(body).to_bytes(4, "big")
        )
        bodies += body
    kept = outlines_only(b"\0\1\0\0" + len(tables).to_bytes(2, "big") + bytes(6) + entries + bodies)
    count = int.from_bytes(kept[4:6], "big")
    assert {kept[12 + 16 * place : 16 + 16 * place] for place in range(count)} == {b"glyf", b"head"}
    assert b"ssssssss" not in kept and b"gggggggg" in kept and b"hhhhhhhhh" in kept


@pytest.mark.parametrize("start", [b"ttcf", b"wOFF", b"wOF2", b"\x89PNG", b"\1fcp", b"STAR", b"", b"\xff\xd8\xff"])
def test_a_font_file_of_another_kind_is_refused(start):
    with pytest.raises(CannotRebuild):
        outlines_only(start + bytes(60))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_damage_never_raises(seed, count):
    chance = random.Random(seed)
    data = bytearray(
        chance.choice([report(1, pageCompression=0), pictures.hidden()["form"], pictures.hidden()["annotation"]])
    )
    for _change in range(count):
        data[chance.randrange(9, len(data))] = chance.choice(b" /<>[]()0123456789BIETDoqQ\n\xff")
    shown = viewer.show(bytes(data), at(1, 100, 697, 190, 709), address=ADDRESS)
    assert shown.form in ("pdf", "shut") and str(shown.html)


def test_pages_are_remembered_only_so_far(monkeypatch):
    monkeypatch.setattr(pdf_pages, "REMEMBERED", 2)
    for number in range(1, 5):
        page_of(report(4), number)
    assert len(pdf_pages._pages) == 2
