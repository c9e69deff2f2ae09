"""One call of `replies read`: its files opened, refused whole where they must be, every row judged. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from paricha.attribution import answers as reading
from paricha.attribution import checks_of_a_door, checks_of_a_strand
from paricha.attribution.matching import Asked, Matched, StrandMaker, belongs_elsewhere, match, others_for
from paricha.attribution.outcomes import CHECKS, CheckRun, Result
from paricha.attribution.strand import Answer, DoorFacts, Strand
from paricha.grounds.refusals import Refusal
from paricha.intake.readers.operator_reply_generic import Cells, Table, Unreadable, read

ECHO_CODES = frozenset({"C07", "C12", "C16", "C17", "C20", "C27"})  # a block of these is no answer to what was asked
ROW_CODES = ("C23", "C25")  # checks of a door that one row can already answer


class Given(msgspec.Struct, frozen=True):
    """A file of the call: its name as given and its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Opened(msgspec.Struct):
    """A file that can be used, with its table."""

    given: Given
    table: Table


class JudgedRow(msgspec.Struct, frozen=True):
    """A reply row with what it means for one asked sighting, or for none. `row`: of the request, None where none."""

    answer: Answer
    row: int | None
    sighting: str | None
    outcome: str  # accepted, held, refused
    checks: tuple[CheckRun, ...]

    def to_plain(self) -> dict[str, Any]:
        return {
            "reply_row": self.answer.number,
            "sighting": self.sighting,
            "outcome": self.outcome,
            "checks": [{"code": run.code, "outcome": run.result.value, "words": run.words} for run in self.checks],
        }


class CallRead(msgspec.Struct):
    """What a call brought: usable files, judged rows, counts, refusals."""

    opened: list[Opened]
    rows: list[JudgedRow]
    no_records: int
    footers: int
    refusals: list[Refusal]
    silent: list[int] = []  # numbers of the rows without records


def open_files(files: list[Given], request: str) -> tuple[list[Opened], list[Refusal]]:
    """The files that can be used for a request, and why the others cannot."""
    opened, refusals = [], []
    for given in files:
        try:
            table = read(given.data)
        except Unreadable as error:
            refusals.append(_whole(given, "REPLIES-UNREADABLE", _("The file cannot be read: {why}.").format(why=error),
                                   _("Ask the operator for the file as CSV or xlsx.")))  # fmt: skip
            continue
        refusal = whole_file(given, table, request)
        if refusal:
            refusals.append(refusal)
        else:
            opened.append(Opened(given, table))
    return opened, refusals


def whole_file(given: Given, table: Table, request: str) -> Refusal | None:
    """Why a whole file is refused: unknown layout, no zone, drift of its format, another request's number."""
    if table.kind == "unknown":
        return _whole(given, "REPLIES-LAYOUT", _("The header “{header}” is no layout that we know.").format(
            header=",".join(table.header)[:300]), _("Ask the operator for the generic layout; nothing of the file was used."))  # fmt: skip
    if table.kind == "details":
        return None
    if table.separator == ";":
        return _whole(given, "REPLIES-DRIFT", _("The columns are separated by semicolons; the layout says commas."),
                      _("Ask the operator for the file in the agreed layout."))  # fmt: skip
    numbers = sorted({number for row in table.rows if (number := reading.text(row, "Request"))})
    foreign = [number for number in numbers if number.casefold() != request.casefold()]
    if foreign:
        return _whole(given, "REPLIES-OTHER-REQUEST", _("The reply carries the number {other}; the request is {number}.").format(
            other=", ".join(foreign[:3]), number=request), _("Read it for its own request, or ask the operator."))  # fmt: skip
    drift = reading.drift(table)
    if drift:
        code = "REPLIES-ZONE" if not _any_zone(table) else "REPLIES-DRIFT"
        return _whole(given, code, drift, _("Ask the operator; nothing of the file was used."))
    return None


def _any_zone(table: Table) -> bool:
    return any((reading.text(row, "Time Zone") or "").upper() in reading.ZONES for row in table.rows)


def _whole(given: Given, code: str, what: str, remedy: str) -> Refusal:
    return Refusal(given.name, None, what, remedy, code)


