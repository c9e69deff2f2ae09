"""What phones send: stored once whatever the network does; forged, altered, replayed, reordered and foreign events refused."""

import base64
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from paricha.field.kinds import Kind
from paricha.grounds.refusals import Refused

EXHIBIT = {"number": "P1", "type": "mobile", "room": "hall", "seized_by": "Leader", "seal_number": "S-1"}
SIX = [
    ("at-the-place", {"words": ""}), ("entered", {"words": ""}), ("exhibit-taken", EXHIBIT),
    ("nothing-found", {"words": "All rooms were looked at."}), ("person-arrested", {"name": "Made Up"}), ("left", {"words": ""}),
]  # fmt: skip


@pytest.fixture
def field(morning):
    """(morning, operation, teams): released; one site in each of two districts."""
    operation, teams = morning.released(north=1, south=1)
    return morning, operation, teams


def opened(morning, team):
    phone = morning.phones[team.name]
    content = phone.open(phone.packages()[0])
    return phone, content["sites"][0]["id"]


def stored(**where):
    from paricha.field.models import FieldEvent

    return FieldEvent.objects.filter(**where)


def refused_codes():
    from paricha.field.models import RefusedEvent

    return sorted(RefusedEvent.objects.values_list("code", flat=True))


def test_six_kinds_are_stored_once_though_answers_are_lost(field):
    from paricha.field.queries import board_of

    morning, operation, teams = field
    phone, site = opened(morning, teams[0])
    for kind, payload in SIX:
        phone.sign(kind, site=site, payload=payload)
    assert len(phone.waiting()) == 7, "the receipt too"
    phone.send(lose_answers=True)
    phone.send(lose_answers=True)
    answers = phone.send()
    assert [one["stored"] for one in answers] == [True] * 7 and all(one["known"] for one in answers)
    assert stored().count() == 7 and phone.waiting() == []
    assert list(stored().order_by("seq").values_list("kind", flat=True)) == ["opened", *(kind for kind, _ in SIX)]
    line = next(row for one in board_of(operation)["districts"] for row in one["teams"] if row["team"] == teams[0])
    assert line["opened"] and line["sites"][0][1].state == "left"
    assert (line["sites"][0][1].exhibits, line["sites"][0][1].arrests, line["sites"][0][1].nothing) == (1, 1, True)


def test_an_altered_event_is_refused_and_kept_as_it_came(field):
    from paricha.field.models import RefusedEvent

    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    event = phone.sign("entered", site=site)
    altered = event["text"].replace('"kind":"entered"', '"kind":"left"')
    (answer,) = phone.post([{"text": altered, "signature": event["signature"]}])
    assert (answer["stored"], answer["code"]) == (False, "FIELD-SIGNATURE")
    assert RefusedEvent.objects.get().text == altered
    assert not stored(kind="left").exists()


def test_another_key_forges_nothing(field):
    from nacl.signing import SigningKey

    from paricha.field.envelope import PREFIX

    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    event = phone.sign("entered", site=site)
    forged = SigningKey.generate().sign(PREFIX + event["text"].encode()).signature.hex()
    (answer,) = phone.post([{"text": event["text"], "signature": forged}])
    assert answer["code"] == "FIELD-SIGNATURE" and not stored(kind="entered").exists()


def test_a_replayed_event_changes_nothing_and_two_with_one_id_or_number_are_refused(field):
    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    first = phone.sign("at-the-place", site=site)
    phone.send()
    replayed = [{"text": first["text"], "signature": first["signature"]}] * 3
    assert [one["known"] for one in phone.post(replayed)] == [True] * 3
    assert stored(kind="at-the-place").count() == 1
    phone.events[-1:] = []  # a phone set back to an older copy of itself signs the same number again
    phone.sign("entered", site=site)
    assert phone.send()[0]["code"] == "FIELD-SEQUENCE"
    phone.events[-1]["refused"] = None
    same_id = json.loads(phone.events[-1]["text"]) | {"id": first["id"], "seq": 9}
    from paricha.field.envelope import PREFIX

    text = json.dumps(same_id)
    signature = phone.signing.sign(PREFIX + text.encode()).signature.hex()
    assert phone.post([{"text": text, "signature": signature}])[0]["code"] == "FIELD-SAME-ID"


