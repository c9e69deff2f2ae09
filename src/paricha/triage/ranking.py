"""Rank tips in bulk: gather what is known, judge, write the queue's rows anew."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection

from paricha.grounds.instants import from_epoch
from paricha.intake.document import TipDocument
from paricha.linking.queries import linked_counts
from paricha.operators.asof import Verdict as Agreement
from paricha.operators.models import OperatorFile
from paricha.operators.queries import whose
from paricha.records import bulk
from paricha.records.models import Tip
from paricha.records.queries import documents_of
from paricha.triage.facts import Known
from paricha.triage.models import Decision, Rank, State, Taking, Whereabouts
from paricha.triage.scoring import AXES, Judgement, Reason, Rules, judge, shipped_rules

pack_reasons = msgspec.msgpack.Encoder().encode
open_reasons = msgspec.msgpack.Decoder(list[Reason]).decode

COLUMNS = (
    "id id16 tip_id unit_id compartment_id state taken_by_id rank child_at_risk solvability seriousness "
    "history_access completeness top rules_version reasons"
)


class Standing(msgspec.Struct, frozen=True):
    """What officers and districts have said of a tip: its state in the queue, and who has it."""

    state: State
    taken_by: int | None


def rank_tips(
    tips: Sequence[bytes], rules: Rules | None = None, *, now: datetime | None = None,
    judged: Mapping[bytes, Judgement] | None = None,
) -> int:  # fmt: skip
    """Judge these tips (16-byte ids) and write their rows anew; rows of tips that are gone go too. Idempotent.

    Returns how many stand ranked. Call inside a transaction. `now` is the moment for retention; `judged`: what
    `judgements` found before the transaction began.
    """
    hold_still(tips)
    found = judgements(tips, rules, now=now) if judged is None else judged
    rows_of = {
        bytes(id16): (number, unit, compartment, version)
        for number, id16, unit, compartment, version in bulk.found(
            "SELECT id, id16, unit_id, compartment_id, version FROM records_tip WHERE id16 IN ({})", tips
        )
    }
    stand = standings({id16: row[3] for id16, row in rows_of.items()})
    bulk.delete_where(Rank, "id16", tips)
    number = bulk.Keys(Rank)
    rows = [
        _row(number(), id16, tip, unit, compartment, stand[id16], found[id16])
        for id16, (tip, unit, compartment, _version) in rows_of.items()
        if id16 in found
    ]
    bulk.insert(Rank, COLUMNS, rows)
    return len(rows)


def judgements(
    tips: Sequence[bytes], rules: Rules | None = None, *, now: datetime | None = None
) -> dict[bytes, Judgement]:
    """What triage says of these tips as the record stands; only reads, so it needs no transaction."""
    law, moment = rules or shipped_rules(), now or datetime.now(UTC)
    documents = documents_of(tips)
    keys = {bytes(id16): key for id16, key in bulk.found("SELECT id16, id FROM records_tip WHERE id16 IN ({})", tips)}
    counts = linked_counts(list(keys.values()))
    tables = _tables_stand()
    return {
        id16: judge(known_of(document, counts.get(keys[id16], 0), moment, law, tables), law)
        for id16, document in documents.items()
        if id16 in keys
    }


def _row(
    number: int, id16: bytes, tip: int, unit: int, compartment: int | None, stand: Standing, judged: Judgement
) -> tuple[Any, ...]:
    return (
        number, id16, tip, unit, compartment, stand.state.value, stand.taken_by, judged.rank,
        *(judged.axes[axis] for axis in AXES), judged.completeness, judged.top, judged.rules_version,
        pack_reasons(judged.reasons),
    )  # fmt: skip


def hold_still(tips: Sequence[bytes]) -> None:
    """Lock the tips' rows (PostgreSQL; SQLite has one writer), so that no verb restates a row that is being remade."""
    if not bulk.postgresql():
        return
    for start in range(0, len(tips), bulk.AT_ONCE):
        some = tips[start : start + bulk.AT_ONCE]
        list(Tip.objects.select_for_update().filter(id16__in=some).order_by("id16").values_list("pk"))


