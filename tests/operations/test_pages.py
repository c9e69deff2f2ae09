"""The pages of the morning, by the officers whose work they are: they open, act, and show nothing to others."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone


@pytest.fixture
def browser_of():
    def of(officer):
        client = Client()
        client.force_login(officer.user)
        return client

    return of


def page(client, url_name, *args, status=200, **more):
    answer = client.get(reverse(f"operations:{url_name}", args=args), **more)
    assert answer.status_code == status, (url_name, answer.status_code, answer.content[:500])
    return answer.content.decode()


def post(client, url_name, *args, status=302, **data):
    answer = client.post(reverse(f"operations:{url_name}", args=args), data)
    assert answer.status_code == status, (url_name, answer.status_code, answer.content.decode()[:3000])
    return answer


def test_the_morning_is_planned_and_released_on_screens(morning, browser_of):
    from paricha.operations.models import Demand, Operation

    doors = morning.doors(2, 0)
    hq, second = browser_of(morning.commander), browser_of(morning.second)
    page(hq, "list")
    page(hq, "make")
    local = timezone.now() + timedelta(hours=5, minutes=30)
    said = {
        name: (local + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
        for name, minutes in (("release_at", -2), ("entry_at", 30), ("until", 600))
    }
    post(hq, "make", name="Quiet Lamp", **said)
    operation = Operation.objects.get()
    assert abs((operation.entry_at - timezone.now()).total_seconds() - 1800) < 120, "times are of the unit's zone"
    assert "D-0001" in page(hq, "one", operation.id)
    post(hq, "choose", operation.id, door=[door.hex() for door in doors])
    post(hq, "let-in", operation.id, member=morning.second.pk)
    post(hq, "send-demand", operation.id, unit=morning.kallar.pk, teams=2)
    demand = Demand.objects.get()
    chief = morning.chiefs[morning.kallar.pk]
    district = browser_of(chief)
    seen = page(district, "list") + page(district, "demand", demand.id)
    assert "Lakeview" not in seen and "D-0001" not in seen
    page(district, "one", operation.id, status=403)
    leader = morning.make_officer("Leader One", *[], unit=morning.kallar)
    sheet = (
        f"name,rank,woman,cyber,technical\n{leader.name},Inspector of Police,yes,yes,yes\nSecond One,SI,no,yes,maybe\n"
    )
    sheet += "Third One,SI,no,yes,yes\n"
    refused = post(district, "demand", demand.id, status=422, pasted=sheet).content.decode()
    assert "line 3" in refused and "OPERATION-NOMINATION" in refused
    post(hq, "judge", demand.id, "accept")
    assert "KLL-02: no woman officer" in page(hq, "one", operation.id)
    for site in operation.sites.all():
        page(hq, "site", site.id)
        post(hq, "change-site", site.id, "describe", wave=1, priority=1, children_expected="yes", expect="A dog.")
    for team in operation.teams.all():
        page(hq, "team", team.id)
    empty = operation.teams.get(name="KLL-02")
    for site in empty.sites.all():
        post(hq, "change-site", site.id, "move", team=operation.teams.get(name="KLL-01").pk.hex())
    post(hq, "freeze", operation.id)
    assert "KLL-01" in page(hq, "release", operation.id)
    assert "code" in page(hq, "devices")
    invited = hq.post(reverse("operations:devices"), {"member": leader.pk})
    code = invited.context["code"]
    assert f"/field/app/#code={code}" in invited.content.decode()
    from paricha.field.player import FieldPhone

    phone = FieldPhone(label="phone of KLL-01")
    phone.enrol(code)
    post(hq, "seal", operation.id)
    digest = hq.get(reverse("operations:release", args=[operation.id])).context["digest"]
    post(hq, "sign", operation.id, digest=digest)
    assert "must be another officer" in page(hq, "release", operation.id)
    post(second, "sign", operation.id, digest=digest)
    package = operation.packages.get()
    assert package.state == "released"
    assert bytes(package.release_key).hex()[:4] in page(hq, "package", package.id)
    content = phone.open(phone.packages()[0])
    assert len(content["sites"]) == 2 and content["sites"][0]["children_expected"] is True
    site = operation.sites.first()
    for no_site in ("x", "z" * 32, "fe" * 16):
        post(hq, "stop", operation.id, site=no_site, reason="The occupant moved away.", status=404)
    assert not operation.stops.exists(), "what names no site stops none, least of all every one"
    post(hq, "stop", operation.id, site=site.id.hex(), reason="The occupant moved away.")
    assert "The occupant moved away." in page(hq, "one", operation.id)
    post(hq, "revoke", package.id, reason="The morning is called off.")
    post(hq, "close", operation.id)
    assert phone.packages() == []


def test_nothing_of_an_operation_is_shown_to_whoever_is_not_in_it(morning, browser_of):
    from paricha.access.rights import Role

    operation, teams = morning.sealed(north=1, south=1)
    outsider = browser_of(morning.make_officer("Outside One", Role.COMMANDER, Role.SUPERVISOR))
    for name, args in [
        ("one", [operation.id]), ("release", [operation.id]), ("site", [operation.sites.first().id]),
        ("team", [teams[0].id]), ("package", [operation.packages.first().id]),
    ]:  # fmt: skip
        said = page(outsider, name, *args, status=404)
        assert "Lakeview" not in said and "KLL-01" not in said
    assert operation.number not in page(outsider, "list")


def test_the_urgent_road_from_a_tip_to_a_sealed_package(morning, browser_of):
    from paricha.access.rights import Role
    from paricha.field.player import FieldPhone
    from paricha.operations.models import Operation
    from paricha.operations.verbs.devices import invite_device

    tip = a_tip(morning.commander)
    leader = morning.make_officer("Leader One", Role.TEAM, unit=morning.kallar)
    _row, code = invite_device(morning.commander, leader)
    phone = FieldPhone(label="leader")
    phone.enrol(code)
    hq = browser_of(morning.commander)
    assert "data-stopwatch" in page(hq, "urgent", tip.id16)
    given = {"door": "", "address": "Lakeview 99, Kallar", "basis": "The caller gave the house.", "reason": "A child is in danger now.",
             "district": morning.kallar.pk, "team": [leader.pk], "women": [leader.pk]}  # fmt: skip
    refused = hq.post(reverse("operations:urgent", args=[tip.id16]), given | {"basis": ""})
    assert refused.status_code == 409
    post(hq, "urgent", tip.id16, **given)
    operation = Operation.objects.get()
    assert operation.urgent and operation.state == "sealed" and operation.began_at <= operation.made_at
    from paricha.operations.verbs.planning import let_in

    let_in(morning.commander, operation, morning.second)
    morning.sign_both(operation)
    from paricha.operations.verbs.release import release

    release(morning.commander, operation)
    content = phone.open(phone.packages()[0])
    assert content["sites"][0]["unchecked"] is True and content["sites"][0]["basis"] == "The caller gave the house."


def a_tip(officer):
    """A tip typed by hand."""
    from paricha.cli.frame import do_what_is_due
    from paricha.intake.verbs import enter_tip
    from paricha.records.models import Tip
    from tests.intake.test_verbs import entry

    enter_tip(officer, entry())
    do_what_is_due()
    return Tip.objects.get()
