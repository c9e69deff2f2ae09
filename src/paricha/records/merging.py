"""One tip from many documents: forms merge by role and number, accounts, files by hash, sightings by who and instant.

    merged(deliveries, decisions) -> Merged(document, conflicts)

Pure. The order in which deliveries came does not matter, but where nothing else tells which is newest (`versions`).
Source: interfaces.md "Tips"; the rules of leading stand in `leading.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from paricha.intake.document import Leaf, TipDocument, When
from paricha.records import merging_parts as parts
from paricha.records.comparing import SPAN_S, comparable, rebased, says_the_same
from paricha.records.versions import Delivery, Standing, standing

_RULES = tomllib.loads(files("paricha.records").joinpath("leading.toml").read_text(encoding="utf-8"))
RULE_WORDS: dict[str, str] = {rule["code"]: rule["words"] for rule in _RULES["rule"]}
FORM_ORDER: list[str] = next(rule["order"] for rule in _RULES["rule"] if rule["code"] == "form")

L = TypeVar("L", Leaf, When)
Decisions = Mapping[str, str]  # field path → comparable form of the chosen value


class Conflict(msgspec.Struct, frozen=True):
    """A field whose forms differ. `readings`: each distinct value once; `leading`: index of the one the tip shows."""

    field: str
    readings: list[Leaf | When]
    leading: int
    rule: str


class Merged(msgspec.Struct, frozen=True):
    """A tip as it stands: `document` has one source a delivery that leads; `conflicts` in the order of its fields."""

    document: TipDocument
    conflicts: list[Conflict]
    standing: Standing


def form_rank(form: str) -> int:
    """Place of a form in the order of leading; unknown forms last."""
    return FORM_ORDER.index(form) if form in FORM_ORDER else len(FORM_ORDER)


class Field:
    """Chooses the leading reading of each field, and notes where forms differ."""

    def __init__(self, decisions: Decisions, replaced: Mapping[str, set[str]], region: str) -> None:
        self.decisions, self.replaced, self.region = decisions, replaced, region
        self.conflicts: list[Conflict] = []

    def one(self, path: str, readings: Sequence[L | None], kind: str = "text") -> L | None:
        """The leading one of the stated readings, which stand in the order of their forms."""
        stated = [leaf for leaf in readings if leaf is not None]
        if len(stated) < 2:
            return stated[0] if stated else None
        distinct = self._distinct(stated, kind)
        if len(distinct) > 1:
            distinct = self._without_replaced(path, distinct, kind)
        if len(distinct) == 1:
            return distinct[0]
        place, rule = self._leads(path, distinct, kind)
        self.conflicts.append(Conflict(path, list(distinct), place, rule))
        return distinct[place]

    def _distinct(self, stated: list[L], kind: str) -> list[L]:
        kept: list[L] = []
        for leaf in stated:
            for place, other in enumerate(kept):
                if says_the_same(other, leaf, kind, self.region):
                    if _finer(leaf, other):
                        kept[place] = leaf
                    break
            else:
                kept.append(leaf)
        return kept

    def _without_replaced(self, path: str, distinct: list[L], kind: str) -> list[L]:
        """A value that a newer version of another form replaced is no conflict."""
        old = self.replaced.get(generic(path))
        if not old:
            return distinct
        kept = [leaf for leaf in distinct if comparable(leaf, kind, self.region) not in old]
        return kept or distinct

    def _leads(self, path: str, distinct: list[L], kind: str) -> tuple[int, str]:
        chosen = self.decisions.get(path)
        if chosen is not None:
            for place, leaf in enumerate(distinct):
                if comparable(leaf, kind, self.region) == chosen:
                    return place, "decided"
        readable = [place for place, leaf in enumerate(distinct) if not isinstance(leaf, When) or leaf.utc is not None]
        if readable and readable[0] != 0:
            return readable[0], "readable"
        return 0, "form"


def kind_of(path: str) -> str:
    """How the values of a field are compared."""
    name = path.rpartition(".")[2]
    if name in ("viewed_by_reporter", "public", "escalation"):
        return "yes_no"
    return "address" if path.startswith("places[") and name == "address" else "text"


def generic(path: str) -> str:
    """`files[2].public` → `files[].public`."""
    return re.sub(r"\[\d+\]", "[]", path)


def _finer(leaf: Any, other: Any) -> bool:
    if not isinstance(leaf, When) or leaf.utc is None or leaf.precision is None:
        return False
    return other.utc is None or SPAN_S[leaf.precision] < SPAN_S[other.precision]


SCALARS = (
    ("received_at", "received_at", "text"),
    ("made_available_at", "made_available_at", "text"),
    ("incident_type", "incident.type", "text"),
    ("incident_at", "incident.at", "text"),
    ("incident_description", "incident.description", "text"),
    ("reporter_name", "reporter.name", "text"),
    ("priority_stated", "priority.stated", "text"),
    ("escalation", "escalation", "yes_no"),
)


def merged(deliveries: Sequence[Delivery], decisions: Decisions | None = None, *, region: str = "IN") -> Merged:
    """The tip that the deliveries make together. `region`: the unit's country, for phones without a country code."""
    stands = standing(deliveries)
    leading = sorted(stands.leading, key=lambda one: (form_rank(one.form), one.arrival))
    if len(leading) == 1:
        return Merged(parts.alone(leading[0].document), [], stands)
    field = Field(decisions or {}, _replaced_values(leading, stands.replaced, region), region)
    documents = []
    sources: list[Any] = []
    for delivery in leading:
        documents.append(rebased(delivery.document, len(sources)))
        sources += delivery.document.sources
    return Merged(_together(documents, sources, field), _in_order(field.conflicts), stands)


