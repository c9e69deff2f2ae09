"""Which asked sighting a reply row answers, and which rows answer nothing that was asked. Pure."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from paricha.attribution import checks_of_a_strand as rules
from paricha.attribution.strand import Answer, OperatorFacts, RequestFacts, SightingFacts, Strand, subscriber_key


class Asked(msgspec.Struct, frozen=True):
    """A row of the request: what was asked, of which operator."""

    sighting: SightingFacts
    operator: OperatorFacts
    request: RequestFacts


class Matched(msgspec.Struct, frozen=True):
    """A reply row and the asked rows it answers; where none, `words` say why."""

    answer: Answer
    asked: tuple[Asked, ...]
    words: str = ""


def match(answers: list[Answer], asked: list[Asked], strand_of: StrandMaker) -> list[Matched]:
    """Each row by its row number; without one, it answers each asked instant that its session covers."""
    by_row = {row.request.row: row for row in asked}
    found = []
    for answer in answers:
        if answer.row is not None:
            row = by_row.get(answer.row)
            words = "" if row else _("Row {row} was never asked: the request has {count} rows. A row too many.").format(
                row=answer.row, count=len(asked)
            )  # fmt: skip
            found.append(Matched(answer, (row,) if row else (), words))
            continue
        covered = tuple(row for row in asked if fits(strand_of(row, answer)))
        found.append(Matched(answer, covered, "" if covered else nothing_asked(answer, asked, strand_of)))
    return found


class StrandMaker:
    """Makes a strand of an asked row and an answer, as of a day."""

    def __init__(self, today: object):
        self.today = today

    def __call__(self, asked: Asked, answer: Answer, others: tuple[Answer, ...] = ()) -> Strand:
        return Strand(asked.sighting, asked.operator, asked.request, answer, self.today, others=others)  # type: ignore[arg-type]


def fits(strand: Strand) -> bool:
    """Whether address, port and session answer the asked row."""
    return not (rules.address_fault(strand) or rules.port_fault(strand) or rules.session_fault(strand))


def nothing_asked(answer: Answer, asked: list[Asked], strand_of: StrandMaker) -> str:
    """Why a row without a row number answers nothing, naming the nearest asked row."""
    same = [row for row in asked if not rules.address_fault(strand_of(row, answer))]
    for row in same:
        strand = strand_of(row, answer)
        fault = rules.port_fault(strand) or rules.session_fault(strand)
        if fault:
            return fault
    near = [row for row in asked if answer.address and rules.different_signs(row.sighting.address, answer.address) == 1]
    if near:
        return rules.address_fault(strand_of(near[0], answer))
    return _("The row stands for {address}, which was not asked. A row too many.").format(
        address=answer.address_text or "?"
    )


def others_for(place: int, matched: list[Matched], row: Asked, strand_of: StrandMaker) -> tuple[Answer, ...]:
    """Answers of the same call that echo this asked row as well and name another subscriber (C21)."""
    mine = matched[place].answer
    key = subscriber_key(row.operator.code, mine.subscriber)
    return tuple(
        other.answer
        for number, other in enumerate(matched)
        if number != place
        and row in other.asked
        and subscriber_key(row.operator.code, other.answer.subscriber) != key
        and fits(strand_of(row, other.answer))
    )


def belongs_elsewhere(matched: Matched, asked: list[Asked], strand_of: StrandMaker) -> str:
    """A row whose values are those of another asked row: words, else empty (W09)."""
    if len(matched.asked) != 1 or fits(strand_of(matched.asked[0], matched.answer)):
        return ""
    for row in asked:
        if row is not matched.asked[0] and fits(strand_of(row, matched.answer)):
            return _("Its values are those of row {row}.").format(row=row.request.row)
    return ""
