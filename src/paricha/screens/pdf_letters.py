"""A page's content walked operator by operator: letters and rules are written anew, all else is counted and left.

Pure; `pdf_rebuild` puts the result into a new file and checks it. Budgets stand here: too much or too deep raises `CannotRebuild`.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, Dictionary, Name, Stream

from paricha.screens.pdf_fonts import CannotRebuild, Fonts, decoded

DEEPEST = 12  # forms within forms
MOST_PATHS = 3000
MOST_OPERATORS = 60_000  # written, on one page
MOST_READ = 400_000  # operators read, forms again each time they are drawn
MOST_FORMS = 300  # drawn
MOST_IN_GLYPH = 400  # operators of one Type 3 letter
MOST_PARTS = 64  # separate outlines of one Type 3 letter
MOST_SMALL_BOXES = 200  # beyond these, little boxes are a mosaic and none is drawn
SMALL_PT = 24.0
LARGEST_CONTENT = 8 << 20  # decoded bytes of page and forms together

Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TEXT_NUMBERS = {"Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Ts": 1, "Td": 2, "TD": 2, "Tm": 6, "T*": 0}
_PAINTS = frozenset("S s f F f* B B* b b*".split())
_COLOURS = frozenset("g G rg RG k K cs CS sc SC scn SCN".split())
_GLYPH_NUMBERS = {"d0": 2, "d1": 6, "m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "h": 0, "re": 4, "cm": 6, "q": 0, "Q": 0,
                  "w": 1, "f": 0, "F": 0, "f*": 0, "S": 0, "s": 0, "B": 0, "B*": 0, "b": 0, "b*": 0, "n": 0}  # fmt: skip
# Every operator that the new page may hold; `pdf_rebuild.checked` reads the new page again against it.
WRITTEN = frozenset(
    [*_TEXT_NUMBERS, "q", "Q", "cm", "BT", "ET", "Tf", "Tj", "TJ", "'", '"', "w", "m", "l", "S", "[", "]"]
)


def number_text(value: Any) -> str:
    """A number as the new page writes it; what is no finite number of sensible size is refused."""
    known = float(value)
    if not math.isfinite(known) or abs(known) > 1e7:
        raise CannotRebuild("content")
    return f"{known:.5f}".rstrip("0").rstrip(".") or "0"


def times(first: Matrix, then: Matrix) -> Matrix:
    """`first` applied before `then`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def glyph_drawing(data: bytes) -> bytes:
    """The drawing of a Type 3 letter: straight and curved outlines, filled or not, in the ink of the page."""
    lines, parts = [], 0
    with pikepdf.new() as holder:
        steps = _steps(holder.make_stream(data))
    if len(steps) > MOST_IN_GLYPH:
        raise CannotRebuild("glyphs")
    for step in steps:
        if isinstance(step, ContentStreamInlineImage):
            continue
        operator = str(step.operator)
        count = _GLYPH_NUMBERS.get(operator)
        if count is None or len(step.operands) != count:
            continue
        parts += operator in ("m", "re")
        lines.append(" ".join([*(number_text(one) for one in step.operands), operator]))
    if parts > MOST_PARTS:
        raise CannotRebuild("glyphs")
    return "\n".join(lines).encode()


def _steps(stream: Any) -> list[Any]:
    try:
        return list(pikepdf.parse_content_stream(stream))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        raise CannotRebuild("content") from None


class Writer:
    """Writes the new page's content while it walks the old one and its forms."""

    def __init__(self, new: pikepdf.Pdf) -> None:
        self.fonts = Fonts(new, glyph_drawing)
        self.left_out: Counter[str] = Counter()
        self.lines: list[str] = []
        self.small: list[int] = []  # places in `lines` of little boxes
        self.paths = self.forms = self.read = self.bytes = 0

    def content(self) -> bytes:
        """What was written; of more than `MOST_SMALL_BOXES` little boxes none, because together they draw a picture."""
        if len(self.small) > MOST_SMALL_BOXES:
            self.left_out["small boxes"] = len(self.small)
            for place in self.small:
                self.lines[place] = ""
        return ("0 w\n" + "\n".join(line for line in self.lines if line)).encode()

    def put(self, line: str) -> None:
        if len(self.lines) >= MOST_OPERATORS:
            raise CannotRebuild("content")
        self.lines.append(line)

    def stream(self, stream: Any, resources: Any, depth: int, matrix: Matrix) -> None:
        """One content stream; what it changes of the state ends with it."""
        if depth > DEEPEST:
            raise CannotRebuild("depth")
        self.bytes += self._size(stream)
        if self.bytes > LARGEST_CONTENT:
            raise CannotRebuild("bytes")
        steps = _steps(stream)
        self.read += len(steps)
        if self.read > MOST_READ:
            raise CannotRebuild("content")
        _Walk(self, resources if resources is not None else Dictionary(), depth, matrix).take(steps)

    @staticmethod
    def _size(stream: Any) -> int:
        """Decoded bytes of a form, or of all parts of a page's content."""
        if not isinstance(stream, pikepdf.Page):
            return len(decoded(stream, LARGEST_CONTENT))
        parts: Any = stream.obj.get("/Contents", [])
        every = [parts] if isinstance(parts, Stream) else list(parts)
        if len(every) > 5000:
            raise CannotRebuild("content")
        return sum(len(decoded(part, LARGEST_CONTENT)) for part in every)


