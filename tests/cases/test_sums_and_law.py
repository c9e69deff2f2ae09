"""The sums of the evening agree or say where not; sections follow the law in force that day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from paricha.cases.law import LawLine, in_force, propose
from paricha.cases.sums import DoorEnd, add_up

doors = st.lists(
    st.builds(
        DoorEnd, door=st.sampled_from("abcdefgh"), searched=st.booleans(),
        reason=st.sampled_from([None, "dropped", "moved"]),
    ),
    max_size=20,
)  # fmt: skip


@given(doors)
def test_identified_is_searched_and_not_searched_and_open(ends):
    sums = add_up(ends)
    assert sums.agrees
    assert sums.identified == len({end.door for end in ends})


def test_131_of_596_not_searched_each_has_its_reason_or_is_named():
    ends = [DoorEnd(f"d{n}", n < 465, None if n < 466 else "no-team") for n in range(596)]
    sums = add_up(ends)
    assert (sums.identified, sums.searched, sums.not_searched, sums.open) == (596, 465, {"no-team": 130}, ["d465"])


def test_a_door_searched_in_the_end_counts_as_searched_once():
    ends = [DoorEnd("a", False, "nobody-home"), DoorEnd("a", True, None)]
    assert add_up(ends) == add_up(ends[::-1])
    assert add_up(ends).searched == 1


LINES = [
    LawLine("Old Act", "1", "old", date(2000, 1, 1), date(2024, 6, 30), "device", "made up for this test"),
    LawLine("New Act", "2", "new", date(2024, 7, 1), None, "device", "made up for this test"),
    LawLine("New Act", "3", "arrest", date(2024, 7, 1), None, "arrest", "made up for this test"),
]


def test_only_sections_in_force_that_day_are_proposed():
    assert [one.section for one in propose(LINES, date(2024, 6, 30), frozenset({"device"}))] == ["1"]
    assert [one.section for one in propose(LINES, date(2024, 7, 1), frozenset({"device"}))] == ["2"]
    assert in_force(LINES, "Old Act", "1", date(2024, 7, 1)) is None


def test_nothing_found_proposes_nothing():
    assert propose(LINES, date(2026, 1, 1), frozenset()) == []