def known_of(document: TipDocument, linked: int, now: datetime, rules: Rules, tables: str) -> Known:
    """What is known beside the document: whose the addresses were, retention left, links.

    `tables`: the newest file of operators, empty when there is none.
    """
    addresses: dict[str, str] = {}
    freshest: int | None = None
    if tables:
        for seen in document.sightings:
            if seen.address is None or seen.at is None or seen.at.utc is None:
                continue
            kind = _address_kind(str(seen.address.value), seen.at.utc // 86_400, tables)
            if kind is not None:
                addresses[str(seen.address.value)] = kind
                if kind in ("shared", "own"):
                    freshest = seen.at.utc if freshest is None else max(freshest, seen.at.utc)
    left = None if freshest is None else rules.retention_days - (now - from_epoch(freshest)).days
    return Known(document, addresses, left, linked, freshest)


def _tables_stand() -> str:
    """The newest file of operators: an answer of theirs holds until there is a newer one."""
    newest = OperatorFile.objects.order_by("-imported_at", "-id").values_list("id", flat=True).first()
    return newest.hex() if newest else ""


@lru_cache(maxsize=100_000)
def _address_kind(text: str, day: int, _tables: str) -> str | None:
    """`exit`, `shared` or `own` as of a UTC day (days since 1970); None when the operators' tables don't say."""
    try:
        found = whose(text, from_epoch(day * 86_400))
    except ValueError:
        return None
    if found.exits:
        return "exit"
    if found.verdict is not Agreement.AGREED or found.line is None:
        return None
    if found.line.kind == "hosting":
        return "exit"
    shared = found.line.shared_ipv4 and ipaddress.ip_address(text.strip().strip("[]")).version == 4
    return "shared" if shared else "own"


def standings(versions: dict[bytes, int]) -> dict[bytes, Standing]:
    """State and holder of each tip (id → its version now), from decisions, takings and what the feed told.

    What was said last leads, an officer's verdict or a district's word; a version newer than that opens the tip again.
    """
    ids = _spoken_of(versions)
    last: dict[bytes, tuple[datetime, int, State]] = {
        tip: (at, version, State(state))
        for tip, at, version, state in _rows(Whereabouts.objects, ids, "tip", "at", "version", "state")
    }
    standing_ones = Decision.objects.filter(undone_at__isnull=True).order_by("at", "id")
    for tip, at, version in _rows(standing_ones, ids, "tip", "at", "version"):
        if tip not in last or at >= last[tip][0]:
            last[tip] = (at, version, State.DECIDED)
    taken = dict(_rows(Taking.objects.filter(given_back_at__isnull=True), ids, "tip", "officer_id"))
    found = {}
    for tip, version in versions.items():
        if tip in last:
            _at, judged, said = last[tip]
            state = said if judged >= version else State.AGAIN
        else:
            state = State.TAKEN if tip in taken else State.UNREAD
        found[tip] = Standing(state, taken.get(tip))
    return found


def _spoken_of(tips: Iterable[bytes]) -> list[bytes]:
    """The few of these tips of which anybody has said anything: of a backlog's none, and models read them slowly."""
    found: set[bytes] = set()
    for model in (Whereabouts, Decision, Taking):
        found |= {
            bytes(row[0]) for row in bulk.found(f"SELECT tip FROM {model._meta.db_table} WHERE tip IN ({{}})", tips)
        }
    return sorted(found)


def _rows(query: Any, ids: list[bytes], *fields: str) -> Iterable[tuple[Any, ...]]:
    for start in range(0, len(ids), bulk.AT_ONCE):
        yield from query.filter(tip__in=ids[start : start + bulk.AT_ONCE]).values_list(*fields)


def restate(tip: bytes) -> None:
    """Set state and holder of one tip's row anew, after a verb."""
    row = Rank.objects.filter(id16=tip).select_related("tip").first()
    if row is None:
        return
    stand = standings({tip: row.tip.version})[tip]
    Rank.objects.filter(pk=row.pk).update(state=stand.state, taken_by=stand.taken_by)


def forget() -> None:
    """Empty the queue."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM triage_rank")
