"""One report as a tip: which label under which heading becomes which leaf. The same facts as `cybertip_report` in JSON."""

from __future__ import annotations

import re

from paricha.grounds import selectors
from paricha.intake.document import Leaf, Noted, Seen, Source, TipDocument
from paricha.intake.fields import count_fields
from paricha.intake.pdf.sheets import Word
from paricha.intake.readers.cybertip_pdf_facts import OF_FILE, OF_PERSON, Context, Facts
from paricha.intake.readers.cybertip_pdf_tables import Table, add_reports
from paricha.intake.readers.cybertip_pdf_values import Part, is_stated

PORT_MOST = 65_535
INCIDENT_TYPES = frozenset((  # enum A of the CyberTipline schema: labels, nothing more
    "child pornography (possession, manufacture, and distribution)", "child sex trafficking", "child sex tourism",
    "child sexual molestation", "misleading domain name", "misleading words or digital images on the internet",
    "online enticement of children for sexual acts", "unsolicited obscene material sent to a child",
))  # fmt: skip
_SEEN = re.compile(r"(?P<ip>[0-9A-Fa-f.:\[\]]+)(?:\s*\((?P<event>[^()]*)\))?(?:\s+(?P<at>.*))?")
_INSTANTS = {"received": "received_at", "made_available": "made_available_at", "processed": "processed_at"}
_STATED_SUMMARY = frozenset(("summary", "additional"))


