"""Reports in a hostile shape: what of them can be read is measured, and nothing wrong may be read.

Each file holds one sound report of the State under a number of its own (988…), damaged in one way. `truth/hostile.jsonl` says
of which report it is (`of`), its facts before the damage, what was done, and how much a careful reader still finds: `whole`
(every fact), `part` (all but the damaged values), `none` (the file, or the report, is refused).
"""

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from paricha.synthetic.facts import facts_of
from paricha.synthetic.output import write_bytes, write_jsonl
from paricha.synthetic.reports import Report
from paricha.synthetic.tips_json import Writer
from paricha.synthetic.tips_pdf import report_pdf
from paricha.synthetic.tips_xml import XmlStyle, report_xml

FIRST_NUMBER = 988_000_000
Tree = dict[str, Any]


def write_hostile(seed: int, reports: list[Report], files: Path, truth: Path) -> int:
    """Write `hostile/` and its truth; gives how many files there are."""
    report, rows = _rich(reports), []
    for place, (form, name, expected, what, damage) in enumerate(_variants(), start=1):
        mine = dataclasses.replace(report, number=str(FIRST_NUMBER + place))
        write_bytes(files / "hostile" / name, damage(_sound(seed, report, mine, form)))
        rows.append(
            {
                "file": f"hostile/{name}",
                "form": form,
                "report_number": mine.number,
                "of": report.number,
                "what": what,
                "expected": expected,
                "facts": facts_of(seed, mine, form),
            }
        )
    write_jsonl(truth / "hostile.jsonl", rows)
    return len(rows)


def _variants() -> Iterator[tuple[str, str, str, str, Callable[[Any], bytes]]]:
    for form, variants in (("json", JSON_VARIANTS), ("xml", XML_VARIANTS), ("pdf", PDF_VARIANTS)):
        for name, expected, what, damage in variants:
            yield form, name, expected, what, damage


def _sound(seed: int, report: Report, mine: Report, form: str) -> Any:
    """The report under its own number before the damage: a tree for JSON, text for XML, bytes for PDF."""
    if form == "json":
        return Writer(seed, report).document() | {"reportId": mine.number}
    return report_xml(seed, mine, XML_STYLE).decode() if form == "xml" else report_pdf(mine)


def _rich(reports: list[Report]) -> Report:
    """A report of much to lose: several people, sightings, files, a name that is not Latin."""

    def riches(report: Report) -> tuple[int, ...]:
        seen = next((one for one in report.sightings if one.who == "suspect 1"), None)
        full = seen is not None and seen.port is not None and seen.possible_proxy is not None and bool(seen.at.utc)
        script = any(subject.name.script != "latin" for _, subject in report.people)
        named = report.writing % 7 != 0 and report.writing % 4 == 0  # both names, and an age
        enough = min(2, len(report.people)) + min(4, len(report.sightings)) + min(3, len(report.files))
        return (full, named, script, enough)

    # the largest riches; of equals the last number
    return max((r for r in reports if r.json and not r.free_text), key=lambda r: (riches(r), r.number))


def plain(tree: Any) -> bytes:
    """The tree as UTF-8."""
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()


def people_of(tree: Tree) -> list[Tree]:
    """The reported persons, whatever the shape of their list."""
    held = tree["reportedInformation"]["reportedPeople"]["reportedPersons"]
    return held if isinstance(held, list) else held["reportedPersons"]


def captures_of(person: Tree) -> list[Tree]:
    """The addresses seen of a person."""
    held = person["sourceInformation"]["sourceCaptures"]
    rows = held if isinstance(held, list) else held["sourceCaptures"]
    return [row for row in rows if row["captureType"] == "IP Address"]


def _changed(change: Callable[[Tree], None]) -> Callable[[Tree], bytes]:
    def damage(tree: Tree) -> bytes:
        change(tree)
        return plain(tree)

    return damage


def _first_capture(**values: Any) -> Callable[[Tree], bytes]:
    return _changed(lambda tree: captures_of(people_of(tree)[0])[0].update(values))


def _first_person(**values: Any) -> Callable[[Tree], bytes]:
    return _changed(lambda tree: people_of(tree)[0].update(values))


def _turned(tree: Any, flat: bool) -> Any:
    """Every list in the other shape: `emails.emails[]` for `emails[]`, or back."""
    if isinstance(tree, list):
        return [_turned(item, flat) for item in tree]
    if not isinstance(tree, dict):
        return tree
    made: Tree = {}
    for key, value in tree.items():
        inner = value.get(key) if isinstance(value, dict) and len(value) == 1 else None
        if flat and isinstance(inner, list):
            made[key] = _turned(inner, flat)
        elif not flat and isinstance(value, list) and key in DOUBLED:
            made[key] = {key: _turned(value, flat)}
        elif not flat and isinstance(inner, list):
            made[key] = {key: _turned(inner, flat)}
        else:
            made[key] = _turned(value, flat)
    return made