def test_late_events_find_their_place_and_a_broken_chain_is_named(field):
    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    phone.send()
    made = [phone.sign(kind, site=site, payload=payload) for kind, payload in SIX[:3]]
    for event in reversed(made):
        (answer,) = phone.post([{"text": event["text"], "signature": event["signature"]}])
        assert answer["stored"]
    assert stored().count() == 4
    phone.sign("left", site=site)
    broken = json.loads(phone.events[-1]["text"]) | {"previous": "0" * 64}
    from paricha.field.envelope import PREFIX

    text = json.dumps(broken)
    signature = phone.signing.sign(PREFIX + text.encode()).signature.hex()
    assert phone.post([{"text": text, "signature": signature}])[0]["code"] == "FIELD-CHAIN"


def test_another_teams_site_is_refused(field):
    morning, _operation, teams = field
    mine, _site = opened(morning, teams[0])
    _theirs, site = opened(morning, teams[1])
    mine.sign("entered", site=site)
    assert mine.send()[-1]["code"] == "FIELD-SITE"
    mine.sign("entered")
    assert mine.send()[-1]["code"] == "FIELD-SITE"


def test_a_clock_a_day_off_is_set_right_and_both_times_are_kept(morning):
    operation = morning.operation(morning.doors(1, 0))
    (team,) = morning.teams(operation)
    phone = morning.enrol(team, clock_ahead_s=86_400)
    from paricha.operations.verbs.packages import seal_packages
    from paricha.operations.verbs.release import release

    seal_packages(morning.commander, operation)
    morning.sign_both(operation)
    release(morning.commander, operation)
    site = phone.open(phone.packages()[0])["sites"][0]["id"]
    phone.sign("entered", site=site)
    assert all(one["stored"] for one in phone.send())
    event = stored(kind="entered").get()
    assert abs((event.at - timezone.now()).total_seconds()) < 120
    assert abs(event.clock_off_s - 86_400) < 120
    assert event.at_device - event.at > timedelta(hours=23)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"id": 1}', "\ud800", "a\0b", "[" * 60_000, "x" * 70_000])
def test_nonsense_is_answered_refused_and_kept(field, text):
    morning, _operation, teams = field
    phone, _site = opened(morning, teams[0])
    assert phone.post([{"text": text, "signature": "00"}])[0]["code"] == "FIELD-UNREADABLE"
    assert refused_codes() == ["FIELD-UNREADABLE"]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("exhibit-taken", EXHIBIT | {"seal_number": ""}), ("exhibit-taken", EXHIBIT | {"imei": "123456789012345"}),
        ("nothing-found", {"words": " "}), ("person-arrested", {"name": ""}), ("entered", {"words": 3}),
        ("entered", {"more": "x"}), ("exhibit-taken", {}),
    ],
)  # fmt: skip
def test_an_incomplete_report_is_refused_with_the_field_named(field, kind, payload):
    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    phone.sign(kind, site=site, payload=payload)
    assert phone.send()[-1]["code"] == "FIELD-PAYLOAD"


def test_two_hundred_letters_of_malayalam_are_stored_as_written(field):
    morning, _operation, teams = field
    phone, site = opened(morning, teams[0])
    name = "സ്ത്രീ" * 40
    phone.sign("person-arrested", site=site, payload={"name": name})
    phone.send()
    assert json.loads(stored(kind="person-arrested").get().payload)["name"] == name


def test_a_colleagues_phone_carries_signed_events(field):
    from paricha.audit.models import AuditRow

    morning, _operation, teams = field
    mine, site = opened(morning, teams[0])
    bearer, _other = opened(morning, teams[1])
    event = mine.sign("entered", site=site)
    answers = bearer.post([{"text": one["text"], "signature": one["signature"]} for one in mine.waiting()])
    assert all(one["stored"] for one in answers)
    assert stored(kind="entered").get().device_id.hex() == mine.device
    assert (
        bearer.device in AuditRow.objects.filter(event="field:event:stored", facts__contains="carried_by").first().facts
    )
    assert event["id"] == stored(kind="entered").get().id.hex()
    assert [one["known"] for one in mine.send()] == [True, True]