def merged_one(document: TipDocument) -> TipDocument:
    """The tip that one document makes alone: the quick way for the many tips that came in once."""
    return parts.alone(document)


def _together(documents: list[TipDocument], sources: list[Any], field: Field) -> TipDocument:
    files_, numbers = parts.merge_files([one.files for one in documents], field)
    scalars: dict[str, Any] = {
        name: field.one(path, [getattr(one, name) for one in documents], kind) for name, path, kind in SCALARS
    }
    processed = [one.processed_at for one in documents if one.processed_at is not None]
    return TipDocument(
        sources=sources,
        giver=documents[0].giver,
        place=documents[0].place,
        report_number=next((one.report_number for one in documents if one.report_number is not None), None),
        processed_at=max(processed, key=lambda when: when.utc or 0) if processed else None,
        people=parts.merge_people([one.people for one in documents], field),
        sightings=parts.merge_sightings([one.sightings for one in documents], numbers),
        files=files_,
        places=parts.merge_places([one.places for one in documents], field),
        prior_reports=parts.union([one.prior_reports for one in documents]),
        marks=parts.union_noted([one.marks for one in documents]),
        other=parts.union_noted([one.other for one in documents]),
        unread=[unread for one in documents for unread in one.unread],
        expected=sum(one.expected for one in documents),
        read=sum(one.read for one in documents),
        **scalars,
    )


def _in_order(conflicts: list[Conflict]) -> list[Conflict]:
    order = {name: place for place, (_, name, _) in enumerate(SCALARS)}
    return sorted(conflicts, key=lambda one: order.get(one.field, len(order)))  # stable: lists stay as they came


def _replaced_values(leading: Sequence[Delivery], replaced: Sequence[Delivery], region: str) -> dict[str, set[str]]:
    """By generic path: values that an older version of some form held and its newest holds no more."""
    found: dict[str, set[str]] = {}
    for form in {old.form for old in replaced}:
        now: dict[str, set[str]] = {}
        for delivery in leading:
            if delivery.form == form:
                _collect(delivery.document, now, region)
        before: dict[str, set[str]] = {}
        for delivery in replaced:
            if delivery.form == form:
                _collect(delivery.document, before, region)
        for path, values in before.items():
            gone = values - now.get(path, set())
            if gone and path in now:
                found.setdefault(path, set()).update(gone)
    return found


def _collect(document: TipDocument, into: dict[str, set[str]], region: str) -> None:
    for path, leaf, kind in parts.single_leaves(document):
        into.setdefault(path, set()).add(comparable(leaf, kind, region))
    for name, path, kind in SCALARS:
        leaf = getattr(document, name)
        if leaf is not None:
            into.setdefault(path, set()).add(comparable(leaf, kind, region))
