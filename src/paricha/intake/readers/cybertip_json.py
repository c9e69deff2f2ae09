"""Law-enforcement JSON of CyberTipline reports: one report, a list of them, or one a line.

Takes UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one. Locators are JSON pointers; in JSON lines
`[line, pointer]`. A list or lines that end too early give the reports before the cut, and a refusal that says where.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paricha.grounds.provenance import LocatorKind
from paricha.intake import json_bytes
from paricha.intake.document import Source, TipDocument
from paricha.intake.json_bytes import BLANK, Broken
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.readers.cybertip_report import KNOWN_ROOTS, read_report
from paricha.intake.readers.json_walk import Walk

MOST_REFUSED = 20  # one refusal a strange member up to here, then one for the rest


class CyberTipJson(Reader):
    """CyberTipline reports as law enforcement receives them in JSON; every value by pointer.
    One report, a list, or one a line (`[line, pointer]`); UTF-8 with or without a mark, UTF-16 and UTF-32 with one.
    Lists flat or doubly nested, names as object or text, null, blank and "N/A" are all understood. A key nobody knows,
    a value of the wrong kind, a port outside 1 to 65535 and damaged letters are unread blocks at their place. A key
    twice with different values refuses the whole file; a cut list or cut lines give the reports before the cut.
    """

    name, version, form = "cybertip-json", 1, "json"

    def sniff(self, head: Head) -> bool:
        return head.opening in {"{", "["}

    def read(self, original: Original) -> Iterator[Yielded]:
        try:
            data = json_bytes.as_utf8(original.data)
            yield from _Reading(self, original, data).documents()
        except Broken as broken:
            yield refusal_of(original, broken)


def refusal_of(original: Original, broken: Broken, place: str | None = None, before: int = 0) -> Any:
    """A broken JSON as a refusal. `before`: reports that stood before the place and were read."""
    code, remedy = {
        "cut": ("INTAKE-JSON-CUT", "Ask the sender for the whole file and bring it in again."),
        "broken": ("INTAKE-JSON-BROKEN", "Ask the sender for a sound copy; the original is kept as it came."),
        "depth": ("INTAKE-JSON-DEPTH", "Ask the sender what this file is; no report is nested like this."),
        "duplicate": (
            "INTAKE-JSON-DUPLICATE-KEY",
            "Ask the sender which value is right; nothing of the file was used.",
        ),
        "encoding": ("INTAKE-TEXT-ENCODING", "Ask the sender for the file in UTF-8."),
    }[broken.kind]
    read = f" The reports before that place were read: {before}." if before else ""
    return original.refusal(code, broken.what + read, remedy, place or f"byte {broken.at}")


class _Reading:
    def __init__(self, reader: CyberTipJson, original: Original, data: bytes) -> None:
        self.original, self.data = original, data
        self.source = Source(reader.form, reader.label, original.sha256, LocatorKind.JSON_POINTER)
        self.strange = 0

    def documents(self) -> Iterator[Yielded]:
        start = self.data.lstrip(BLANK)[:1]
        if start == b"[":
            yield from self._list()
            return
        if self._has_lines():  # before the whole is tried, which would decode all of a large file in vain
            yield from self._lines()
            return
        value = json_bytes.decode(self.data)
        yield self._report(value, lambda pointer: pointer) or self._nothing_known(None)

    def _report(self, value: Any, place: Any) -> TipDocument | None:
        if type(value) is not dict or KNOWN_ROOTS.isdisjoint(value):
            return None
        return read_report(Walk(place), value, self.source, place(""))

    def _nothing_known(self, place: str | None) -> Any:
        return self.original.refusal(
            "INTAKE-NOTHING-KNOWN",
            "This is JSON, but no report: none of the keys of a CyberTipline report stands in it.",
            "Check that it is the right file; if it is a new layout, tell us its keys.",
            place,
        )

    # ---- a list

    def _list(self) -> Iterator[Yielded]:
        whole = json_bytes.split_list(self.data)
        if whole is None:
            yield from self._damaged_list()
            return
        self._no_duplicates(bytes(item) for item in whole)
        for index, item in enumerate(whole):
            yield from self._member(bytes(item), index)
        yield from self._rest_of_strange()

    def _damaged_list(self) -> Iterator[Yielded]:
        """A list in which something is broken: its sound members are read, the place of the damage is named."""
        read = 0
        self._no_duplicates(item for item, ended in json_bytes.split_damaged_list(self.data) if ended)
        for index, (item, ended) in enumerate(json_bytes.split_damaged_list(self.data)):
            if not ended:
                broken = Broken("cut", "The file ends in the middle of a value.", len(self.data))
                yield refusal_of(self.original, broken, f"/{index}, byte {len(self.data)}", read)
                return
            for made in self._member(item, index):
                read += isinstance(made, TipDocument)
                yield made
        if not self.data.rstrip(BLANK).endswith(b"]"):
            broken = Broken("cut", "The list ends without its closing bracket.", len(self.data))
            yield refusal_of(self.original, broken, f"byte {len(self.data)}", read)
        yield from self._rest_of_strange()

    def _member(self, item: bytes, index: int) -> Iterator[Yielded]:
        prefix = f"/{index}"
        try:
            value = json_bytes.decode(item)
        except Broken as broken:
            yield refusal_of(self.original, broken, prefix)
            return
        document = self._report(value, lambda pointer: prefix + pointer)
        yield from [document] if document else self._strange(prefix)

    # ---- lines

    def _has_lines(self) -> bool:
        """Whether this is one object a line: two lines begin one, or the first is whole and something follows it."""
        lines = self._each_line()
        first, second = next(lines, None), next(lines, None)
        if first is None or second is None:
            return False
        if first[1][:1] == second[1][:1] == b"{":
            return True
        try:
            return type(json_bytes.decode(first[1])) is dict
        except Broken as broken:
            return broken.kind == "duplicate"

    def _lines(self) -> Iterator[Yielded]:
        self._no_duplicates(line for _, line, _ in self._each_line())
        read = 0
        for number, line, last in self._each_line():
            try:
                value = json_bytes.decode(line)
            except Broken as broken:
                what = Broken("cut", broken.what, broken.at) if last and broken.kind == "cut" else broken
                yield refusal_of(self.original, what, f"line {number}, byte {broken.at}", read if last else 0)
                continue
            document = self._report(value, _in_line(number))
            if document:
                read += 1
                yield document
            else:
                yield from self._strange(f"line {number}")
        yield from self._rest_of_strange()

    def _each_line(self) -> Iterator[tuple[int, bytes, bool]]:
        """Line number from 1, its bytes, whether it is the last: without copying the file."""
        at, number, size = 0, 0, len(self.data)
        while at < size:
            end = self.data.find(b"\n", at)
            end = size if end < 0 else end
            number += 1
            line = self.data[at:end].strip(BLANK)
            at = end + 1
            if line:
                yield number, line, not self.data[at : at + 4096].strip(BLANK) and at >= size - 4096

    # ---- both

    def _no_duplicates(self, items: Iterator[bytes]) -> None:
        """Raise `Broken` for the first object with one key twice: then nothing of the file is used."""
        for item in items:
            try:
                json_bytes.decode(item)
            except Broken as broken:
                if broken.kind == "duplicate":
                    raise

    def _strange(self, place: str) -> Iterator[Yielded]:
        self.strange += 1
        if self.strange <= MOST_REFUSED:
            yield self._nothing_known(place)

    def _rest_of_strange(self) -> Iterator[Yielded]:
        if self.strange > MOST_REFUSED:
            yield self.original.refusal(
                "INTAKE-NOTHING-KNOWN",
                f"{self.strange - MOST_REFUSED} more members of the file are no reports.",
                "Check that it is the right file.",
            )


def _in_line(number: int) -> Any:
    return lambda pointer: [number, pointer]
