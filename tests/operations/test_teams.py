"""Teams: every site is given out, nobody is in two teams, and what is missing is named."""

from hypothesis import given
from hypothesis import strategies as st

from paricha.operations.teams import Person, Shortfall, SitePlan, form, shortfalls

people = st.lists(
    st.builds(
        Person, key=st.uuids().map(str), rank_order=st.integers(0, 6), woman=st.booleans(), cyber=st.booleans(),
        technical=st.booleans(),
    ),
    max_size=30, unique_by=lambda one: one.key,
)  # fmt: skip
sites = st.lists(
    st.builds(SitePlan, key=st.uuids().map(str), wave=st.integers(1, 2), priority=st.integers(1, 3)),
    max_size=20, unique_by=lambda one: one.key,
)  # fmt: skip


@given(st.integers(1, 6), sites, people)
def test_every_site_once_and_every_person_once(count, chosen, named):
    teams, _ = form("KLR", count, chosen, named)
    given_out = [key for team in teams for key in team.sites]
    placed = [key for team in teams for key in team.members]
    assert sorted(given_out) == sorted(one.key for one in chosen)
    assert sorted(placed) == sorted(one.key for one in named)


@given(st.integers(1, 6), sites, people)
def test_the_same_input_in_another_order_gives_the_same_teams(count, chosen, named):
    assert form("KLR", count, chosen, named)[0] == form("KLR", count, chosen[::-1], named[::-1])[0]


def test_a_missing_woman_officer_is_named_by_team():
    named = [
        Person("a", 0, True, True, True),
        Person("b", 0, False, True, True),
    ]
    _, lacks = form("KLR", 2, [], named)
    assert lacks == [Shortfall("KLR-02", "woman")]


def test_one_person_a_need_is_enough_when_skills_are_just_enough():
    named = [
        Person("w1", 1, True, False, False), Person("w2", 1, True, False, False),
        Person("c1", 1, False, True, False), Person("c2", 1, False, True, False),
        Person("t1", 1, False, False, True), Person("t2", 1, False, False, True),
    ]  # fmt: skip
    assert form("KLR", 2, [], named)[1] == []


def test_sites_without_any_team_are_a_shortfall_and_no_failure():
    assert form("KLR", 0, [SitePlan("s", 1, 1)], []) == ([], [Shortfall("KLR", "people")])


def test_the_leader_has_the_highest_rank_of_the_team():
    teams, _ = form("KLR", 1, [], [Person("low", 5, True, True, True), Person("high", 1, False, False, False)])
    assert teams[0].leader == "high"


def test_shortfalls_follow_moves_by_hand():
    named = [Person("a", 0, True, True, True), Person("b", 0, False, True, True)]
    teams, _ = form("KLR", 2, [], named)
    teams[1].members.append(teams[0].members.pop())
    assert {lack.lack for lack in shortfalls(teams, named) if lack.team == teams[0].name} == {"people"}
