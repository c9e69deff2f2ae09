"""Facts that triage rules stand on: one pure function a fact, named after what it decides.

Each takes what is known about a tip and answers yes, no or not known yet, with the leaves it stands on. No weights here:
those are in the rules file, which a supervisor owns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

from paricha.grounds.provenance import stated
from paricha.intake.document import Leaf, Noted, TipDocument, When


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "not known yet"


class Fact(msgspec.Struct, frozen=True, gc=False):
    """An answer, how many times it holds (files, reports), and the leaves it stands on."""

    answer: Answer
    count: int = 0
    stands_on: tuple[Leaf | When, ...] = ()


class Known(msgspec.Struct, gc=False):
    """What is known about a tip beside its document.

    `addresses`: per address as written, what the operators' tables say as of the sighting ("shared", "own",
    "exit", or absent when no snapshot covers it). `days_left`: of retention for the freshest sighting, None when it
    cannot be told; `freshest`: that sighting's epoch second. `linked_tips`: other tips joined by a judged link, None
    when linking has not looked yet.
    """

    document: TipDocument
    addresses: dict[str, str]
    days_left: int | None
    linked_tips: int | None
    freshest: int | None = None


NO = Fact(Answer.NO)
UNKNOWN = Fact(Answer.UNKNOWN)


def _yes(leaves: Iterable[Leaf | When]) -> Fact:
    found = tuple(leaves)
    return Fact(Answer.YES, len(found), found[:5]) if found else NO


def _text(leaf: Leaf) -> str:
    return str(leaf.value).casefold()


def _noted(notes: Iterable[Noted], *fields: str) -> list[Leaf]:
    return [note.leaf for note in notes if note.field in fields and stated(note.leaf.value)]


_CONTACT_KINDS = ("enticement", "molestation", "trafficking", "sex tourism", "sent to a child")


def incident_names_contact(known: Known) -> Fact:
    """The reported incident type is one of contact with a child, not of files alone (NCMEC enumeration A)."""
    leaf = known.document.incident_type
    if leaf is None:
        return UNKNOWN
    return _yes([leaf] if any(word in _text(leaf) for word in _CONTACT_KINDS) else [])


def reporter_escalates(known: Known) -> Fact:
    """The reporter marked the report for urgent attention."""
    leaf = known.document.escalation
    if leaf is None:
        return NO
    return _yes([leaf] if leaf.value not in (False,) and _text(leaf) not in {"false", "no", "0"} else [])


def stated_priority_is_first(known: Known) -> Fact:
    """The centre that passed the report on gave it its first priority (code 1)."""
    leaf = known.document.priority_stated
    if leaf is None:
        return UNKNOWN
    return _yes([leaf] if str(leaf.value).strip() == "1" else [])


def stated_priority_is_second(known: Known) -> Fact:
    """The centre that passed the report on gave it its second priority (code 2)."""
    leaf = known.document.priority_stated
    if leaf is None:
        return UNKNOWN
    return _yes([leaf] if str(leaf.value).strip() == "2" else [])


def victim_is_named(known: Known) -> Fact:
    """A child victim is named, or a school or a way to reach one is stated."""
    leaves: list[Leaf] = []
    for person in known.document.people:
        if person.role == "victim":
            leaves += person.names or person.phones or person.emails
            leaves += [account.screen_name for account in person.accounts if account.screen_name]
            leaves += _noted(person.other, "schoolName")
    return _yes(leaves)


_CHILD_MARKS = frozenset(
    "livestreaming sextortion csamsolicitation sadisticonlineexploitation possibleselfproduction physicalharm infant".split()
)


def annotations_point_to_a_child_now(known: Known) -> Fact:
    """The reporter's annotations name live acts, pressure on a child, or new material."""
    leaves = [leaf for file in known.document.files for leaf in file.annotations if _text(leaf) in _CHILD_MARKS]
    leaves += [note.leaf for note in known.document.marks if note.field.casefold() in _CHILD_MARKS]
    return _yes(leaves)


def address_with_port_and_time(known: Known) -> Fact:
    """At least one address is stated with port and instant: it can be asked of any operator."""
    seen = [s for s in known.document.sightings if s.address is not None]
    if not seen:
        return UNKNOWN
    return _yes(s.address for s in seen if s.address and s.port and s.at and s.at.utc is not None)


def only_shared_addresses_without_port(known: Known) -> Fact:
    """Every address with an instant belongs to an operator who shares addresses, and no port is stated."""
    timed = [s for s in known.document.sightings if s.address and s.at and s.at.utc is not None]
    if not timed:
        return UNKNOWN
    kinds = [known.addresses.get(str(s.address.value)) for s in timed if s.address]
    if any(kind is None for kind in kinds):
        return UNKNOWN
    bad = [s.address for s, kind in zip(timed, kinds, strict=True) if s.address and kind == "shared" and s.port is None]
    return _yes(bad) if len(bad) == len(timed) else NO


def address_is_an_exit(known: Known) -> Fact:
    """Every address is an exit of a VPN, relay, Tor or hosting service as of its day."""
    kinds = {str(s.address.value): s.address for s in known.document.sightings if s.address}
    if not kinds:
        return UNKNOWN
    said = {text: known.addresses.get(text) for text in kinds}
    if any(kind is None for kind in said.values()):
        return UNKNOWN
    return _yes(kinds.values()) if all(kind == "exit" for kind in said.values()) else NO


