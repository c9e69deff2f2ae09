"""PDFs in which a patch of noise hides by every means by which a page can carry a picture, written by hand with pikepdf.

Each has the words "Report 990000001" as letters, and a patch of black and white squares (24 by 24, from a fixed seed, in
colour where the means allows it) 240 points wide at (150, 300). A drawn page leaks if those squares can be told from it.
"""

import io
import random
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

SIDE = 24
CELL = 10
LEFT, BOTTOM = 150, 300
SIZE = (595, 842)
WORDS = "Report 990000001"


@cache
def noise() -> list[list[int]]:
    """24 rows of 24 squares from the top, 1 for ink."""
    chance = random.Random(7)
    return [[chance.randint(0, 1) for _column in range(SIDE)] for _row in range(SIDE)]


def rgb() -> bytes:
    """The squares as an image of coloured bytes, one pixel a square."""
    return b"".join(b"\xc0\x10\x40" if ink else b"\xff\xff\xff" for row in noise() for ink in row)


def bits() -> bytes:
    """The squares as a mask of one bit a pixel (0 paints)."""
    rows = []
    for row in noise():
        value = int("".join("0" if ink else "1" for ink in row), 2)
        rows.append(value.to_bytes(SIDE // 8, "big"))
    return b"".join(rows)


def image(pdf: pikepdf.Pdf, **more) -> Stream:
    return Stream(pdf, rgb(), Type=Name.XObject, Subtype=Name.Image, Width=SIDE, Height=SIDE, BitsPerComponent=8,
                  ColorSpace=Name.DeviceRGB, **more)  # fmt: skip


def _indexed(pdf: pikepdf.Pdf) -> Stream:
    space = Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\xff\xff\xff\xc0\x10\x40")])
    return Stream(pdf, bytes(ink for row in noise() for ink in row), Type=Name.XObject, Subtype=Name.Image, Width=SIDE,
                  Height=SIDE, BitsPerComponent=8, ColorSpace=space)  # fmt: skip


def _masked(pdf: pikepdf.Pdf) -> Stream:
    mask = Stream(pdf, b"\xff" * SIDE * SIDE, Type=Name.XObject, Subtype=Name.Image, Width=SIDE, Height=SIDE, BitsPerComponent=8,
                  ColorSpace=Name.DeviceGray)  # fmt: skip
    return image(pdf, SMask=mask)


def stencil(pdf: pikepdf.Pdf) -> Stream:
    return Stream(pdf, bits(), Type=Name.XObject, Subtype=Name.Image, Width=SIDE, Height=SIDE, BitsPerComponent=1,
                  ImageMask=True)  # fmt: skip


def squares(paint: str = "f", colour: str = "0.8 0.1 0.3 rg") -> bytes:
    """The squares as filled rectangles in a space of 24 by 24."""
    lines = [colour]
    for down, row in enumerate(noise()):
        lines += [f"{across} {SIDE - 1 - down} 1 1 re {paint}" for across, ink in enumerate(row) if ink]
    return "\n".join(lines).encode()


PLACED = f"q {SIDE * CELL} 0 0 {SIDE * CELL} {LEFT} {BOTTOM} cm".encode()
SPREAD = f"q {CELL} 0 0 {CELL} {LEFT} {BOTTOM} cm".encode()
BOX = f"{LEFT} {BOTTOM} {SIDE * CELL} {SIDE * CELL} re".encode()


def made(content: bytes, resources=None, page=None) -> bytes:
    """One page with the words and `content`. `resources(pdf)` and `page(pdf)` add entries."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=SIZE)
    one = pdf.pages[0].obj
    one.Resources = Dictionary(
        Font=Dictionary(H=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    for key, value in (resources(pdf) if resources else {}).items():
        one.Resources[key] = value
    for key, value in (page(pdf) if page else {}).items():
        one[key] = value
    one.Contents = pdf.make_stream(b"BT /H 18 Tf 60 760 Td (" + WORDS.encode() + b") Tj ET\n" + content)
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


def form(pdf, content: bytes, resources=None, **more) -> Stream:
    return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=[-1000, -1000, 1000, 1000],
                  Resources=resources or Dictionary(), **more)  # fmt: skip


def _xobject(thing):
    return lambda pdf: {"/XObject": Dictionary(X=thing(pdf))}


def _nested(pdf, depth: int) -> Stream:
    inner = form(pdf, b"/X Do", Dictionary(XObject=Dictionary(X=image(pdf))))
    for _level in range(depth):
        inner = form(pdf, b"/X Do", Dictionary(XObject=Dictionary(X=inner)))
    return inner


def _tiling(pdf, content: bytes, resources, paint_type: int = 1) -> dict:
    side = SIDE * CELL
    pattern = Stream(pdf, content, Type=Name.Pattern, PatternType=1, PaintType=paint_type, TilingType=1, BBox=[0, 0, side, side],
                     XStep=side, YStep=side, Matrix=[1, 0, 0, 1, LEFT, BOTTOM], Resources=resources)  # fmt: skip
    return {"/Pattern": Dictionary(P=pattern)}


def _type3(pdf, glyph: bytes, resources=None) -> dict:
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1, 1], FontMatrix=[1, 0, 0, 1, 0, 0], FirstChar=97, LastChar=97,
        Widths=[1], Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name("/a")])),
        CharProcs=Dictionary(a=pdf.make_stream(glyph)), Resources=resources or Dictionary(),
    )  # fmt: skip
    plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return {"/Font": Dictionary(T=font, H=plain)}


IN_A_LETTER = b"1 0 d0 0.0416667 0 0 0.0416667 0 0 cm "
LETTER = f"BT /T {SIDE * CELL} Tf {LEFT} {BOTTOM} Td (a) Tj ET".encode()


def _soft_mask(pdf, luminosity: bool) -> dict:
    shown = PLACED + b" /X Do Q" if luminosity else SPREAD + b" " + squares() + b" Q"
    drawing = form(pdf, shown, Dictionary(XObject=Dictionary(X=image(pdf))),
                   Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB))  # fmt: skip
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity if luminosity else Name.Alpha, G=drawing)
    return {"/ExtGState": Dictionary(G=Dictionary(Type=Name.ExtGState, SMask=mask))}


def _function_shading(pdf) -> dict:
    """A shading whose colours come from a table of samples: the squares once more."""
    samples = b"".join(b"\xc0\x10\x40" if ink else b"\xff\xff\xff" for row in reversed(noise()) for ink in row)
    table = Stream(
        pdf, samples, FunctionType=0, Domain=[0, 1, 0, 1], Range=[0, 1, 0, 1, 0, 1], Size=[SIDE, SIDE], BitsPerSample=8
    )
    shading = Dictionary(ShadingType=1, ColorSpace=Name.DeviceRGB, Domain=[0, 1, 0, 1],
                         Matrix=[SIDE * CELL, 0, 0, SIDE * CELL, LEFT, BOTTOM], Function=table)  # fmt: skip
    return {"/Shading": Dictionary(S=shading), "/Pattern": Dictionary(P=Dictionary(PatternType=2, Shading=shading))}


def _annotation(pdf) -> dict:
    look = form(pdf, PLACED + b" /X Do Q", Dictionary(XObject=Dictionary(X=image(pdf))))
    look["/BBox"] = Array([0, 0, *SIZE])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[0, 0, *SIZE], F=4, AP=Dictionary(N=look))
    return {"/Annots": Array([pdf.make_indirect(note)])}


def _letters_in_colour() -> bytes:
    """576 letters, of which those of the squares are dark and the others white."""
    lines = [b"BT /H 10 Tf"]
    for down, row in enumerate(noise()):
        for across, ink in enumerate(row):
            x, y = LEFT + across * CELL, BOTTOM + (SIDE - 1 - down) * CELL
            lines.append(f"{'0.8 0.1 0.3' if ink else '1 1 1'} rg 1 0 0 1 {x} {y} Tm (M) Tj".encode())
    return b"\n".join([*lines, b"ET"])


def _all_squares_in_colour() -> bytes:
    """576 filled squares, dark and white."""
    lines = []
    for down, row in enumerate(noise()):
        for across, ink in enumerate(row):
            lines.append(f"{'0.8 0.1 0.3' if ink else '1 1 1'} rg {across} {SIDE - 1 - down} 1 1 re f")
    return SPREAD + b"\n" + "\n".join(lines).encode() + b" Q"


def _dashes() -> bytes:
    """The squares as thick dashed lines, one a row."""
    lines = [b"9 w 0.8 0.1 0.3 RG"]
    for down, row in enumerate(noise()):
        y = BOTTOM + (SIDE - 1 - down) * CELL + 5
        for across, ink in enumerate(row):
            if ink:
                lines.append(f"{LEFT + across * CELL} {y} m {LEFT + (across + 1) * CELL} {y} l S".encode())
    return b"\n".join(lines)


def _curved_squares() -> bytes:
    lines = [b"0.8 0.1 0.3 rg"]
    for down, row in enumerate(noise()):
        for across, ink in enumerate(row):
            if ink:
                x, y = LEFT + across * CELL, BOTTOM + (SIDE - 1 - down) * CELL
                lines.append(f"{x} {y} m {x} {y + 20} {x + 10} {y + 20} {x + 10} {y} c f".encode())
    return b"\n".join(lines)


INLINE = b"BI /W 24 /H 24 /BPC 8 /CS /RGB ID " + rgb() + b"\nEI"
INLINE_MASK = b"BI /W 24 /H 24 /BPC 1 /IM true ID " + bits() + b"\nEI"


@cache
def hidden() -> dict[str, bytes]:
    """Means → a PDF that hides the noise so."""
    return {
        "image": made(PLACED + b" /X Do Q", _xobject(image)),
        "image by an indexed space": made(PLACED + b" /X Do Q", _xobject(_indexed)),
        "inline image": made(PLACED + b" " + INLINE + b" Q"),
        "inline stencil": made(PLACED + b" 0.8 0.1 0.3 rg " + INLINE_MASK + b" Q"),
        "stencil": made(PLACED + b" 0.8 0.1 0.3 rg /X Do Q", _xobject(stencil)),
        "image with a soft mask of its own": made(PLACED + b" /X Do Q", _xobject(_masked)),
        "form": made(PLACED + b" /X Do Q", _xobject(lambda pdf: _nested(pdf, 0))),
        "form at depth 8": made(PLACED + b" /X Do Q", _xobject(lambda pdf: _nested(pdf, 8))),
        "form at depth 30": made(PLACED + b" /X Do Q", _xobject(lambda pdf: _nested(pdf, 30))),
        "tiling pattern of an image": made(b"/Pattern cs /P scn " + BOX + b" f", lambda pdf: _tiling(
            pdf, f"{SIDE * CELL} 0 0 {SIDE * CELL} 0 0 cm /X Do".encode(), Dictionary(XObject=Dictionary(X=image(pdf))))),
        "tiling pattern of squares": made(b"/Pattern cs /P scn " + BOX + b" f", lambda pdf: _tiling(
            pdf, f"{CELL} 0 0 {CELL} 0 0 cm ".encode() + squares(), Dictionary())),
        "uncoloured tiling pattern as ink of letters": made(
            b"/C cs 0.8 0.1 0.3 /P scn BT /H 400 Tf 150 300 Td (M) Tj ET",
            lambda pdf: {**_tiling(pdf, f"{CELL} 0 0 {CELL} 0 0 cm ".encode() + squares(colour=""), Dictionary(), 2),
                         "/ColorSpace": Dictionary(C=Array([Name.Pattern, Name.DeviceRGB]))}),
        "tiling pattern as a stroke": made(b"/Pattern CS /P SCN 240 w 150 420 m 390 420 l S", lambda pdf: _tiling(
            pdf, f"{SIDE * CELL} 0 0 {SIDE * CELL} 0 0 cm /X Do".encode(), Dictionary(XObject=Dictionary(X=image(pdf))))),
        "Type 3 letter of an image": made(LETTER, lambda pdf: _type3(pdf, b"1 0 d0 /X Do", Dictionary(XObject=Dictionary(X=image(pdf))))),
        "Type 3 letter of an inline stencil": made(LETTER, lambda pdf: _type3(pdf, b"1 0 0 0 1 1 d1 " + INLINE_MASK)),
        "Type 3 letter of squares": made(LETTER, lambda pdf: _type3(pdf, IN_A_LETTER + squares())),
        "Type 3 letter of squares in one path": made(LETTER, lambda pdf: _type3(pdf, IN_A_LETTER + squares("") + b" f")),
        "Type 3 letter of a pattern": made(LETTER, lambda pdf: _type3(
            pdf, b"1 0 d0 /Pattern cs /P scn 0 0 1 1 re f", Dictionary(Pattern=_tiling(
                pdf, f"{SIDE * CELL} 0 0 {SIDE * CELL} 0 0 cm /X Do".encode(), Dictionary(XObject=Dictionary(X=image(pdf))))["/Pattern"]))),
        "soft mask by luminosity": made(b"/G gs 0.8 0.1 0.3 rg " + BOX + b" f", lambda pdf: _soft_mask(pdf, True)),
        "soft mask by alpha": made(b"/G gs 0.8 0.1 0.3 rg " + BOX + b" f", lambda pdf: _soft_mask(pdf, False)),
        "shading": made(b"q " + BOX + b" W n /S sh Q", _function_shading),
        "shading pattern": made(b"/Pattern cs /P scn " + BOX + b" f", _function_shading),
        "annotation": made(b"", None, _annotation),
        "mosaic of filled squares": made(SPREAD + b" " + squares() + b" Q"),
        "mosaic of squares in two colours": made(_all_squares_in_colour()),
        "mosaic of stroked squares": made(SPREAD + b" " + squares("S", "0.1 w") + b" Q"),
        "mosaic of thick dashes": made(_dashes()),
        "mosaic of curves": made(_curved_squares()),
        "mosaic of letters in two colours": made(_letters_in_colour()),
        "mosaic of images": made(b"\n".join(
            f"q {CELL} 0 0 {CELL} {LEFT + across * CELL} {BOTTOM + (SIDE - 1 - down) * CELL} cm /X Do Q".encode()
            for down, row in enumerate(noise()) for across, ink in enumerate(row) if ink), _xobject(image)),
        "clip of squares": made(b"q " + SPREAD + b" " + squares("", "") + b" W n " + b"0 0 24 24 re f Q Q"),
        "image behind optional content": made(b"/OC /O BDC " + PLACED + b" /X Do Q EMC", _xobject(image)),
    }  # fmt: skip
