"""Papers: PDF/A from a Typst template and plain data, the same bytes for the same input; and what stands in a PDF, read back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

import pypdfium2
import segno
import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.screens import moments

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
PACKAGES = HERE / "typst" / "packages"
STANDARD: Literal["a-2b"] = "a-2b"
# Inside a cluster of letter and signs all must come from one font: what stands without a letter of its own script is parted.
MALAYALAM, DEVANAGARI = "\u0d00-\u0d7f", "\u0900-\u097f"
LONE_JOINER = re.compile(f"(?<![{MALAYALAM}{DEVANAGARI}])[\u200c\u200d]")
LONE_SIGN = re.compile(
    f"(?<![{MALAYALAM}\u200c\u200d\u25cc])([\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63])"
    f"|(?<![{DEVANAGARI}\u200c\u200d\u25cc])([\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963])"
)

_compilers: dict[tuple[str, int], typst.Compiler] = {}
_typst_lock = threading.Lock()  # a compiler keeps the inputs of its last call
_pdfium_lock = threading.Lock()  # pdfium is not safe to enter twice


class NoFonts(RuntimeError):
    """The fonts for print are not built: run tools/build_front.py."""


def _compiler(template: Path) -> typst.Compiler:
    """The compiler of this template as the file stands now; kept, because loading fonts costs more than a page."""
    if not any(FONTS.glob("*.ttf")):
        raise NoFonts(f"no fonts in {FONTS}; run tools/build_front.py")
    key = (str(template), template.stat().st_mtime_ns)
    if key not in _compilers:
        for old in [each for each in _compilers if each[0] == key[0]]:
            del _compilers[old]
        _compilers[key] = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            package_path=str(PACKAGES),
            package_cache_path=str(PACKAGES),  # an unknown package must fail here, never be asked for outside
        )
    return _compilers[key]


@cache
def _undrawable() -> re.Pattern[str]:
    """Every character that no font for print can draw; PDF/A refuses a page that holds one."""
    ranges = json.loads((FONTS / "coverage.json").read_text())
    drawn = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges if high >= 32)
    return re.compile(f"[^\\n\\t{drawn}]")


def drawable(text: str) -> str:
    """`text` with what cannot be drawn written out as `[U+1F600]`, and a vowel sign without its letter set on ◌."""
    text = LONE_JOINER.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    text = LONE_SIGN.sub(lambda found: f"\u25cc{found[0]}", text)
    return _undrawable().sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _drawable_everywhere(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else drawable(value)
    if isinstance(value, Mapping):
        return {str(key): _drawable_everywhere(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable_everywhere(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _drawable_everywhere(_plain(value))


def _inputs(data: Mapping[str, Any], lang: str, at: datetime, marked_synthetic: bool) -> dict[str, str]:
    """What the template finds in `sys.inputs`: text only, so that nothing of the data is ever markup."""
    with override(lang):
        words = {"not_stated": _("not stated"), "made_up": _("Made-up data"), "made": _("Made by Paricha")}
        said = f"{moments.local_words(at, 'minute')} ({moments.utc_words(at, 'minute')})"
    there = at.astimezone(UTC)
    parts = [there.year, there.month, there.day, there.hour, there.minute, there.second]
    return {
        "data": json.dumps(_drawable_everywhere(data), ensure_ascii=False, sort_keys=True),
        "lang": lang,
        "at": json.dumps({"words": said, "parts": parts}, ensure_ascii=False),
        "words": json.dumps(words, ensure_ascii=False),
        "synthetic": "yes" if marked_synthetic else "",
    }


def _plain(value: Any) -> Any:
    """Records and instants as their plain form; lazily translated words as text."""
    if hasattr(value, "to_plain"):
        return value.to_plain()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def render_pdf(template: Path, data: Mapping[str, Any], *, lang: str, at: datetime, marked_synthetic: bool) -> bytes:
    """The PDF/A-2b that `template` makes of `data` at the aware instant `at`; equal input gives equal bytes.

    The template imports `@local/paricha:1.0.0`. Raises `NoFonts`, `ValueError` for a naive `at`, and
    `typst.TypstError` where the template is wrong, which is our fault and not the data's.
    """
    if at.tzinfo is None:
        raise ValueError("a paper needs an instant with its zone")
    with _typst_lock:
        made = _compiler(template).compile(
            format="pdf",
            sys_inputs=_inputs(data, lang, at, marked_synthetic),
            pdf_standards=[STANDARD],
            timestamp=int(at.timestamp()),
        )
    return bytes(cast(bytes, made))


def render_png(
    template: Path, data: Mapping[str, Any], *, lang: str, at: datetime, marked_synthetic: bool, ppi: int = 110
) -> list[bytes]:
    """The same paper as pictures, one a page, for previews and for looking at letters."""
    with _typst_lock:
        made = _compiler(template).compile(format="png", ppi=ppi, sys_inputs=_inputs(data, lang, at, marked_synthetic))
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(cast(bytes, made))]


def qr_svg(text: str, *, correction: str = "m") -> str:
    """A QR code as SVG text for the template's `qr`; black on white with the quiet zone of four modules."""
    out = BytesIO()
    segno.make(text, error=correction, micro=False).save(
        out, kind="svg", border=4, xmldecl=False, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, lines as pdfium finds them. Raises `pypdfium2.PdfiumError` for what is no PDF."""
    with _pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [page.get_textpage().get_text_range() for page in document]
        finally:
            document.close()


def squeezed(text: str) -> str:
    """`text` without blanks: pdfium loses some after a Malayalam chandrakkala, which other readers find."""
    return "".join(text.split())


def says(pdf: bytes, words: str) -> bool:
    """Whether `words` stand in the PDF, blanks and line ends apart; for reading a paper back before it is signed."""
    return squeezed(words) in squeezed("".join(text_of(pdf)))


def words_at(pdf: bytes, words: str) -> list[tuple[int, float, float, float, float]]:
    """Every place where `words` stand: page from 1, then x0, y0, x1, y1 in points from the lower left."""
    found = []
    with _pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number, page in enumerate(document, 1):
                text = page.get_textpage()
                search = text.search(words, match_case=True)
                while hit := search.get_next():
                    boxes = [text.get_charbox(index) for index in range(hit[0], hit[0] + hit[1])]
                    edges = list(zip(*boxes, strict=True))
                    found.append((number, min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])))
        finally:
            document.close()
    return found


def text_in(pdf: bytes, page: int, box: tuple[float, float, float, float]) -> str:
    """What stands inside `box` (x0, y0, x1, y1 in points) on `page` (from 1)."""
    with _pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return document[page - 1].get_textpage().get_text_bounded(*box)
        finally:
            document.close()
