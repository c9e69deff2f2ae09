"""A page of a PDF made anew from an allow-list, "letters and rules, one ink", so that no picture in it can be drawn.

Pure: bytes and a page number in, a PDF of one page out, with what was left out, by kind. What is not on the list does not
come along: colours, fills, clips, images, patterns, shadings, masks, graphics states, annotations, forms as such (their
letters and rules are written into the page). Frames of images stand as crossed boxes. Anything unknown, too deep or too
much raises `CannotRebuild`. Source: reference, safe view of a PDF (removing images still showed 16 of 32 hidden ones).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from paricha.screens.pdf_fonts import CannotRebuild
from paricha.screens.pdf_letters import PLAIN, WRITTEN, Writer


@dataclass
class Rebuilt:
    """A new PDF of one page. `box`: left, bottom, width, height in points; `rotate`: 0, 90, 180 or 270 degrees clockwise."""

    pdf: bytes
    box: tuple[float, float, float, float]
    rotate: int
    pages: int
    left_out: Counter[str] = field(default_factory=Counter)


def box_of(page: Object) -> tuple[float, float, float, float]:
    """What is seen of a page: the crop box within the media box, as left, bottom, width, height."""

    def corners(name: str) -> list[float] | None:
        node: Any = page
        for _level in range(50):
            if node is None:
                return None
            if name in node:
                x0, y0, x1, y1 = (float(end) for end in node[name])
                return [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
            node = node.get("/Parent")
        return None

    media = corners("/MediaBox") or [0.0, 0.0, 612.0, 792.0]
    crop = corners("/CropBox") or media
    seen = [max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])]
    if seen[2] - seen[0] < 1 or seen[3] - seen[1] < 1:
        seen = media
    width, height = seen[2] - seen[0], seen[3] - seen[1]
    if not (3 <= width <= 14_400 and 3 <= height <= 14_400):
        raise CannotRebuild("size")
    return seen[0], seen[1], width, height


def rotation_of(page: Object) -> int:
    node: Any = page
    for _level in range(50):
        if node is None:
            return 0
        if "/Rotate" in node:
            return int(node["/Rotate"]) // 90 * 90 % 360
        node = node.get("/Parent")
    return 0


def opened(data: bytes) -> pikepdf.Pdf:
    """The file, or `CannotRebuild` with `encrypted` or `damaged`."""
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise CannotRebuild("encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise CannotRebuild("damaged") from None


def rebuild(data: bytes, number: int) -> Rebuilt:
    """Page `number` (from 1) of `data` anew. Raises `CannotRebuild`."""
    with opened(data) as pdf:
        pages = len(pdf.pages)
        try:
            return _rebuilt(pdf, number, pages)
        except CannotRebuild as reason:
            reason.pages = pages
            raise


def _rebuilt(pdf: pikepdf.Pdf, number: int, pages: int) -> Rebuilt:
    with pikepdf.new() as new:
        if not 1 <= number <= pages:
            raise CannotRebuild("no page")
        page = pdf.pages[number - 1].obj
        box, rotate = box_of(page), rotation_of(page)
        writer = Writer(new)
        writer.left_out["annotations"] = _annotations(page)
        resources = pdf.pages[number - 1].resources
        writer.stream(pikepdf.Page(page), resources, 0, PLAIN)
        new.add_blank_page(page_size=(box[2], box[3]))
        made = new.pages[0].obj
        made["/MediaBox"] = Array([box[0], box[1], box[0] + box[2], box[1] + box[3]])
        made["/Rotate"] = rotate
        made["/Resources"] = Dictionary({"/Font": writer.fonts.table})
        made["/Contents"] = new.make_stream(writer.content())
        new.remove_unreferenced_resources()
        checked(new)
        written = io.BytesIO()
        new.save(written, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return Rebuilt(written.getvalue(), box, rotate, pages, +writer.left_out)


def _annotations(page: Object) -> int:
    try:
        return sum(str(one.get("/Subtype", "")) != "/Link" for one in page.get("/Annots", []))
    except (TypeError, ValueError, AttributeError):
        return 1


FORBIDDEN = frozenset(
    "/Image /XObject /Form /Pattern /PatternType /Shading /ShadingType /SMask /AP /Annots /ExtGState /ColorSpace"
    " /Properties /Group /JavaScript /JS /AA /OpenAction /EmbeddedFile".split()
)
_TOKEN = re.compile(rb"-?\d+(\.\d+)?|<[0-9a-f]*>|/F\d+")


def checked(new: pikepdf.Pdf) -> None:
    """Reads the new file again, object by object, and raises `CannotRebuild` if anything of a picture is in it."""
    for thing in new.objects:
        _walk(thing, 0)
    content = new.pages[0].obj["/Contents"].read_bytes()
    odd = {token for token in set(content.split()) if token.decode("latin-1") not in WRITTEN}
    if any(not _TOKEN.fullmatch(token) for token in odd):
        raise CannotRebuild("second check")


def _walk(thing: Any, depth: int) -> None:
    if depth > 12:
        raise CannotRebuild("second check")
    if isinstance(thing, Name) and str(thing) in FORBIDDEN:
        raise CannotRebuild("second check")
    if isinstance(thing, (Dictionary, Stream)):
        for key, value in thing.items():
            if key in FORBIDDEN:
                raise CannotRebuild("second check")
            if not (isinstance(value, Object) and value.is_indirect):
                _walk(value, depth + 1)
    elif isinstance(thing, Array):
        for item in thing:
            if not (isinstance(item, Object) and item.is_indirect):
                _walk(item, depth + 1)