def _freshest(known: Known) -> list[When]:
    """The time of the sighting whose log lives longest."""
    times = [s.at for s in known.document.sightings if s.at and s.at.utc is not None]
    of_it = [at for at in times if known.freshest is None or at.utc == known.freshest]
    return sorted(of_it, key=lambda at: at.utc or 0)[-1:]


def retention_runs_out(known: Known) -> Fact:
    """Fewer than 30 days are left until the operator may delete the log of the freshest sighting."""
    if known.days_left is None:
        return UNKNOWN
    return _yes(_freshest(known)) if 0 <= known.days_left < 30 else NO


def retention_is_over(known: Known) -> Fact:
    """The operators' logs of every sighting are past their retention."""
    if known.days_left is None:
        return UNKNOWN
    return _yes(_freshest(known)) if known.days_left < 0 else NO


def phone_or_mail_is_stated(known: Known) -> Fact:
    """A phone number or e-mail of a suspect is stated."""
    return _yes(leaf for p in known.document.people if p.role == "suspect" for leaf in [*p.phones, *p.emails])


def device_is_stated(known: Known) -> Fact:
    """A device id of a suspect is stated."""
    return _yes(d.value for p in known.document.people if p.role == "suspect" for d in p.devices if d.value)


def highest_classification(known: Known) -> Fact:
    """At least one file is classified A1, the highest of the industry's four classes."""
    classes = [file.classification for file in known.document.files if file.classification]
    if not classes:
        return UNKNOWN if known.document.files else NO
    return _yes(leaf for leaf in classes if _text(leaf) == "a1")


def second_classification(known: Known) -> Fact:
    """At least one file is classified A2, none A1."""
    classes = [file.classification for file in known.document.files if file.classification]
    if not classes:
        return UNKNOWN if known.document.files else NO
    if any(_text(leaf) == "a1" for leaf in classes):
        return NO
    return _yes(leaf for leaf in classes if _text(leaf) == "a2")


def files_are_many(known: Known) -> Fact:
    """Twenty or more files are reported."""
    names = [file.name or (file.hashes[0].value if file.hashes else None) for file in known.document.files]
    found = [leaf for leaf in names if leaf is not None]
    return Fact(Answer.YES, len(found), tuple(found[:5])) if len(found) >= 20 else NO


def files_are_several(known: Known) -> Fact:
    """Three to nineteen files are reported."""
    names = [file.name or (file.hashes[0].value if file.hashes else None) for file in known.document.files]
    found = [leaf for leaf in names if leaf is not None]
    return Fact(Answer.YES, len(found), tuple(found[:5])) if 3 <= len(found) < 20 else NO


def reported_before(known: Known) -> Fact:
    """Earlier reports about the same person or files are named by the sender."""
    leaves = [*known.document.prior_reports]
    for person in known.document.people:
        if person.role == "suspect":
            leaves += person.prior_reports
    return _yes(leaves)


def access_to_children(known: Known) -> Fact:
    """The reporter states that the suspect has access to children, or an earlier conviction."""
    leaves: list[Leaf] = []
    for person in known.document.people:
        if person.role == "suspect":
            leaves += _noted(person.other, "accessToChildren", "accessToChildVictim", "convictedSexOffender")
    if not leaves:
        return UNKNOWN
    return _yes(leaf for leaf in leaves if leaf.value is True or _text(leaf) in {"true", "yes", "y", "1"})


def linked_to_other_tips(known: Known) -> Fact:
    """A judged link joins the tip to others."""
    if known.linked_tips is None:
        return UNKNOWN
    if known.linked_tips == 0:
        return NO
    leaves = [a.user_id or a.screen_name for p in known.document.people for a in p.accounts]
    return Fact(Answer.YES, known.linked_tips, tuple(leaf for leaf in leaves if leaf)[:2])


_COPIES = frozenset({"batchedreport", "viral", "potentialmeme", "viral_potential_meme", "meme"})


def marked_as_viral(known: Known) -> Fact:
    """The sender marks the report as batched, viral or a meme."""
    leaves = [note.leaf for note in known.document.marks if note.field.casefold() in _COPIES]
    leaves += [leaf for file in known.document.files for leaf in file.annotations if _text(leaf) in _COPIES]
    return _yes(leaf for leaf in leaves if leaf.value is not False)


def marked_informational(known: Known) -> Fact:
    """The sender marks the report as informational, not as a referral."""
    leaves = [note.leaf for note in known.document.marks if note.field == "informational"]
    return _yes(leaf for leaf in leaves if leaf.value is True or _text(leaf) in {"true", "yes"})


FACTS: dict[str, Callable[[Known], Fact]] = {
    function.__name__: function
    for function in (
        incident_names_contact,
        reporter_escalates,
        stated_priority_is_first,
        stated_priority_is_second,
        victim_is_named,
        annotations_point_to_a_child_now,
        address_with_port_and_time,
        only_shared_addresses_without_port,
        address_is_an_exit,
        retention_runs_out,
        retention_is_over,
        phone_or_mail_is_stated,
        device_is_stated,
        highest_classification,
        second_classification,
        files_are_many,
        files_are_several,
        reported_before,
        access_to_children,
        linked_to_other_tips,
        marked_as_viral,
        marked_informational,
    )
}

READ_BY_THE_CLOCK = frozenset({"retention_runs_out", "retention_is_over"})  # true on one day, not on the next

__all__ = ["FACTS", "READ_BY_THE_CLOCK", "Answer", "Fact", "Known"]
