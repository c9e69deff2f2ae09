"""From demand to release by the real verbs, with key files, phones and doors; what must not happen does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from paricha.grounds.refusals import Refused


def test_the_whole_morning_from_demand_to_an_opened_package(morning):
    _operation, teams = morning.released()
    assert [team.name for team in teams] == ["KLL-01", "PZH-01"]
    for team in teams:
        phone = morning.phones[team.name]
        (package,) = phone.packages()
        content = phone.open(package)
        assert content["team"]["name"] == team.name
        assert {site["number"] for site in content["sites"]} == set(team.sites.values_list("number", flat=True))
        assert all(site["said"]["en"]["reasons"] and site["station"] for site in content["sites"])


def test_a_package_holds_nothing_of_another_team_and_nothing_of_the_source(morning):
    import base64

    from paricha.screens import papers

    _operation, teams = morning.released()
    contents = {}
    for team in teams:
        phone = morning.phones[team.name]
        contents[team.name] = phone.open(phone.packages()[0])
    first, second = contents.values()
    for own, other in ((first, second), (second, first)):
        for language in ("en", "ml"):
            pdf = base64.b64decode(own["papers"][language])
            said = papers.squeezed("".join(papers.text_of(pdf)))
            for site in own["sites"]:
                assert papers.squeezed(site["address"]) in said and site["door"] in said
            for site in other["sites"]:
                assert papers.squeezed(site["address"]) not in said and site["door"] not in said
                assert not any(papers.squeezed(name) in said for name in site["lives_here"])
            assert other["team"]["name"] not in said
            for word in ("198.18.4.", "peer-", "o-1a", "203.0.113.9", "ORDER-1", "0000000417", "S-1"):
                assert word not in said, "where the tip came from stands in no package"
            assert all(own["code"] in page for page in papers.text_of(pdf)), "the copy's code stands on every page"


def test_one_officer_cannot_sign_twice_and_one_signature_opens_nothing(morning):
    from paricha.operations.queries import sealed_digest
    from paricha.operations.verbs.release import release, sign_release

    operation, _teams = morning.sealed()
    sign_release(morning.commander, operation, digest=sealed_digest(operation))
    with pytest.raises(Refused, match="ACCESS-SAME-OFFICER"):
        sign_release(morning.commander, operation, digest=sealed_digest(operation))
    with pytest.raises(Refused, match="OPERATION-UNSIGNED"):
        release(morning.commander, operation)
    assert not operation.packages.exclude(release_key=None).exists()


def test_without_a_key_nothing_is_signed(morning):
    from paricha.access.acting import acting
    from paricha.operations.queries import sealed_digest
    from paricha.operations.verbs.release import sign_release

    operation, _teams = morning.sealed()
    with acting("cli"), pytest.raises(Refused, match="ACCESS-"):
        sign_release(morning.commander, operation, digest=sealed_digest(operation))


def test_two_keys_that_both_lie_on_the_server_release_nothing_real(morning, settings):
    from dataclasses import replace as changed

    from msgspec.structs import replace

    from paricha.operations.queries import sealed_digest
    from paricha.operations.verbs.release import sign_release

    operation, _teams = morning.sealed()
    for who in (morning.commander, morning.second):
        who.keys.update(on_server=True)
    sign_release(morning.commander, operation, digest=sealed_digest(operation))
    try:
        settings.PARICHA = replace(settings.PARICHA, synthetic=False)
    except TypeError:
        settings.PARICHA = changed(settings.PARICHA, synthetic=False)
    with morning.acting_as(morning.second), pytest.raises(Refused, match="ACCESS-SERVER-KEY"):
        sign_release(morning.second, operation, digest=sealed_digest(operation))
    assert operation.release_signatures.count() == 1


def test_nothing_opens_before_the_set_time(morning):
    from paricha.operations.jobs import release_due
    from paricha.operations.verbs.release import release

    operation, teams = morning.sealed(opens_in=timedelta(hours=2))
    morning.sign_both(operation)
    with pytest.raises(Refused, match="OPERATION-NOT-YET"):
        release(morning.commander, operation)
    assert release_due() == 0
    phone = morning.phones[teams[0].name]
    (package,) = phone.packages()
    assert package["state"] == "sealed" and package["release_key"] is None
    sealed = phone.sealed(package)
    with pytest.raises(ValueError, match="not released"):
        phone.open(package, sealed)
    with pytest.raises(ValueError, match="another package"):
        phone.open(package, sealed, key="00" * 32)


def test_at_the_set_time_the_clock_releases_as_the_second_signatory(morning):
    from paricha.audit.models import AuditRow
    from paricha.operations.jobs import release_due

    operation, teams = morning.sealed()
    assert release_due() == 0, "nobody has signed"
    morning.sign_both(operation)
    assert release_due() == len(teams)
    assert release_due() == 0
    row = AuditRow.objects.get(event="operations:package:released")
    assert (row.officer, row.via) == (bytes(morning.second.id16), "job")


def test_what_is_sealed_again_or_set_to_another_time_is_signed_again(morning):
    from paricha.operations.queries import sealed_digest
    from paricha.operations.verbs.packages import seal_again
    from paricha.operations.verbs.planning import set_times
    from paricha.operations.verbs.release import release, sign_release

    operation, teams = morning.sealed()
    old = sealed_digest(operation)
    morning.sign_both(operation)
    seal_again(morning.commander, teams[0])
    with pytest.raises(Refused, match="OPERATION-UNSIGNED"):
        release(morning.commander, operation)
    with pytest.raises(Refused, match="OPERATION-CHANGED"):
        sign_release(morning.commander, operation, digest=old)
    operation.refresh_from_db()
    set_times(
        morning.commander, operation, release_at=timezone.now() - timedelta(minutes=1), entry_at=operation.entry_at,
        until=operation.until,
    )  # fmt: skip
    with pytest.raises(Refused, match="OPERATION-UNSIGNED"):
        release(morning.commander, operation)
    morning.sign_both(operation)
    assert len(release(morning.commander, operation)) == len(teams)


def test_another_teams_phone_opens_nothing(morning):
    _operation, teams = morning.released()
    mine, theirs = (morning.phones[team.name] for team in teams)
    (package,) = theirs.packages()
    with pytest.raises(Refused, match="FIELD-SITE"):
        mine.sealed(package)
    with pytest.raises(ValueError, match="lock"):
        mine.open(package, theirs.sealed(package))


def test_a_kept_copy_stays_shut_after_a_new_version_and_after_revocation(morning):
    from paricha.operations.verbs.packages import revoke_package, seal_again
    from paricha.operations.verbs.release import release

    operation, teams = morning.sealed()
    phone = morning.phones[teams[0].name]
    (old,) = phone.packages()
    kept = phone.sealed(old)
    new = seal_again(morning.commander, teams[0])
    morning.sign_both(operation)
    release(morning.commander, operation)
    told = {one["version"]: one for one in phone.packages()}
    assert told[1]["state"] == "revoked" and told[1]["release_key"] is None
    with pytest.raises(ValueError, match="another package"):
        phone.open(old, kept, key=told[2]["release_key"])
    assert phone.open(told[2])["version"] == 2
    revoke_package(morning.commander, new, reason="The leader's phone was lost.")
    again = {one["version"]: one for one in phone.packages()}
    assert again[2]["state"] == "revoked" and again[2]["release_key"] is None
    with pytest.raises(Refused, match="FIELD-SITE"):
        phone.sealed(again[2])


def test_a_lost_phone_holds_the_package_until_it_is_sealed_to_another(morning):
    from paricha.operations.models import Device
    from paricha.operations.verbs.devices import revoke_device
    from paricha.operations.verbs.packages import seal_again
    from paricha.operations.verbs.release import release

    operation, teams = morning.sealed()
    lost = morning.phones[teams[0].name]
    revoke_device(morning.commander, Device.objects.get(recipient=lost.recipient), reason="Left in a bus.")
    with pytest.raises(Refused, match="FIELD-DEVICE"):
        lost.packages()
    with pytest.raises(Refused, match="OPERATION-NO-TEAM"):
        seal_again(morning.commander, teams[0])
    morning.sign_both(operation)
    assert [one.team.name for one in release(morning.commander, operation)] == [teams[1].name]
    found = morning.enrol(teams[0])
    seal_again(morning.commander, teams[0])
    morning.sign_both(operation)
    release(morning.commander, operation)
    package = next(one for one in found.packages() if one["state"] == "released")
    assert found.open(package)["version"] == 2


def test_a_door_frozen_after_sealing_stops_the_release_and_tells_the_team(morning):
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all
    from paricha.operations.models import Stop
    from paricha.operations.verbs.release import release

    operation, teams = morning.sealed()
    morning.sign_both(operation)
    morning.another_subscriber(1)
    # the feed has not told operations yet: the release itself reads the door and holds the package
    released = release(morning.commander, operation)
    site = operation.sites.get(number=1)
    assert [one.team.name for one in released] == [team.name for team in teams if team.pk != site.team_id]
    held = operation.packages.get(team=site.team)
    assert held.state == "held" and "D-0001" in held.why and held.release_key is None
    stamp_all()
    consume_due()
    stamp_all()
    consume_due()
    stop = Stop.objects.get()
    assert (stop.site_id, stop.by) == (site.pk, None)
    package = next(one for one in morning.phones[site.team.name].packages())
    assert package["state"] == "held" and package["release_key"] is None
    assert [one["number"] for one in package["stops"]] == [1]


def test_a_frozen_door_dropped_and_sealed_again_lets_the_team_go_to_the_rest(morning):
    from paricha.operations.verbs.packages import seal_again
    from paricha.operations.verbs.planning import drop_site
    from paricha.operations.verbs.release import release

    operation, _teams = morning.sealed()
    morning.another_subscriber(1)
    site = operation.sites.get(number=1)
    team = site.team
    with pytest.raises(Refused, match="OPERATION-DOOR"):
        seal_again(morning.commander, team)
    drop_site(morning.commander, site, reason="The line is another person's.")
    assert operation.packages.get(team=team).state == "held"
    seal_again(morning.commander, team)
    morning.sign_both(operation)
    release(morning.commander, operation)
    phone = morning.phones[team.name]
    package = next(one for one in phone.packages() if one["state"] == "released")
    assert [site["number"] for site in phone.open(package)["sites"]] == [2]


def test_a_commanders_stop_reaches_a_team_that_has_opened(morning):
    from paricha.operations.verbs.stops import stop

    operation, teams = morning.released()
    phone = morning.phones[teams[0].name]
    phone.open(phone.packages()[0])
    with pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
        stop(morning.commander, operation, site=None, reason=" ")
    made = stop(morning.commander, operation, site=None, reason="The news is out.")
    (package,) = phone.packages()
    assert [(one["id"], one["site"], one["reason"]) for one in package["stops"]] == [
        (made.id.hex(), None, "The news is out.")
    ]


def test_a_door_that_is_not_ready_becomes_no_site(morning):
    from paricha.operations.verbs.planning import choose_site

    doors = morning.doors(1, 1)
    operation = morning.operation(doors[1:])
    with pytest.raises(Refused, match="OPERATION-DOOR-TAKEN"):
        choose_site(morning.commander, operation, doors[1])
    morning.another_subscriber(1)
    with pytest.raises(Refused, match="OPERATION-DOOR:"):
        choose_site(morning.commander, operation, doors[0])
    with pytest.raises(Refused, match="ACCESS-NOT-VISIBLE"):
        choose_site(morning.commander, operation, b"\0" * 16)


def test_a_shortfall_is_named_by_team_and_skill(morning):
    from paricha.operations.queries import plan_of
    from paricha.operations.verbs.nomination import Named, accept, form_teams, nominate, send_demand

    operation = morning.operation(morning.doors(2, 0))
    demand = send_demand(morning.commander, operation, morning.kallar, teams=2)
    named = [
        Named("A One", "Inspector of Police", True, True, True),
        Named("B Two", "Inspector of Police", False, True, True),
    ]
    chief = morning.chiefs[morning.kallar.pk]
    with morning.acting_as(chief):
        nominate(chief, demand, named)
    demand.refresh_from_db()
    accept(morning.commander, demand)
    form_teams(morning.commander, demand)
    said = [str(one) for district in plan_of(operation)["districts"] for one in district["shortfalls"]]
    assert said == ["KLL-02: no woman officer"]


def test_the_district_chief_sees_numbers_and_no_site(morning):
    from paricha.operations.models import Demand, Operation, Package, Site, Team

    operation, _teams = morning.sealed()
    for chief in morning.chiefs.values():
        assert Demand.objects.visible_to(chief).count() == 1
        for model in (Operation, Site, Team, Package):
            assert not model.objects.visible_to(chief).exists()
        with pytest.raises(Refused, match="ACCESS-NOT-VISIBLE"):
            Operation.objects.get_visible(chief, id=operation.id)


def test_a_nominee_is_named_once_in_all_districts(morning):
    from paricha.operations.verbs.nomination import nominate, send_demand

    operation = morning.operation(morning.doors(1, 1))
    demands = {
        unit: send_demand(morning.commander, operation, unit, teams=1) for unit in (morning.kallar, morning.puzha)
    }
    people = morning.people(morning.kallar)
    north, south = (morning.chiefs[unit.pk] for unit in (morning.kallar, morning.puzha))
    with morning.acting_as(north):
        nominate(north, demands[morning.kallar], people)
        with pytest.raises(Refused, match="OPERATION-NOMINEE-TWICE"):
            nominate(north, demands[morning.kallar], people + people[:1])
        with pytest.raises(Refused, match="OPERATION-NOT-DEMANDED"):
            nominate(north, demands[morning.puzha], people)
    with morning.acting_as(south), pytest.raises(Refused, match="OPERATION-NOMINEE-TWICE"):
        nominate(south, demands[morning.puzha], people)


def test_an_enrolment_code_works_once(morning):
    from paricha.field.player import FieldPhone
    from paricha.operations.verbs.devices import invite_device

    member = morning.make_officer("Member One", unit=morning.kallar)
    _row, code = invite_device(morning.commander, member)
    phone = FieldPhone(label="first")
    phone.enrol(code.lower().replace("-", " "))
    with pytest.raises(Refused, match="OPERATION-ENROLMENT-CODE"):
        FieldPhone(label="second").enrol(code)
    with pytest.raises(Refused, match="OPERATION-ENROLMENT-CODE"):
        FieldPhone(label="third").enrol("AAAA-BBBB-CCCC-DDDD")
    assert phone.packages() == []


def test_an_enrolment_with_anothers_proof_is_refused_and_the_code_stays_good(morning):
    from nacl.signing import SigningKey

    from paricha.field.player import FieldPhone
    from paricha.operations.verbs.devices import enrol_device, enrol_statement, invite_device

    member = morning.make_officer("Member One", unit=morning.kallar)
    _row, code = invite_device(morning.commander, member)
    phone = FieldPhone()
    wrong = SigningKey.generate().sign(enrol_statement(code, phone.recipient)).signature
    with pytest.raises(Refused, match="OPERATION-DEVICE-KEY"):
        enrol_device(code, public=bytes(phone.signing.verify_key), recipient=phone.recipient, label="x", proof=wrong)
    assert phone.enrol(code)
