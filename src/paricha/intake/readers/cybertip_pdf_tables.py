"""Tables of a report: geo look-ups, files with their hashes, addresses seen, deconfliction. Columns by their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from paricha.grounds import selectors
from paricha.intake.document import FileSeen, Hash, Noted, PlaceSaid, Seen, TipDocument
from paricha.intake.readers.cybertip_pdf_values import Made, Part

GEO = frozenset(("country", "region", "city", "organisation"))
SEEN = frozenset(("port", "event", "at", "at utc", "proxy"))
FILES = frozenset(("filename", "original", "md5", "sha1", "sha256", "hash", "categorization"))
HASHES = {"md5": "md5", "sha1": "sha1", "sha256": "sha256"}
BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}
REPORT_NUMBER = re.compile(r"(?<![\w.:-])\d{7,10}(?![\w.:-])")

Cells = dict[int, list[Part]]


class Table:
    """A table being read. `kind`: geo, seen, files, reports, or nothing for one that nobody knows."""

    def __init__(self, columns: Sequence[tuple[str, Part]], tip: TipDocument, made: Made, of: str, who: str) -> None:
        self.columns, self.tip, self.made, self.of, self.who = list(columns), tip, made, of, who
        names = {name for name, _ in columns}
        self.kind = (
            "geo" if names & GEO and "address" in names else
            "seen" if names & SEEN and "address" in names else
            "files" if names & FILES and not names & {"address"} else
            "reports" if "report" in names else ""
        )  # fmt: skip
        self.key = {"geo": "address", "seen": "address", "reports": "report"}.get(self.kind, "")
        self.held: Cells | None = None
        for name, part in columns:
            if not name:
                made.leave([part], "column without a field")

    def row(self, cells: Cells) -> None:
        """A row: the one before is whole now."""
        self.end()
        self.held = cells

    def more(self, cells: Cells) -> bool:
        """The rest of the row before, where it has no key of its own and the row before has one."""
        keys = [number for number, (name, _) in enumerate(self.columns) if name == self.key]
        if self.held is None or not keys or keys[0] in cells or keys[0] not in self.held:
            return False
        for number, parts in cells.items():
            self.held.setdefault(number, []).extend(parts)
        return True

    def end(self) -> None:
        """Make of the held row what its table is of."""
        if self.held is None:
            return
        named: dict[str, list[Part]] = {}
        for number, parts in sorted(self.held.items()):
            named.setdefault(self.columns[number][0], []).extend(parts)
        everything = [part for parts in self.held.values() for part in parts]
        self.held = None
        {"geo": self._geo, "seen": self._seen, "files": self._file, "reports": self._reports}.get(
            self.kind, lambda _, all_of_it: self.made.leave(all_of_it, "table nobody knows")
        )(named, everything)

    def _address(self, named: dict[str, list[Part]], everything: list[Part]) -> Any:
        leaf = self.made.text(named.get("address", []), "token")
        if leaf is None or selectors.address(str(leaf.value)) is None:
            self.made.leave(everything, "not an address" if leaf else "no address")
            return None
        return leaf

    def _geo(self, named: dict[str, list[Part]], everything: list[Part]) -> None:
        address = self._address(named, everything)
        if address is None:
            return
        text = self.made.text
        place = PlaceSaid("ncmec", address)
        place.country, place.region = text(named.get("country", [])), text(named.get("region", []))
        place.city, place.organisation = text(named.get("city", [])), text(named.get("organisation", []))
        self.tip.places.append(place)
        for name, parts in named.items():
            if name.startswith("note:"):
                leaf = text(parts)
                if leaf:
                    self.tip.other.append(Noted(f"geoLookups.{name[5:]}", leaf))
            elif name and name not in GEO and name != "address":
                self.made.leave(parts, "column without a field")

    def _seen(self, named: dict[str, list[Part]], everything: list[Part]) -> None:
        address = self._address(named, everything)
        if address is None:
            return
        made = self.made
        at = made.when(named["at utc"], "UTC") if "at utc" in named else made.when(named.get("at", []))
        seen = Seen(self.of, self.who, address, event=made.text(named.get("event", [])), at=at)
        seen.port = made.whole(named.get("port", []), 1, 65_535, "not a port")
        seen.possible_proxy = made.truth(named.get("proxy", []))
        self.tip.sightings.append(seen)

    def _file(self, named: dict[str, list[Part]], everything: list[Part]) -> None:
        made = self.made
        hashes = hashes_of(made, {name: named[name] for name in ("md5", "sha1", "sha256", "hash") if name in named})
        name = made.text(named.get("filename", []), "name")
        if name is None and not hashes:
            made.leave(everything, "a file without name and hash")
            return
        file = same_file(self.tip, str(name.value) if name else None, [str(one.value.value) for one in hashes])
        if file is None:
            file = FileSeen(name, hashes=hashes)
            self.tip.files.append(file)
        file.original_name = file.original_name or made.text(named.get("original", []), "name")
        file.classification = file.classification or made.text(named.get("categorization", []))
        file.viewed_by_reporter = file.viewed_by_reporter or made.truth(named.get("viewed", []))
        file.public = file.public or made.truth(named.get("public", []))

    def _reports(self, named: dict[str, list[Part]], everything: list[Part]) -> None:
        numbers = self.made.text(named.get("report", []))
        if numbers is None or not add_reports(self.tip, str(numbers.value), named["report"], self.made):
            self.made.leave(everything, "not a report number")


def hashes_of(made: Made, named: dict[str, list[Part]]) -> list[Hash]:
    """The hashes of a file; what has not the length of its algorithm is an unread block."""
    found = []
    for name, parts in named.items():
        leaf = made.text(parts, "token")
        if leaf is None:
            continue
        text = str(leaf.value)
        algorithm = BY_LENGTH.get(len(text)) if re.fullmatch(r"[0-9A-Fa-f]+", text) else None
        if algorithm is None or (name != "hash" and HASHES[name] != algorithm):
            made.leave(parts, "not a hash")
            continue
        found.append(Hash(algorithm, leaf))
    return found


def same_file(tip: TipDocument, name: str | None, hashes: Sequence[str]) -> FileSeen | None:
    """The file of the tip with an equal hash, or the only one of that name where no hash is said."""
    known = [
        one
        for one in tip.files
        if {str(item.value.value).casefold() for item in one.hashes} & {h.casefold() for h in hashes}
    ]
    if known:
        named = [one for one in known if one.name is not None and one.name.value == name]
        return (named or known)[0] if named or name is None else None
    if hashes or name is None:
        return None
    named = [one for one in tip.files if one.name is not None and one.name.value == name]
    return named[0] if len(named) == 1 else None


def add_reports(tip: TipDocument, text: str, parts: Sequence[Part], made: Made) -> bool:
    """Report numbers in a text, each at its words; whether there was one."""
    known = {leaf.value for leaf in tip.prior_reports}
    found = False
    for part in parts:
        for word in part.words:
            for number in REPORT_NUMBER.findall(word.text):
                found = True
                leaf = made.text([Part(part.page, [word], part.right)])
                if leaf is not None and number not in known:
                    known.add(number)
                    tip.prior_reports.append(type(leaf)(number, leaf.at))
    return found