DOUBLED = {
    "emails", "phones", "addresses", "reportedPersons", "intendedRecipients", "childVictims", "uploadedFiles", "sourceCaptures",
    "screenNames", "displayNames", "espEstimatedLocations",
}  # fmt: skip


def _unstated(tree: Any) -> Any:
    """Every key that is null, blank or "N/A" in the next of these ways."""
    turns = {None: "N/A", "N/A": "", "": None}
    if isinstance(tree, dict):
        return {key: _unstated(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_unstated(item) for item in tree]
    return turns[tree] if tree is None or tree in ("", "N/A") else tree


def _twice(tree: Tree) -> bytes:
    """A key twice, both times with the same value."""
    text = plain(tree)
    key, value = b'"reportId": ', json.dumps(tree["reportId"]).encode()
    return text.replace(key + value, key + value + b", " + key + value, 1)


def _cut_list(tree: Tree) -> bytes:
    """The report, and after it another that is cut."""
    other = copy.deepcopy(tree) | {"reportId": "988999999"}
    text = plain([tree, other])
    return text[: text.rindex(b"reportedPeople")]


def _cut_lines(tree: Tree) -> bytes:
    line = json.dumps(tree, ensure_ascii=False).encode()
    return line + b"\n" + line.replace(tree["reportId"].encode(), b"988999998")[: len(line) // 3]


def _broken_letter(tree: Tree) -> bytes:
    """A byte that begins no letter stands in the incident's type."""
    return plain(tree).replace(b'"incidentType": "', b'"incidentType": "\xff', 1)


def _half_letter(tree: Tree) -> bytes:
    """A surrogate without its other half, as an escape."""
    people_of(tree)[0]["firstName"] = "\ud83d"
    return json.dumps(tree).encode()


def _deep(tree: Tree) -> bytes:
    inner: Any = 1
    for _ in range(150):
        inner = {"level": inner}
    return plain(tree | {"exampleDepth": inner})


JSON_VARIANTS: list[tuple[str, str, str, Callable[[Tree], bytes]]] = [
    ("utf-16-le.json", "whole", "UTF-16, low byte first", lambda t: b"\xff\xfe" + plain(t).decode().encode("utf-16-le")),
    ("utf-16-be.json", "whole", "UTF-16, high byte first", lambda t: b"\xfe\xff" + plain(t).decode().encode("utf-16-be")),
    ("utf-32.json", "whole", "UTF-32", lambda t: b"\xff\xfe\0\0" + plain(t).decode().encode("utf-32-le")),
    ("escaped.json", "whole", "every letter beyond ASCII as an escape", lambda t: json.dumps(t).encode()),
    ("blanks.json", "whole", "blanks and line ends before and after", lambda t: b" \r\n\t" + plain(t) + b"\r\n\r\n"),
    ("flat.json", "whole", "every list flat", lambda t: plain(_turned(t, True))),
    ("doubled.json", "whole", "every list doubly nested", lambda t: plain(_turned(t, False))),
    ("unstated.json", "whole", "null, blank and N/A change places", lambda t: plain(_unstated(t))),
    ("lower-case.txt", "whole", "a wrong extension", plain),
    ("same-key-twice.json", "whole", "a key twice with one value", _twice),
    ("unknown-depth.json", "whole", "an unknown block of 150 levels", _deep),
    ("cut-list.json", "whole", "a list that is cut in its second report", _cut_list),
    ("cut-lines.jsonl", "whole", "lines of which the second is cut", _cut_lines),
    ("port-too-large.json", "part", "a port of 70000", _first_capture(port=70_000)),
    ("port-of-letters.json", "part", "a port in letters", _first_capture(port="four")),
    ("address-wrong.json", "part", "an address that is none", _first_capture(value="203.0.113.999")),
    ("event-as-list.json", "part", "an event that is a list", _first_capture(eventName=["LOGIN", "UPLOAD"])),
    ("time-impossible.json", "part", "the 30th of February", _first_capture(dateTime="2026-02-30T10:00:00Z")),
    ("proxy-in-words.json", "part", "a proxy that is perhaps one", _first_capture(possibleProxy="perhaps")),
    ("name-surrogate.json", "part", "half a letter in a name", _half_letter),
    ("name-nul.json", "part", "NUL in a name", _first_person(firstName="Ha\0ri")),
    ("age-wrong.json", "part", "an age of 900", _first_person(approximateAge=900)),
    ("mails-as-number.json", "part", "a number for the e-mails", _first_person(emails=7)),
    ("person-as-text.json", "part", "a text for the capture list", _first_person(sourceInformation="none at hand")),
    ("broken-letter.json", "part", "a byte that is no letter", _broken_letter),
    ("not-a-number.json", "part", "NaN for a port", _first_capture(port=float("nan"))),
    ("huge-number.json", "part", "a port of 500 digits", _first_capture(port=10**499)),
    ("cut.json", "none", "cut in the middle", lambda t: plain(t)[: len(plain(t)) // 2]),
    ("two-values.json", "none", "a key twice with two values", lambda t: plain(t).replace(b"{", b'{"informational": "x", ', 1)),
    ("more-follows.json", "none", "text behind the end", lambda t: plain(t) + b"} and more"),
]  # fmt: skip


def _lost_table(data: bytes) -> bytes:
    return data[: data.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"


XML_STYLE = XmlStyle(root="report", files="inside", indented=True)


def _in_xml(old: str, new: str) -> Callable[[str], bytes]:
    """The first `old` of the text becomes `new`."""
    return lambda text: text.replace(old, new, 1).encode()


def _without_head(text: str) -> str:
    return text.partition("?>")[2].lstrip()


def _two_text(text: str) -> bytes:
    """Half of the letters of a tag as references to characters."""
    return text.replace("<eventName>", "<eventName>&#32;", 1).replace("</eventName>", "&#x20;</eventName>", 1).encode()


ENTITIES = (
    '<!DOCTYPE report [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
XML_VARIANTS: list[tuple[str, str, str, Callable[[str], bytes]]] = [
    ("utf-16.xml", "whole", "UTF-16 with its mark",
     lambda t: b"\xff\xfe" + t.replace("UTF-8", "UTF-16", 1).encode("utf-16-le")),
    ("no-declaration.xml", "whole", "no XML declaration", lambda t: _without_head(t).encode()),
    ("blank-before.txt", "whole", "blanks before the root, a wrong extension", lambda t: ("\r\n  " + _without_head(t)).encode()),
    ("namespace.xml", "whole", "a namespace nobody knows", _in_xml("<report>", '<report xmlns="https://example.com/other/9">')),
    ("deep-root.xml", "whole", "five unknown elements around it", lambda t: (
        "<a><b><c><d><e>" + _without_head(t).strip() + "</e></d></c></b></a>").encode()),
    ("comments.xml", "whole", "comments and processing instructions", lambda t: t.replace(
        "<ipAddress>", "<!-- c --><?p q?><ipAddress>").encode()),
    ("cdata.xml", "whole", "CDATA around a value", lambda t: t.replace("<eventName>", "<eventName><![CDATA[", 1).replace(
        "</eventName>", "]]></eventName>", 1).encode()),
    ("references.xml", "whole", "character references for blanks", _two_text),
    ("unknown-tags.xml", "whole", "unknown tags with text", _in_xml("<incidentSummary>", "<incidentSummary><later>2027</later>")),
    ("port-wrong.xml", "part", "a port of 99999", lambda t: t.replace("<port>", "<port>9999", 1).encode()),
    ("address-wrong.xml", "part", "an address that is none", _in_xml("<ipAddress>", "<ipAddress>999.")),
    ("entity-bomb.xml", "none", "entities that explode", lambda t: (
        ENTITIES + _without_head(t).replace("<firstName>", "<firstName>&i;", 1)).encode()),
    ("external-entity.xml", "none", "an entity from a file", lambda t: (
        '<!DOCTYPE report [<!ENTITY x SYSTEM "file:///nothing/here">]>'
        + _without_head(t).replace("<firstName>", "<firstName>&x;", 1)).encode()),
    ("cut.xml", "part", "cut in the middle", lambda t: t.encode()[: len(t.encode()) // 2]),
    ("crossed.xml", "part", "tags that cross", _in_xml("</incidentType>", "</incidentSummary></incidentType>")),
]  # fmt: skip
PDF_VARIANTS: list[tuple[str, str, str, Callable[[bytes], bytes]]] = [
    ("wrong-extension.json", "whole", "a PDF under a wrong extension", lambda data: data),
    ("more-behind.pdf", "whole", "text behind the end of the file", lambda data: data + b"\nThis was added on the way.\n"),
    ("no-table.pdf", "whole", "the table of places points nowhere", _lost_table),
    ("cut.pdf", "none", "cut in the middle", lambda data: data[: len(data) // 2]),
    ("head-only.pdf", "none", "nothing but the first bytes", lambda data: data[:40]),
]  # fmt: skip
