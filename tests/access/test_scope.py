"""Need to know: one's unit and those below, what is assigned, one's compartments; break-glass for a while; nothing else,
also in prefetch and in counts. The case data is a table of the test's own, made as every room makes its tables."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import connection, models
from django.db.models import Count, Prefetch
from django.test.utils import isolate_apps
from django.utils import timezone

from paricha.access.models import BreakGlass, Officer
from paricha.access.rights import Role
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.access.verbs import add_unit
from paricha.access.verbs.glass import break_glass
from paricha.access.verbs.officers import join_compartment, leave_compartment, make_compartment
from paricha.audit.events import Kept
from paricha.grounds.refusals import Refused

# In a registry of their own, so that no other test meets tables that stand in no migration.
with isolate_apps("paricha.access"):

    class Folder(CaseData):
        kept: ClassVar = Kept.DERIVED
        name = models.CharField(max_length=20)
        assigned = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
        scope_assigned = "assigned"

        class Meta:
            app_label = "access"

    class Sheet(models.Model):
        kept: ClassVar = Kept.DERIVED
        folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="sheets")
        objects = CaseQuerySet.as_manager()
        scope_prefix, scope_assigned = "folder__", None

        class Meta:
            app_label = "access"


@pytest.fixture
def tables(db):
    """The two tables, for this test's transaction; plain SQL because SQLite's schema editor stands in none."""
    serial = "serial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE access_folder (id {serial} PRIMARY KEY, name text, unit_id integer, compartment_id integer, assigned_id integer)"
        )
        cursor.execute(f"CREATE TABLE access_sheet (id {serial} PRIMARY KEY, folder_id integer)")


@pytest.fixture
def tree(tables, officer, make_officer):
    """State → two districts, the first with a station; an analyst in each; a folder with two sheets in each."""
    north = add_unit(officer, "Puzhanad", under=officer.unit, kind="district")
    town = add_unit(officer, "Town station", under=north, kind="station")
    south = add_unit(officer, "Thekkumkara", under=officer.unit, kind="district")
    units = {"state": officer.unit, "north": north, "town": town, "south": south}
    people = {name: make_officer(name, Role.ANALYST, unit=unit) for name, unit in units.items()}
    for name, unit in units.items():
        folder = Folder.objects.create(name=name, unit=unit)
        Sheet.objects.bulk_create([Sheet(folder=folder), Sheet(folder=folder)])
    return units, people


def seen(officer) -> list[str]:
    return sorted(Folder.objects.visible_to(officer).values_list("name", flat=True))


def test_an_officer_sees_his_unit_and_those_below(tree):
    _units, people = tree
    assert seen(people["state"]) == ["north", "south", "state", "town"]
    assert seen(people["north"]) == ["north", "town"]
    assert seen(people["town"]) == ["town"]
    assert seen(people["south"]) == ["south"]


def test_units_whose_numbers_begin_alike_are_not_mixed_up(tree, officer):
    """`/1/1/` must not open `/1/10/`: the path ends in a stroke."""
    units, people = tree
    for n in range(12):
        unit = add_unit(officer, f"Unit {n}", under=units["state"], kind="district")
        Folder.objects.create(name=f"of {n}", unit=unit)
    assert seen(people["north"]) == ["north", "town"]


def test_children_counts_and_prefetches_are_narrowed_like_their_parents(tree):
    units, people = tree
    assert Sheet.objects.visible_to(people["north"]).count() == 4
    assert Sheet.objects.visible_to(people["south"]).count() == 2
    assert Folder.objects.visible_to(people["north"]).aggregate(n=Count("sheets"))["n"] == 4
    closed = make_compartment(people["state"].__class__.objects.get(first=True), "Lantern", [])
    Folder.objects.filter(name="town").update(compartment=closed)
    folders = Folder.objects.filter(unit__in=[units["north"].pk, units["town"].pk]).prefetch_related(
        Prefetch("sheets", queryset=Sheet.objects.visible_to(people["north"]), to_attr="open_sheets")
    )
    assert sorted((folder.name, len(folder.open_sheets)) for folder in folders) == [("north", 2), ("town", 0)]


def test_what_is_assigned_is_seen_wherever_it_belongs(tree):
    _units, people = tree
    Folder.objects.filter(name="south").update(assigned=people["town"])
    assert seen(people["town"]) == ["south", "town"]


def test_a_compartment_closes_a_row_to_its_own_unit_and_opens_it_to_its_members(tree, officer):
    _units, people = tree
    closed = make_compartment(officer, "Operation Lantern", [people["south"]])
    Folder.objects.filter(name="north").update(compartment=closed)
    assert seen(people["north"]) == ["town"] and "north" not in seen(people["state"])
    assert seen(people["south"]) == ["north", "south"], "a member of another unit is in the circle"
    join_compartment(officer, closed, people["north"])
    assert seen(people["north"]) == ["north", "town"]
    leave_compartment(officer, closed, people["north"])
    assert seen(people["north"]) == ["town"]


def test_break_glass_opens_a_unit_until_it_ends_and_no_compartment_in_it(tree, officer):
    units, people = tree
    closed = make_compartment(officer, "Operation Lantern", [officer])
    Folder.objects.filter(name="town").update(compartment=closed)
    reason = "The child may be in the other district tonight"
    broken = break_glass(people["south"], unit=units["north"], reason=reason, hours=2)
    assert seen(people["south"]) == ["north", "south"]
    break_glass(people["south"], compartment=closed, reason=reason, hours=2)
    assert seen(people["south"]) == ["north", "south", "town"]
    BreakGlass.objects.filter(pk=broken.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert seen(people["south"]) == ["south", "town"]
    BreakGlass.objects.update(since=timezone.now() + timedelta(hours=1), until=timezone.now() + timedelta(hours=2))
    assert seen(people["south"]) == ["south"], "what begins later is not open yet"


@pytest.mark.parametrize("hours", [0, 13])
def test_break_glass_ends_within_half_a_day(tree, hours):
    units, people = tree
    with pytest.raises(Refused, match="ACCESS-GLASS"):
        break_glass(people["south"], unit=units["north"], reason="x" * 30, hours=hours)


def test_who_is_retired_sees_nothing(tree, officer):
    _units, people = tree
    Officer.objects.filter(pk=people["north"].pk).update(active=False)
    people["north"].refresh_from_db()
    assert seen(people["north"]) == []


def test_what_is_not_visible_is_refused_as_if_it_did_not_exist(tree):
    _units, people = tree
    there = Folder.objects.get(name="south").pk
    refusals = []
    for wanted in (there, 999_999):
        with pytest.raises(Refused) as refused:
            Folder.objects.get_visible(people["north"], pk=wanted)
        refusals.append(refused.value.refusal)
    assert refusals[0] == refusals[1]


def test_a_page_asks_once_for_units_and_a_verb_asks_anew(officer, django_assert_num_queries):
    from paricha.access.scope import looking_once, units_seen

    with looking_once():
        first = units_seen(officer)
        with django_assert_num_queries(0):
            assert units_seen(officer) == first
    with django_assert_num_queries(2):
        assert units_seen(officer) == first