def test_a_revoked_phones_events_are_taken_from_nobody(field):
    from paricha.operations.models import Device
    from paricha.operations.verbs.devices import revoke_device

    morning, _operation, teams = field
    mine, site = opened(morning, teams[0])
    bearer, _other = opened(morning, teams[1])
    mine.sign("entered", site=site)
    revoke_device(morning.commander, Device.objects.get(recipient=mine.recipient), reason="Lost on the way.")
    with pytest.raises(Refused, match="FIELD-DEVICE"):
        mine.send()
    answers = bearer.post([{"text": one["text"], "signature": one["signature"]} for one in mine.waiting()])
    assert {one["code"] for one in answers} == {"FIELD-DEVICE"}


def test_a_call_that_another_key_signed_is_nobodys(field):
    from nacl.signing import SigningKey

    morning, _operation, teams = field
    phone, _site = opened(morning, teams[0])
    phone.signing = SigningKey.generate()
    with pytest.raises(Refused, match="FIELD-DEVICE"):
        phone.packages()


def told_by_telephone(morning, team, kind, payload, minutes=0):
    from paricha.field.verbs import enter_for_team

    now = timezone.now() - timedelta(minutes=minutes)
    with morning.acting_as(morning.controller):
        return enter_for_team(
            morning.controller, team, site=team.sites.first(), kind=Kind(kind), payload=payload, caller="The leader",
            happened_at=now, told_at=now,
        )  # fmt: skip


@pytest.mark.parametrize(("kind", "payload"), SIX)
def test_what_was_told_by_telephone_is_confirmed_without_a_double(field, kind, payload):
    from paricha.field.board import site_lines
    from paricha.field.queries import happened

    morning, operation, teams = field
    phone, site = opened(morning, teams[0])
    entry = told_by_telephone(morning, teams[0], kind, payload, minutes=20)
    phone.sign(kind, site=site, payload=payload)
    phone.send(lose_answers=True)
    phone.send()
    assert stored(kind=kind).count() == 2
    assert stored(kind=kind, entered_by=None).get().confirms_id == entry.id
    line = site_lines(happened(operation))[site]
    assert line.exhibits + line.arrests <= 1
    # and the other way round: the team's own event is here, so nothing is entered
    with pytest.raises(Refused, match="FIELD-KNOWN"):
        told_by_telephone(morning, teams[0], kind, payload)
    assert stored(kind=kind).count() == 2


def test_two_arrests_are_not_taken_for_one_until_somebody_says_so(field):
    from paricha.field.board import site_lines
    from paricha.field.queries import happened
    from paricha.field.verbs import say_same

    morning, operation, teams = field
    phone, site = opened(morning, teams[0])
    entry = told_by_telephone(morning, teams[0], "person-arrested", {"name": "Ajit Made-up"})
    phone.sign("person-arrested", site=site, payload={"name": "Ajith Made-up"})
    phone.send()
    assert site_lines(happened(operation))[site].arrests == 2
    own = stored(kind="person-arrested", entered_by=None).get()
    with morning.acting_as(morning.controller):
        say_same(morning.controller, own, entry)
        with pytest.raises(Refused, match="FIELD-SAME"):
            say_same(morning.controller, own, entry)
    assert site_lines(happened(operation))[site].arrests == 1


def test_an_entry_ahead_of_time_or_of_another_teams_site_is_refused(field):
    from paricha.field.verbs import enter_for_team

    morning, _operation, teams = field
    now = timezone.now()
    given = {"kind": Kind.ENTERED, "payload": {"words": ""}, "caller": "The leader", "told_at": now}
    with morning.acting_as(morning.controller):
        for site, happened_at, code in (
            (teams[1].sites.first(), now, "FIELD-SITE"), (None, now, "FIELD-SITE"),
            (teams[0].sites.first(), now + timedelta(hours=1), "FIELD-TIME"),
        ):  # fmt: skip
            with pytest.raises(Refused, match=code):
                enter_for_team(morning.controller, teams[0], site=site, happened_at=happened_at, **given)


def test_the_phone_hears_no_reason_of_a_held_package(field):
    """Why a door no longer holds names people; a team that may not go needs no names."""
    morning, operation, _teams = field
    morning.another_subscriber(1)
    site = operation.sites.get(number=1)
    phone = morning.phones[site.team.name]
    assert "S-999" not in json.dumps(phone.packages())


def test_papers_travel_inside_the_package(field):
    morning, _operation, teams = field
    phone = morning.phones[teams[0].name]
    content = phone.open(phone.packages()[0])
    assert all(base64.b64decode(content["papers"][language]).startswith(b"%PDF") for language in ("ml", "en"))