def read_call(files: list[Given], request: str, asked: list[Asked], today: date) -> CallRead:
    """Open, join, match and judge. Every row of a usable file is in `rows`, `no_records`, `footers` or `refusals`."""
    opened, refusals = open_files(files, request)
    details, unjoined = _details(opened)
    call = CallRead(opened, [], 0, sum(len(one.table.footers) for one in opened), refusals)
    answers: list[Answer] = []
    number = 0
    for one in opened:
        if one.table.kind != "reply":
            continue
        for cells in one.table.rows:
            number += 1
            named = reading.text(cells, "Subscriber ID") or reading.text(cells, "Session Start")
            if reading.no_records(cells) and not named:
                call.no_records += 1
                call.silent.append(number)
                continue
            user = (reading.text(cells, "Subscriber ID") or "").casefold()
            rows = details.get(user, []) if user else []
            unjoined.pop(user, None)
            answers.append(
                reading.answer_of(cells, one.given.sha256, number, [r for _s, r in rows], [s for s, _r in rows])
            )
    call.rows = judge(answers, asked, today)
    for given, cells in (place for places in unjoined.values() for place in places):
        call.refusals.append(
            Refusal(given.name, _("line {line}").format(line=cells.line), _("The user id “{id}” stands in no row of the log.").format(
                id=reading.text(cells, "User ID") or ""), _("Give the log and its details in one call."), "REPLIES-DETAILS-UNJOINED")
        )  # fmt: skip
    return call


def _details(opened: list[Opened]) -> tuple[dict[str, list[tuple[str, Cells]]], dict[str, list[tuple[Given, Cells]]]]:
    """Details rows by user id, folded; and the same as what nobody has joined yet."""
    by_user: dict[str, list[tuple[str, Cells]]] = {}
    waiting: dict[str, list[tuple[Given, Cells]]] = {}
    for one in opened:
        if one.table.kind == "details":
            for cells in one.table.rows:
                user = (reading.text(cells, "User ID") or "").casefold()
                by_user.setdefault(user, []).append((one.given.sha256, cells))
                waiting.setdefault(user, []).append((one.given, cells))
    return by_user, waiting


def judge(answers: list[Answer], asked: list[Asked], today: date) -> list[JudgedRow]:
    """Each answer against what was asked, and against the other answers of the call."""
    maker = StrandMaker(today)
    matched = match(answers, asked, maker)
    rows = []
    for place, one in enumerate(matched):
        if not one.asked:
            run = CheckRun("C20", Result.BLOCK, one.words, one.answer.at("Row", "Source IP"))
            rows.append(JudgedRow(one.answer, None, None, "refused", (run,)))
            continue
        for row in one.asked:
            strand = maker(row, one.answer, others_for(place, matched, row, maker))
            runs = runs_of(strand, belongs_elsewhere(one, asked, maker), one)
            rows.append(JudgedRow(one.answer, row.request.row, row.sighting.id, outcome_of(runs, strand), tuple(runs)))
    return rows


def runs_of(strand: Strand, elsewhere: str, matched: Matched) -> list[CheckRun]:
    """The checks that one row can answer, in order of code."""
    runs = checks_of_a_strand.run(strand)
    if elsewhere:
        runs = [
            msgspec.structs.replace(run, words=f"{run.words} {elsewhere}") if run.code == "C20" else run for run in runs
        ]
    if "no records" in (matched.answer.remarks or "").casefold():
        words = _("The row says that nothing was found and names a subscriber.")
        runs = [CheckRun("C20", Result.BLOCK, words, run.evidence) if run.code == "C20" else run for run in runs]
    door = DoorFacts((strand,), (), None, None, None, (), strand.today)
    for code in ROW_CODES:
        outcome = CHECKS[code].rule(door)
        runs.append(CheckRun(code, outcome.result, outcome.words, outcome.evidence))
    return sorted(runs, key=lambda run: run.code)


def outcome_of(runs: list[CheckRun], strand: Strand) -> str:
    """Refused: no answer to what was asked. Held: an answer that an officer or a new fact must complete."""
    subscriber = strand.answer.subscriber
    if any(run.code in ECHO_CODES and run.result is Result.BLOCK for run in runs) or not (
        subscriber.id or subscriber.name
    ):
        return "refused"
    return "held" if any(run.result in (Result.BLOCK, Result.HOLD) for run in runs) else "accepted"


def address_key(answer: Answer, mobile: bool) -> str:
    """By what an installation address is the same: its words and numbers; empty for any other address."""
    subscriber = answer.subscriber
    if mobile or subscriber.address_kind != checks_of_a_door.INSTALLATION or not subscriber.address:
        return ""
    return same_address(subscriber.address)


def same_address(text: str) -> str:
    """Letters and digits in order, case and signs dropped; nothing else is taken for equal."""
    kept = (sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in text.casefold())
    return " ".join("".join(kept).split())
