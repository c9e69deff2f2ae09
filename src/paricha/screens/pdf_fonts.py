"""Fonts of a PDF made anew for the safe view: known kinds, known keys, and of a font file the tables that hold outlines only.

Pure. A font kind, a file signature or a size that is not on a list raises `CannotRebuild`: the view fails closed.
Tables with pictures or colours (`sbix`, `CBDT`, `EBDT`, `SVG `, `COLR` …) are not on the list, so they never come along.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

LARGEST_FONT = 24 << 20  # decoded bytes of one font file
LARGEST_MAP = 4 << 20  # decoded bytes of a code map
GLYPHS_OF_TYPE3 = 1024
TABLES = frozenset(
    "glyf loca head hhea hmtx maxp cmap cvt fpgm prep post name OS/2 CFF vhea vmtx VORG kern gasp GDEF GSUB GPOS BASE".split()
)
_SFNT = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_PLAIN = (b"%!", b"\x80\x01", b"\x01\x00")  # Type 1 as text and in segments; bare CFF
_KEYS = {
    "font": "/BaseFont /FirstChar /LastChar /Widths /Encoding",
    "descendant": "/BaseFont /CIDSystemInfo /DW /W /DW2 /W2",
    "descriptor": "/FontName /Flags /FontBBox /ItalicAngle /Ascent /Descent /Leading /CapHeight /XHeight /StemV /StemH"
    " /AvgWidth /MaxWidth /MissingWidth",
}
_DEEPEST_VALUE = 6
_LONGEST_ARRAY = 70_000


class CannotRebuild(Exception):
    """Why a page is not drawn from its file: a code of `viewer_pdf.reason_words`. `pages`: of the file, 0 where not known."""

    pages = 0


def plain_value(thing: Any, depth: int = 0) -> Any:
    """A copy of numbers, names, texts, arrays and dictionaries; anything else (a stream, most of all) is refused."""
    if depth > _DEEPEST_VALUE:
        raise CannotRebuild("font")
    if thing is None or isinstance(thing, (bool, int, float)) or type(thing).__name__ == "Decimal":
        return thing
    if isinstance(thing, Stream):
        raise CannotRebuild("font")
    if isinstance(thing, Name):
        return Name(str(thing))
    if isinstance(thing, pikepdf.String):
        return pikepdf.String(bytes(thing))
    if isinstance(thing, Array):
        if len(thing) > _LONGEST_ARRAY:
            raise CannotRebuild("font")
        return Array([plain_value(item, depth + 1) for item in thing])
    if isinstance(thing, Dictionary):
        return Dictionary({key: plain_value(value, depth + 1) for key, value in thing.items()})
    raise CannotRebuild("font")


def _kept(source: Object, keys: str) -> dict[str, Any]:
    return {key: plain_value(source[key]) for key in _KEYS[keys].split() if key in source}


def decoded(stream: Object, largest: int) -> bytes:
    """The decoded bytes of a stream, or `CannotRebuild` where there are too many. The process's memory limit stands behind."""
    if not isinstance(stream, Stream):
        raise CannotRebuild("font")
    data: bytes = stream.read_bytes()
    if len(data) > largest:
        raise CannotRebuild("bytes")
    return data


