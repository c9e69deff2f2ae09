"""What is done with one page of a PDF inside the limited process: rebuilt and drawn in grey, or its words with their places.

Pure, no Django: `draw(data, number)` → facts and a PNG; `words(data, number)` → facts with words and rules. Both raise
`CannotRebuild`; whatever else happens ends the process, and the page falls back (`pdf_process`).
"""

from __future__ import annotations

import ctypes
import struct
import zlib
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from paricha.screens.pdf_fonts import CannotRebuild
from paricha.screens.pdf_rebuild import rebuild

PIXELS_A_POINT = 2.0  # 144 to the inch
MOST_PIXELS = 6_000_000
MOST_WORDS = 4000
MOST_RULES = 400  # of more none is shown: together they could draw a picture
LONGEST_WORD = 400
_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM)


def draw(data: bytes, number: int) -> tuple[dict[str, Any], bytes]:
    """Page `number` as a grey PNG of letters and rules, with `box`, `rotate`, `pages` and what was `left_out`, by kind."""
    made = rebuild(data, number)
    pdf = pypdfium2.PdfDocument(made.pdf)
    page = pdf[0]
    if any(thing.type in _PICTURES for thing in page.get_objects(max_depth=2)):
        raise CannotRebuild("second check")
    width, height = page.get_size()
    scale = min(PIXELS_A_POINT, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)
    drawn = png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
    facts = {"box": made.box, "rotate": made.rotate, "pages": made.pages, "left_out": dict(made.left_out)}
    return facts, drawn


def png(grey: bytes, width: int, height: int, stride: int) -> bytes:
    """A PNG of one grey byte a pixel."""
    if len(grey) < stride * height or stride < width:
        raise CannotRebuild("second check")
    rows = b"".join(b"\0" + grey[at * stride : at * stride + width] for at in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 4)) + chunk(b"IEND", b"")


def words(data: bytes, number: int) -> dict[str, Any]:
    """The text layer of page `number`: `words` as [text, x0, y0, x1, y1] and thin `rules` as [x0, y0, x1, y1], in points."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = {pdfium.FPDF_ERR_PASSWORD: "encrypted", pdfium.FPDF_ERR_SECURITY: "encrypted"}.get(error.err_code)
        raise CannotRebuild(code or "damaged") from None
    if not 1 <= number <= len(pdf):
        raise CannotRebuild("no page")
    try:
        page = pdf[number - 1]
    except pypdfium2.PdfiumError:
        raise CannotRebuild("damaged") from None
    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    found = []
    for place in range(min(MOST_WORDS, text.count_rects())):
        box = text.get_rect(place)
        said = " ".join(text.get_text_bounded(*box).split())
        if said:
            found.append([said[:LONGEST_WORD], *box])
    counts, rules = _things(page)
    return {
        "box": [left, bottom, right - left, top - bottom], "rotate": page.get_rotation(), "pages": len(pdf),
        "words": found, "rules": rules, "left_out": counts,
    }  # fmt: skip


def _things(page: pypdfium2.PdfPage) -> tuple[dict[str, int], list[list[float]]]:
    """How many images and shadings stand on the page, and its thin boxes that lie along its edges."""
    counts: dict[str, int] = {}
    rules: list[list[float]] = []
    ends = [ctypes.c_float() for _side in range(4)]
    for place, thing in enumerate(page.get_objects(max_depth=4)):
        if place > 20_000:
            break
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            counts["images"] = counts.get("images", 0) + 1
        elif thing.type == pdfium.FPDF_PAGEOBJ_SHADING:
            counts["shadings"] = counts.get("shadings", 0) + 1
        elif thing.type == pdfium.FPDF_PAGEOBJ_PATH and len(rules) <= MOST_RULES and thing.level == 0:
            if pdfium.FPDFPageObj_GetBounds(thing.raw, *ends):
                x0, y0, x1, y1 = (end.value for end in ends)
                if min(x1 - x0, y1 - y0) < 2 and max(x1 - x0, y1 - y0) > 12:
                    rules.append([x0, y0, x1, y1])
    return counts, rules if len(rules) <= MOST_RULES else []
