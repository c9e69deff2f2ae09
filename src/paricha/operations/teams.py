"""From sites and nominees to teams, and every shortfall by name. Pure; the optimiser of a later issue replaces `form`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class SitePlan(msgspec.Struct, frozen=True):
    """A site to be given to a team: its key, wave from 1, priority (1 first)."""

    key: str
    wave: int
    priority: int


class Person(msgspec.Struct, frozen=True):
    """A nominee: key, rank order (0 the highest in the State pack's list), and what he or she can do."""

    key: str
    rank_order: int
    woman: bool
    cyber: bool
    technical: bool


class TeamPlan(msgspec.Struct):
    """One team: its name, leader, members, sites in the order in which they are entered."""

    name: str
    leader: str | None
    members: list[str]
    sites: list[str]


class Shortfall(msgspec.Struct, frozen=True):
    """What is missing where: `team` name or the district's, `lack` one of woman cyber technical leader people sites."""

    team: str
    lack: str


LACKS = ("leader", "woman", "cyber", "technical")


def form(
    code: str, count: int, sites: Sequence[SitePlan], people: Sequence[Person]
) -> tuple[list[TeamPlan], list[Shortfall]]:
    """`count` teams named `CODE-01…`; never fails: what cannot be filled is a named shortfall.

    Scarce skills are placed first, one a team; a person who covers two needs is used where both are missing. Sites go
    by wave and priority to the team with the fewest, so that each wave is spread over all teams. Ties are broken by
    key: the same input gives the same teams.
    """
    teams = [TeamPlan(f"{code}-{number:02d}", None, [], []) for number in range(1, count + 1)]
    if not teams:
        return [], [Shortfall(code, "people")] if sites else []
    left = sorted(people, key=lambda one: (one.rank_order, one.key))
    have: list[dict[str, bool]] = [dict.fromkeys(LACKS, False) for _team in teams]
    for skill in sorted(("woman", "cyber", "technical"), key=lambda name: sum(getattr(one, name) for one in people)):
        for team, skills in zip(teams, have, strict=True):
            if skills[skill]:
                continue
            able = [one for one in left if getattr(one, skill)]
            if able:
                lacking = [name for name in ("woman", "cyber", "technical") if not skills[name]]
                best = max(able, key=lambda one: (sum(getattr(one, name) for name in lacking), one.rank_order))
                _join(team, skills, best, left)
    for team, skills in zip(teams, have, strict=True):
        if not skills["leader"] and left:
            _join(team, skills, left[0], left)
    while left:
        smallest = min(range(len(teams)), key=lambda index: (len(teams[index].members), index))
        _join(teams[smallest], have[smallest], left[0], left)
    order = {one.key: (one.rank_order, one.key) for one in people}
    for team, skills in zip(teams, have, strict=True):
        team.leader = min(team.members, key=order.__getitem__) if team.members else None
        skills["leader"] = team.leader is not None
    for site in sorted(sites, key=lambda one: (one.wave, one.priority, one.key)):
        min(teams, key=lambda one: (len(one.sites), one.name)).sites.append(site.key)
    return teams, shortfalls(teams, people)


def _join(team: TeamPlan, skills: dict[str, bool], person: Person, left: list[Person]) -> None:
    team.members.append(person.key)
    left.remove(person)
    for name in ("woman", "cyber", "technical"):
        skills[name] = skills[name] or getattr(person, name)


def shortfalls(teams: Sequence[TeamPlan], people: Sequence[Person]) -> list[Shortfall]:
    """What each team lacks, judged from the members as they stand (also after moves by hand)."""
    able = {one.key: one for one in people}
    found: list[Shortfall] = []
    for team in teams:
        members = [able[key] for key in team.members]
        if not members:
            found.append(Shortfall(team.name, "people"))
            continue
        found += [Shortfall(team.name, lack) for lack in LACKS[1:] if not any(getattr(one, lack) for one in members)]
    return found
