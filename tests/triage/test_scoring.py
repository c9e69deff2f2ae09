"""Triage: four axes from facts, each with its reasons and places; unknown is not no; nothing is hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.grounds.instants import Precision, ZoneSource
from paricha.grounds.provenance import LocatorKind
from paricha.grounds.refusals import Refused
from paricha.intake.document import FileSeen, Leaf, Noted, Person, Seen, Source, TipDocument, When
from paricha.triage import refusals  # noqa: F401
from paricha.triage.facts import FACTS, Answer, Known
from paricha.triage.scoring import TOP, Rules, judge, read_rules, shipped_rules


def document(**parts) -> TipDocument:
    source = Source("json", "cybertip-json/1", "ab" * 32, LocatorKind.JSON_POINTER)
    return TipDocument(sources=[source], giver="ncmec", place="", expected=10, read=4, **parts)


def known(addresses=None, days_left=None, linked=None, **parts) -> Known:
    return Known(document(**parts), addresses or {}, days_left, linked)


def seen(address="192.0.2.9", port=None) -> Seen:
    at = When("2026-11-01T10:00:00Z", "/t", 1_793_527_200, Precision.SECOND, ZoneSource.STATED)
    return Seen("person", "suspect 1", Leaf(address, "/a"), Leaf(port, "/p") if port else None, None, at)


def test_an_escalated_report_goes_to_the_top_with_its_place():
    judgement = judge(known(escalation=Leaf("please hurry", "/e")), shipped_rules())
    assert judgement.top and judgement.rank >= TOP
    reason = next(reason for reason in judgement.reasons if reason.code == "T01")
    assert reason.at == [{"original": "ab" * 32, "kind": "json_pointer", "at": "/e"}]


def test_two_tips_of_one_incident_type_are_told_apart():
    kind = Leaf("Child Pornography (possession, manufacture, and distribution)", "/i")
    quiet = judge(known(incident_type=kind), shipped_rules())
    child = judge(
        known(incident_type=kind, people=[Person("victim", 1, names=[Leaf("Made-up Name", "/v")])]), shipped_rules()
    )
    assert child.rank > quiet.rank


def test_a_shared_address_without_port_is_not_known_before_the_tables_are_loaded():
    fact = FACTS["only_shared_addresses_without_port"]
    assert fact(known(sightings=[seen()])).answer is Answer.UNKNOWN
    assert fact(known({"192.0.2.9": "shared"}, sightings=[seen()])).answer is Answer.YES
    assert fact(known({"192.0.2.9": "shared"}, sightings=[seen(port=4021)])).answer is Answer.NO
    assert fact(known({"192.0.2.9": "own"}, sightings=[seen()])).answer is Answer.NO


def test_access_not_stated_is_not_no():
    fact = FACTS["access_to_children"]
    said_no = Person("suspect", 1, other=[Noted("accessToChildren", Leaf(False, "/c"))])
    said_yes = Person("suspect", 1, other=[Noted("accessToChildren", Leaf(True, "/c"))])
    assert fact(known(people=[Person("suspect", 1)])).answer is Answer.UNKNOWN
    assert fact(known(people=[said_no])).answer is Answer.NO
    assert fact(known(people=[said_yes])).answer is Answer.YES


def test_an_unknown_fact_is_shown_and_gives_no_points():
    judgement = judge(known(), shipped_rules())
    unknown = [reason for reason in judgement.reasons if not reason.known]
    assert {"T10", "T11", "T18"} <= {reason.code for reason in unknown}
    assert all(reason.points == 0 for reason in unknown)


def test_a_viral_mark_lowers_and_never_hides():
    files = [FileSeen(name=Leaf(f"{n}.bin", f"/{n}"), classification=Leaf("A1", f"/c{n}")) for n in range(3)]
    plain = judge(known(files=files), shipped_rules())
    viral = judge(known(files=files, marks=[Noted("viral", Leaf(True, "/m"))]), shipped_rules())
    assert 0 <= viral.rank < plain.rank
    assert any(reason.code == "T19" and reason.points < 0 for reason in viral.reasons)


def test_completeness_stands_apart_from_priority():
    poor, rich = known(), known()
    rich.document.read = 10
    assert judge(poor, shipped_rules()).rank == judge(rich, shipped_rules()).rank
    assert (judge(poor, shipped_rules()).completeness, judge(rich, shipped_rules()).completeness) == (40, 100)


@given(st.permutations(shipped_rules().rule))
def test_the_order_of_rules_does_not_matter(order):
    base = shipped_rules()
    tip = known({"192.0.2.9": "own"}, 12, 3, sightings=[seen(port=80)], escalation=Leaf("now", "/e"))
    other = judge(tip, Rules(base.version, base.retention_days, base.weights, list(order)))
    first = judge(tip, base)
    assert (other.axes, other.rank, other.top) == (first.axes, first.rank, first.top)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('version = "1"\nretention_days=730\nrule = []\n'
         '[weights]\nchild_at_risk=1\nsolvability=1\nseriousness=1\nhistory_access=1', "add up to 4"),
        ('version = "1"\nretention_days=730\n[weights]\nchild_at_risk=100\nsolvability=0\nseriousness=0\nhistory_access=0\n'
         '[[rule]]\ncode="X"\naxis="solvability"\nfact="made_up"\npoints=1\nshort="s"\nwords="w"', "nobody can establish"),
        ("version = ", "cannot be read"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_rules_file_is_named(text, words):
    with pytest.raises(Refused) as refused:
        read_rules(text, "mine.toml")
    assert refused.value.refusal.code == "TRIAGE-RULES"
    assert words in refused.value.refusal.what


def test_every_rule_names_a_fact_and_every_fact_has_a_rule():
    assert set(FACTS) == {rule.fact for rule in shipped_rules().rule}