def outlines_only(data: bytes) -> bytes:
    """A font file with the tables of the list; Type 1 and bare CFF files as they are, because they hold outlines only."""
    if data[:4] not in _SFNT:
        if data[:2] in _PLAIN:
            return data
        raise CannotRebuild("font")
    count = struct.unpack(">H", data[4:6])[0]
    tables: list[tuple[bytes, bytes, bytes]] = []
    for place in range(count):
        entry = data[12 + 16 * place : 28 + 16 * place]
        if len(entry) < 16:
            raise CannotRebuild("font")
        tag, check = entry[:4], entry[4:8]
        start, length = struct.unpack(">II", entry[8:])
        if tag.decode("latin-1").strip() in TABLES and start + length <= len(data):
            tables.append((tag, check, data[start : start + length]))
    if len(tables) > len(TABLES):  # one table twice: which one is read would be the drawer's choice
        raise CannotRebuild("font")
    power = max(1, len(tables)).bit_length() - 1
    head = data[:4] + struct.pack(">HHHH", len(tables), 16 << power, power, max(0, len(tables) * 16 - (16 << power)))
    place, entries, bodies = 12 + 16 * len(tables), b"", b""
    for tag, check, body in tables:
        entries += tag + check + struct.pack(">II", place + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    return head + entries + bodies


class Fonts:
    """The fonts of one page, each made once. `glyph(data)` filters the drawing of a Type 3 letter."""

    def __init__(self, new: pikepdf.Pdf, glyph: Callable[[bytes], bytes]) -> None:
        self.new, self.glyph = new, glyph
        self.made: dict[Any, str] = {}
        self.table = Dictionary()

    def name_of(self, source: Object) -> str:
        """The new page's name of a font: `/F0`."""
        key = source.objgen if source.is_indirect else ("direct", source.unparse())
        if key not in self.made:
            name = f"/F{len(self.made)}"
            self.table[name] = self.new.make_indirect(self._font(source))
            self.made[key] = name
        return self.made[key]

    def _font(self, source: Object) -> Dictionary:
        kind = str(source.get("/Subtype", ""))
        if kind in ("/Type1", "/MMType1", "/TrueType"):
            return self._simple(source, kind)
        if kind == "/Type0":
            return self._composite(source)
        if kind == "/Type3":
            return self._drawn(source)
        raise CannotRebuild("font")

    def _simple(self, source: Object, kind: str) -> Dictionary:
        font = Dictionary({"/Type": Name.Font, "/Subtype": Name(kind), **_kept(source, "font")})
        if "/FontDescriptor" in source:
            font["/FontDescriptor"] = self._descriptor(source["/FontDescriptor"])
        return font

    def _composite(self, source: Object) -> Dictionary:
        below = source["/DescendantFonts"][0]
        kind = str(below.get("/Subtype", ""))
        if kind not in ("/CIDFontType0", "/CIDFontType2"):
            raise CannotRebuild("font")
        descendant = Dictionary({"/Type": Name.Font, "/Subtype": Name(kind), **_kept(below, "descendant")})
        if "/FontDescriptor" in below:
            descendant["/FontDescriptor"] = self._descriptor(below["/FontDescriptor"])
        glyphs = below.get("/CIDToGIDMap")
        if isinstance(glyphs, Stream):
            descendant["/CIDToGIDMap"] = self.new.make_stream(decoded(glyphs, LARGEST_MAP))
        elif glyphs is not None:
            descendant["/CIDToGIDMap"] = plain_value(glyphs)
        return Dictionary(
            {
                "/Type": Name.Font,
                "/Subtype": Name.Type0,
                "/BaseFont": plain_value(source.get("/BaseFont", Name("/Unnamed"))),
                "/Encoding": self._codes(source.get("/Encoding")),
                "/DescendantFonts": Array([self.new.make_indirect(descendant)]),
            }
        )

    def _codes(self, encoding: Any) -> Any:
        if isinstance(encoding, Stream):
            made = self.new.make_stream(decoded(encoding, LARGEST_MAP))
            made["/Type"] = Name.CMap
            for key in ("/CMapName", "/CIDSystemInfo", "/WMode"):
                if key in encoding:
                    made[key] = plain_value(encoding[key])
            if isinstance(encoding.get("/UseCMap"), Name):
                made["/UseCMap"] = Name(str(encoding["/UseCMap"]))
            return made
        if not isinstance(encoding, Name):
            raise CannotRebuild("font")
        return Name(str(encoding))

    def _descriptor(self, source: Object) -> Object:
        made = Dictionary({"/Type": Name.FontDescriptor, **_kept(source, "descriptor")})
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key not in source:
                continue
            file = outlines_only(decoded(source[key], LARGEST_FONT))
            stream = self.new.make_stream(file)
            if key == "/FontFile3":
                kind = str(source[key].get("/Subtype", ""))
                if kind not in ("/Type1C", "/CIDFontType0C", "/OpenType"):
                    raise CannotRebuild("font")
                stream["/Subtype"] = Name(kind)
            for length in ("/Length1", "/Length2", "/Length3"):
                if isinstance(source[key].get(length), int):
                    stream[length] = len(file) if key == "/FontFile2" else source[key][length]
            made[key] = stream
        return self.new.make_indirect(made)

    def _drawn(self, source: Object) -> Dictionary:
        """A Type 3 font: each letter's drawing goes through the filter; it has no resources, so it can name nothing."""
        glyphs = source["/CharProcs"]
        if len(glyphs) > GLYPHS_OF_TYPE3:
            raise CannotRebuild("glyphs")
        made = Dictionary({"/Type": Name.Font, "/Subtype": Name.Type3, **_kept(source, "font")})
        for key in ("/FontBBox", "/FontMatrix"):
            made[key] = plain_value(source[key])
        drawings = Dictionary()
        for name, drawing in glyphs.items():
            drawings[name] = self.new.make_stream(self.glyph(decoded(drawing, 1 << 20)))
        made["/CharProcs"] = drawings
        made["/Resources"] = Dictionary()
        return made
