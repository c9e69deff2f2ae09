"""Whose an address was on a day: two sources and the table, never a name."""

from datetime import date

import pytest

from paricha.grounds.refusals import Refused
from paricha.operators.asof import OperatorLine, Said, Verdict, holding, weigh
from paricha.operators.bogons import bogon

DAY = date(2026, 5, 4)


def said(source, asn):
    return Said(source, date(2026, 1, 1), source, 2, "198.18.0.0/17", asn, "NAME", "IN")


def line(operator, asn, since="2020-01-01", until=None):
    end = date.fromisoformat(until) if until else None
    return OperatorLine(operator, operator, asn, date.fromisoformat(since), end, "fixed", False, 56, "generic")


TABLE = [line("old", 64496, until="2026-05-03"), line("new", 64496, since="2026-05-04"), line("other", 64497)]


@pytest.mark.parametrize(
    ("answers", "verdict", "operator"),
    [
        ([], Verdict.NO_SOURCE, None),
        ([("a", 64496)], Verdict.ONE_SOURCE, None),
        ([("a", 64496), ("a", 64496)], Verdict.ONE_SOURCE, None),
        ([("a", 64496), ("b", 64497)], Verdict.DIFFER, None),
        ([("a", 64496), ("b", 64496), ("c", 64497)], Verdict.DIFFER, None),
        ([("a", 64511), ("b", 64511)], Verdict.NOT_IN_TABLE, None),
        ([("a", 64496), ("b", 64496)], Verdict.AGREED, "new"),
        ([("a", 64497), ("b", 64497)], Verdict.AGREED, "other"),
    ],
)
def test_two_sources_must_agree_and_the_table_must_know_the_number_that_day(answers, verdict, operator):
    found = weigh("198.18.0.9", DAY, [said(*answer) for answer in answers], TABLE, [])
    assert found.verdict is verdict and (found.line.operator if found.line else None) == operator


def test_a_snapshot_holds_from_its_day_until_the_next_of_its_source():
    kept = [(date(2026, 1, 10), "first"), (date(2026, 6, 10), "second")]
    days = {date(2026, 1, 9): None, date(2026, 1, 10): "first", date(2026, 6, 9): "first", date(2026, 6, 10): "second"}
    assert {day: holding(kept, day) for day in days} == days


@pytest.mark.parametrize(
    ("address", "made_up", "real"),
    [("10.0.0.1", True, True), ("100.64.1.1", True, True), ("192.0.2.1", False, True), ("198.18.0.1", False, True),
     ("2001:db8::1", False, True), ("fe80::1", True, True), ("64:ff9b::c000:201", False, True), ("64:ff9b::a00:1", True, True),
     ("2002::1", True, True), ("224.0.0.1", True, True)],
)  # fmt: skip
def test_documentation_addresses_are_public_only_in_made_up_folders(address, made_up, real):
    assert (bogon(address, synthetic=True) is not None, bogon(address, synthetic=False) is not None) == (made_up, real)


def test_an_import_keeps_good_rows_names_bad_ones_and_adds_nothing_twice(officer):
    from paricha.operators.verbs import import_file

    data = (
        b"prefix,asn,as_name,country\n198.18.0.0/24,64496,A,IN\n198.18.0.1/24,64496,B,IN\n"
        b"198.18.2.0/24,64496,C,IN\n198.18.2.0/24,64497,D,IN\n"
    )
    done = import_file(officer, data, name="s.csv", as_of=date(2026, 1, 10), source="a")
    assert done.file.rows == 1 and [r.code for r in done.refusals] == [
        "OPERATORS-ROW",
        "OPERATORS-TWICE",
        "OPERATORS-TWICE",
    ]
    assert not import_file(officer, data, name="s.csv", as_of=date(2026, 1, 10), source="a").new
    with pytest.raises(Refused, match="OPERATORS-FILE-UNKNOWN"):
        import_file(officer, b"a,b\n1,2\n", name="x.csv", as_of=date(2026, 1, 10), source="a")
    with pytest.raises(Refused, match="OPERATORS-DATE"):
        import_file(officer, data, name="s.csv", as_of=date(2126, 1, 10), source="a")


def test_an_address_that_changed_hands_is_answered_as_of_the_day(officer):
    from datetime import UTC, datetime

    import numpy as np

    from paricha.operators.queries import asn_many_v4, whose
    from paricha.operators.verbs import import_file

    table = (
        b"operator,name,asn,from,until,kind,shared_ipv4,ipv6_prefix,request_layout\n"
        b"a,A,64496,2020-01-01,,fixed,no,56,generic\nb,B,64497,2020-01-01,,cable,yes,56,generic\n"
    )
    import_file(officer, table, name="t.csv", as_of=date(2026, 1, 1), source="unit")
    for source in ("one", "two"):
        for day, asn in (("2026-01-10", 64496), ("2026-06-10", 64497)):
            data = f"prefix,asn,as_name,country\n198.18.0.0/16,64496,X,IN\n198.18.4.0/24,{asn},{source},IN\n".encode()
            import_file(officer, data, name="s.csv", as_of=date.fromisoformat(day), source=source)
    answers = [whose("198.18.4.9", datetime(2026, month, 1, tzinfo=UTC)).line for month in (2, 7)]
    assert [answer.operator for answer in answers] == ["a", "b"]
    many = asn_many_v4(np.array([0xC6120409, 0xC6120509, 0x01010101], dtype=np.uint32), date(2026, 7, 1))
    assert {source: numbers.tolist() for source, numbers in many.items()} == {
        s: [64497, 64496, 0] for s in ("one", "two")
    }