class Report(Facts):
    """Takes what the walk finds (`cybertip_pdf_walk.Takes`) and fills the tip."""

    def __init__(self, source: Source, place: list[int | float]) -> None:
        super().__init__(TipDocument([source], "ncmec", place))
        self.contexts: list[tuple[float, Context]] = [(0.0, self.context)]
        self.read_table: Table | None = None
        self.prose_parts: list[Part] = []
        self.stray_parts: list[Part] = []
        self.type_from = ""

    def done(self) -> TipDocument:
        self._end_prose()
        self._end_stray()
        self.tip.unread = self.made.unread
        self.tip.expected, self.tip.read = count_fields(self.tip)
        return self.tip

    # ---- headings

    def at(self, x0: float) -> None:
        """Where the next part stands: two blocks may stand beside each other."""
        self.context = next((one for left, one in reversed(self.contexts) if left <= x0 + 6), self.contexts[0][1])

    def heading(self, kind: str, said: str, number: int | None, x0: float, alone: bool) -> None:
        self._end_prose()
        self._end_stray()
        if kind == "contents":
            return
        if kind in ("section", "end"):
            self.section = said if kind == "section" else ""
            self._open(Context("law" if said == "D" else "overview"), x0)
        elif kind == "person":
            self._open(Context("person", self._person(said, number)), x0, alone)
        elif kind == "file":
            self._open(Context("file"), x0, alone)
        else:
            self._open(Context(kind), x0, alone)

    def _open(self, context: Context, x0: float, alone: bool = True) -> None:
        beside = [(left, one) for left, one in self.contexts if left < x0 - 60] if not alone else []
        stale = [(left, Context("unsure")) for left, _ in self.contexts[1:]] if alone and len(self.contexts) > 1 else []
        if context.kind not in ("person", "file"):
            stale = []
        self.contexts = [
            *(beside or []),
            (x0 if beside else 0.0, context),
            *(pair for pair in stale if pair[0] > x0 + 60),
        ]
        self.context = context

    # ---- running text

    def in_prose(self) -> bool:
        return self.context.kind in _STATED_SUMMARY

    def prose(self, part: Part) -> bool:
        self._end_stray()
        self.prose_parts.append(part)
        return True

    def _end_prose(self) -> None:
        parts, self.prose_parts = self.prose_parts, []
        if not parts:
            return
        leaf = self.made.text(parts)
        if leaf:
            summary = self.context.kind == "summary"
            self.tip.other.append(Noted("executiveSummary" if summary else "additionalInformations", leaf))

    def stray(self, part: Part) -> None:
        """A line that belongs to nothing. Under some headings it still is what the heading says."""
        if self.context.kind == "esp" and self.tip.reporter_name is None and not self.stray_parts:
            self.tip.reporter_name = self.made.text([part])
            return
        if self.context.kind == "deconfliction":
            words = part.text.casefold()
            only = re.fullmatch(r"[\d\s,;and&]+", words)
            if (only or "report" in words or "tipline" in words) and add_reports(
                self.tip, part.text, [part], self.made
            ):
                return
        if self.stray_parts and self.stray_parts[-1].page != part.page:
            self._end_stray()
        self.stray_parts.append(part)

    def _end_stray(self) -> None:
        parts, self.stray_parts = self.stray_parts, []
        if parts:
            self.made.leave(parts, "unknown text")

    # ---- tables

    def table(self, columns: list[tuple[str, Part]]) -> None:
        self._end_prose()
        self._end_stray()
        of, who = self._who()
        self.read_table = Table(columns, self.tip, self.made, of, who)

    def table_row(self, cells: dict[int, list[Part]]) -> None:
        if self.read_table:
            self.read_table.row(cells)

    def table_more(self, cells: dict[int, list[Part]]) -> bool:
        return self.read_table is not None and self.read_table.more(cells)

    def end_table(self) -> None:
        if self.read_table:
            self.read_table.end()
        self.read_table = None

    # ---- sightings

    def _who(self) -> tuple[str, str]:
        context = self.context
        if context.kind == "person" and context.person:
            return "person", context.person.who
        if context.kind == "file" and context.file is not None:
            return "file", f"file {self.tip.files.index(context.file) + 1}"
        return "report", "report"

    def date(self, part: Part) -> bool:
        """A date on a line of its own is the instant of the sighting above it."""
        seen = self.context.seen
        if seen is None or seen.at is not None:
            return False
        self._end_stray()
        seen.at = self.made.when([part])
        return True

    def address(self, part: Part) -> bool:
        """An address on a line of its own, under others of the same label."""
        if self.context.seen is None or not _SEEN.fullmatch(part.text) or not selectors.address(part.words[0].text):
            return False
        self._sightings([part])
        return True

    def _sightings(self, parts: list[Part]) -> None:
        if self.context.kind == "unsure":
            self.made.leave(parts, "unsure whose")
            return
        first = [n for n, part in enumerate(parts) if n == 0 or selectors.address(part.words[0].text)]
        for start, end in zip(first, [*first[1:], len(parts)], strict=True):
            self._sighting(parts[start:end])

    def _sighting(self, parts: list[Part]) -> None:
        """`<address> (<event>) <instant>`, the address broken over lines or not."""
        self.context.seen = None
        words = [(part, word) for part in parts for word in part.words]
        taken = 1
        while taken < len(words) and taken < 4 and selectors.address("".join(w.text for _, w in words[:taken])) is None:
            taken += 1
        text = "".join(word.text for _, word in words[:taken])
        if "(" in text and words[0][1].text.count("(") == 1:  # no blank before the event
            self.made.leave(parts, "not an address")
            return
        if selectors.address(text) is None:
            if self.made.text(parts) is not None:
                self.made.leave(parts, "not an address")
            return
        address = self.made.text(_again(words[:taken]), "token")
        of, who = self._who()
        seen = Seen(of, who, address)
        rest = words[taken:]
        if rest and rest[0][1].text.startswith("("):
            end = next((n for n, (_, word) in enumerate(rest) if word.text.endswith(")")), None)
            if end is None:
                self.made.leave(_again(rest), "unknown text")
                rest = []
            else:
                event = self.made.text(_again(rest[: end + 1]))
                if event and str(event.value)[1:-1].strip():
                    seen.event = Leaf(str(event.value)[1:-1].strip(), event.at)
                rest = rest[end + 1 :]
        if rest:
            at = self.made.when(_again(rest))
            if at is not None and at.utc is None and not at.as_written[:1].isdigit():
                self.made.leave(_again(rest), "unknown text")
            else:
                seen.at = at
        self.tip.sightings.append(seen)
        self.context.seen = seen

    # ---- fields

    def field(self, field: str | None, label: Part, parts: list[Part]) -> None:
        """A label and its value. What nobody knows is an unread block, unless nothing is stated there."""
        self._end_prose()
        self._end_stray()
        if self.context.kind == "law":
            self._noted(f"lawEnforcementContact.{label.text.rstrip(':').strip()}", parts)
            return
        if field is None or self.context.kind == "unsure":
            if not parts or self.made.text(parts) is not None or len(parts) > 1:
                self.made.leave([label, *parts], "unknown label" if field is None else "unsure whose")
            return
        kind, _, said = field.partition(":")
        action = getattr(self, f"_of_{kind}", None)
        if action is not None:
            action(said, label, parts)
        elif kind in OF_PERSON:
            self._of_person(kind, label, parts)
        elif kind in OF_FILE:
            self._of_file_fact(kind, label, parts)
        else:
            self._of_tip(kind, label, parts)

    def doubtful(self, field: str, label: Part, parts: list[Part], sure: int) -> None:
        """A value below which a line stands that may be its rest. A known type of incident decides; else nothing does."""
        if field == "incident_type":
            for known in (parts, parts[:sure]):
                leaf = self.made.text(known)
                if leaf is not None and str(leaf.value).casefold() in INCIDENT_TYPES:
                    self.field(field, label, known)
                    if len(known) < len(parts):
                        self.made.leave(parts[sure:], "unknown text")
                    return
        if not self._stated(parts[:sure]):
            self.made.leave(parts[sure:], "unknown text")
            return
        self.made.leave([label, *parts], "where it ends is unsure")

    def _stated(self, parts: list[Part]) -> bool:
        return is_stated(" ".join(part.text for part in parts))

    def _noted(self, name: str, parts: list[Part]) -> None:
        leaf = self.made.text(parts)
        if leaf:
            self.tip.other.append(Noted(name, leaf))

    def _of_note(self, name: str, label: Part, parts: list[Part]) -> None:
        self._noted(name, parts)

    def _of_additional(self, _said: str, label: Part, parts: list[Part]) -> None:
        if self.context.person is not None:
            leaf = self.made.text(parts)
            if leaf:
                self.context.person.other.append(Noted("additionalInformations", leaf))
        else:
            self._noted("additionalInformations", parts)

    def _of_report_number(self, _said: str, label: Part, parts: list[Part]) -> None:
        leaf = self.made.text(parts)
        if leaf is None:
            return
        if self.context.kind == "deconfliction":
            if not add_reports(self.tip, str(leaf.value), parts, self.made):
                self.made.leave(parts, "not a report number")
        elif not re.fullmatch(r"\d{1,12}", str(leaf.value)):
            self.made.leave(parts, "not a report number")
        elif self.tip.report_number is None:
            self.tip.report_number = leaf
        elif self.tip.report_number.value != leaf.value:
            self.made.leave([label, *parts], "another report number")

    def _of_prior(self, _said: str, label: Part, parts: list[Part]) -> None:
        if self.made.text(parts) is None:
            return
        before = len(self.tip.prior_reports)
        if not add_reports(self.tip, "", parts, self.made):
            self.made.leave(parts, "not a report number")
        if self.context.person is not None:
            self.context.person.prior_reports += self.tip.prior_reports[before:]

    def _of_ip(self, _said: str, label: Part, parts: list[Part]) -> None:
        if parts:
            self._sightings(parts)
        else:
            self.context.seen = None

    def _of_port(self, _said: str, label: Part, parts: list[Part]) -> None:
        seen = self.context.seen
        leaf = self.made.whole(parts, 1, PORT_MOST, "not a port")
        if leaf is None:
            return
        if seen is None or seen.port is not None:
            self.made.leave([label, *parts], "no address")
        else:
            seen.port = leaf

    def _of_event(self, _said: str, label: Part, parts: list[Part]) -> None:
        seen, leaf = self.context.seen, self.made.text(parts)
        if leaf and (seen is None or seen.event is not None):
            self.made.leave([label, *parts], "no address")
        elif leaf and seen:
            seen.event = leaf

    def _of_seen_at(self, _said: str, label: Part, parts: list[Part]) -> None:
        seen = self.context.seen
        at = self.made.when(parts, "UTC" if "UTC" in label.text else None)
        if at and (seen is None or seen.at is not None):
            self.made.leave([label, *parts], "no address")
        elif at and seen:
            seen.at = at

    def _of_proxy(self, _said: str, label: Part, parts: list[Part]) -> None:
        seen, leaf = self.context.seen, self.made.truth(parts)
        if leaf and (seen is None or seen.possible_proxy is not None):
            self.made.leave([label, *parts], "no address")
        elif leaf and seen:
            seen.possible_proxy = leaf

    def _of_tip(self, kind: str, label: Part, parts: list[Part]) -> None:
        tip, made = self.tip, self.made
        if kind in _INSTANTS:
            if getattr(tip, _INSTANTS[kind]) is None:
                setattr(tip, _INSTANTS[kind], made.when(parts))
        elif kind == "priority":
            self._priority(parts)
        elif kind == "submitter":
            tip.reporter_name = tip.reporter_name or made.text(parts)
        elif kind == "ncmec_class" or (kind == "incident_type" and self.section in ("B", "C")):
            self._noted("ncmecClassification", parts)
        elif kind == "incident_type":
            if tip.incident_type is None or (self.section == "A" and self.type_from != "A"):
                tip.incident_type, self.type_from = made.text(parts) or tip.incident_type, self.section
        elif kind == "incident_at":
            tip.incident_at = tip.incident_at or made.when(parts)
        elif kind == "incident_description":
            tip.incident_description = tip.incident_description or made.text(parts)
        elif kind == "escalation":
            tip.escalation = tip.escalation or made.text(parts)
        else:  # marks: informational, batched
            leaf = made.truth(parts) if kind == "informational" else made.text(parts)
            if leaf:
                tip.marks.append(Noted(kind, leaf))

    def _priority(self, parts: list[Part]) -> None:
        """The code; words after it are noted."""
        leaf = self.made.text(parts)
        if leaf is None or self.tip.priority_stated is not None:
            return
        first = parts[0].words[0]
        if re.fullmatch(r"[0-9A-Z]", first.text) and len(str(leaf.value)) > 1:
            self.tip.priority_stated = self.made.text([Part(parts[0].page, [first], parts[0].right)])
            self._noted("priority.value", [Part(parts[0].page, parts[0].words[1:], parts[0].right), *parts[1:]])
        else:
            self.tip.priority_stated = leaf


def _again(words: list[tuple[Part, Word]]) -> list[Part]:
    """Words as parts again, one a line."""
    parts: list[tuple[Part, Part]] = []
    for part, word in words:
        if parts and parts[-1][0] is part:
            parts[-1][1].words.append(word)
        else:
            parts.append((part, Part(part.page, [word], part.right)))
    return [made for _, made in parts]