class _Walk:
    """The state within one content stream: matrices, the path at hand, whether text is open."""

    def __init__(self, writer: Writer, resources: Any, depth: int, matrix: Matrix) -> None:
        self.to, self.resources, self.depth = writer, resources, depth
        self.matrix, self.kept = matrix, [matrix][:0]
        self.in_text = False
        self.path: list[list[tuple[float, float]]] = []
        self.curved = False

    def take(self, steps: list[Any]) -> None:
        self.to.put("q")
        for step in steps:
            if isinstance(step, ContentStreamInlineImage):
                self._frame()
                continue
            self._step(str(step.operator), list(step.operands))
        if self.in_text:
            self.to.put("ET")
        for _open in self.kept:
            self.to.put("Q")
        self.to.put("Q")

    def _step(self, operator: str, given: list[Any]) -> None:
        if operator in _TEXT_NUMBERS:
            self._numbers(operator, given, _TEXT_NUMBERS[operator])
        elif operator in ("Tj", "'", '"', "TJ", "Tf"):
            self._text(operator, given)
        elif operator in ("BT", "ET"):
            if self.in_text != (operator == "BT"):
                self.in_text = operator == "BT"
                self.to.put(operator)
        elif operator in ("q", "Q", "cm"):
            self._state(operator, given)
        elif operator in ("m", "l", "re", "h", "c", "v", "y"):
            self._outline(operator, given)
        elif operator in _PAINTS:
            if operator in ("f", "F", "f*", "B", "B*", "b", "b*"):
                self.to.left_out["fills"] += 1
            self._rules()
        elif operator == "n":
            self.path, self.curved = [], False
        elif operator == "Do":
            self._thing(given)
        elif operator == "gs":
            self._graphics_state(given)
        elif operator == "sh":
            self.to.left_out["shadings"] += 1
        elif operator in ("W", "W*"):
            self.to.left_out["clips"] += 1
        elif operator in _COLOURS:
            self.to.left_out["colours"] += 1

    def _numbers(self, operator: str, given: list[Any], count: int) -> bool:
        if len(given) != count:
            return False
        try:
            self.to.put(" ".join([*(number_text(one) for one in given), operator]))
        except (TypeError, ValueError):
            return False
        return True

    def _text(self, operator: str, given: list[Any]) -> None:
        if operator == "Tf":
            known = self._named("/Font", given[:1])
            if known is not None and len(given) == 2:
                self.to.put(f"{self.to.fonts.name_of(known)} {number_text(given[1])} Tf")
            return
        if not given:
            return
        *before, last = given
        if operator == "TJ":
            if isinstance(last, Array):
                self.to.put("[ " + " ".join(_shown(item) for item in last) + " ] TJ")
        elif isinstance(last, pikepdf.String) and len(before) == (2 if operator == '"' else 0):
            self.to.put(" ".join([*(number_text(one) for one in before), _shown(last), operator]))

    def _state(self, operator: str, given: list[Any]) -> None:
        if operator == "q":
            if len(self.kept) > 200:
                raise CannotRebuild("depth")
            self.kept.append(self.matrix)
            self.to.put("q")
        elif operator == "Q":
            if self.kept:
                self.matrix = self.kept.pop()
                self.to.put("Q")
        elif self._numbers("cm", given, 6):
            self.matrix = times(tuple(float(one) for one in given), self.matrix)  # type: ignore[arg-type]

    def _named(self, kind: str, given: list[Any]) -> Any:
        table = self.resources.get(kind)
        if not given or not isinstance(given[0], Name) or not isinstance(table, Dictionary):
            return None
        return table.get(str(given[0]))

    def _graphics_state(self, given: list[Any]) -> None:
        known = self._named("/ExtGState", given)
        if known is not None and "/Font" in known:
            raise CannotRebuild("font")
        if known is not None and isinstance(known.get("/SMask"), Dictionary):
            self.to.left_out["masks"] += 1

    def _thing(self, given: list[Any]) -> None:
        known = self._named("/XObject", given)
        kind = str(known.get("/Subtype", "")) if isinstance(known, Stream) else ""
        if kind == "/Image":
            self._frame()
        elif kind == "/Form":
            self._form(known)
        elif known is not None:
            self.to.left_out["other things"] += 1

    def _form(self, form: Any) -> None:
        self.to.forms += 1
        if self.to.forms > MOST_FORMS:
            raise CannotRebuild("forms")
        if self.in_text:
            raise CannotRebuild("content")
        given = [float(one) for one in form.get("/Matrix", [1, 0, 0, 1, 0, 0])]
        if len(given) != 6:
            raise CannotRebuild("content")
        self.to.put("q")
        self._numbers("cm", given, 6)
        resources = form.get("/Resources", self.resources)
        self.to.stream(form, resources, self.depth + 1, times(tuple(given), self.matrix))  # type: ignore[arg-type]
        self.to.put("Q")

    def _frame(self) -> None:
        """A crossed box where an image stood."""
        self.to.left_out["images"] += 1
        self._count_path()
        if self.in_text:
            return
        a, b, c, d, _e, _f = self.matrix
        if max(abs(a) + abs(c), abs(b) + abs(d)) <= SMALL_PT:
            self.to.small.append(len(self.to.lines))
        self.to.put("0 0 m 1 0 l 1 1 l 0 1 l 0 0 l 1 1 l S 0 1 m 1 0 l S")

    def _count_path(self) -> None:
        self.to.paths += 1
        if self.to.paths > MOST_PATHS:
            raise CannotRebuild("paths")

    def _outline(self, operator: str, given: list[Any]) -> None:
        wanted = {"m": 2, "l": 2, "re": 4, "h": 0, "c": 6, "v": 4, "y": 4}[operator]
        if len(given) != wanted:
            return
        try:
            known = [float(one) for one in given]
        except (TypeError, ValueError):
            return
        if operator == "m":
            self.path.append([(known[0], known[1])])
        elif operator == "re":
            x, y, width, height = known
            self.path.append([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
        elif operator == "l" and self.path:
            self.path[-1].append((known[0], known[1]))
        elif operator == "h" and self.path:
            self.path[-1].append(self.path[-1][0])
        elif operator in ("c", "v", "y"):
            self.curved = True
            if self.path:  # the pen moves on; the curve itself is not drawn
                self.path.append([(known[-2], known[-1])])

    def _rules(self) -> None:
        """The path at hand as hairlines: its straight sides along the page's edges only."""
        path, self.path = self.path, []
        if self.curved:
            self.to.left_out["curves"] += 1
            self.curved = False
        if not path or self.in_text:
            return
        self._count_path()
        for corners in path:
            self._sides(corners)

    def _sides(self, corners: list[tuple[float, float]]) -> None:
        a, b, c, d, e, f = self.matrix
        seen = [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]
        written = []
        for (x0, y0), (x1, y1), here, there in zip(corners, corners[1:], seen, seen[1:], strict=False):
            wide, high = abs(there[0] - here[0]), abs(there[1] - here[1])
            if min(wide, high) > 0.05 + 0.002 * max(wide, high):
                self.to.left_out["slanted lines"] += 1
                continue
            if max(wide, high) > 0:
                written.append(
                    " ".join([number_text(x0), number_text(y0), "m", number_text(x1), number_text(y1), "l S"])
                )
        if not written:
            return
        wide = max(x for x, _y in seen) - min(x for x, _y in seen)
        high = max(y for _x, y in seen) - min(y for _x, y in seen)
        if max(wide, high) <= SMALL_PT:
            self.to.small.append(len(self.to.lines))
        self.to.put("\n".join(written))


def _shown(item: Any) -> str:
    """A text or a number of a line of text."""
    if isinstance(item, pikepdf.String):
        return f"<{bytes(item).hex()}>"
    return number_text(item)
