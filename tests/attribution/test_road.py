"""From an observation to a door that two officers signed, and what stops on the way."""

from datetime import timedelta

import pytest

from paricha.grounds.refusals import Refused
from tests.attribution.conftest import DAY, as_json, outcomes, seen, told

LATER = DAY + timedelta(days=9, hours=3)


def two_days(road, **more):
    first, second = seen(DAY, "o-1"), seen(LATER, "o-2", port=51000)
    road.observe(first, second)
    request = road.signed()
    return request, [told(request.number, 1, first, **more), told(request.number, 2, second, **more)]


def test_two_sound_resolutions_of_a_house_hold_with_no_human(road):
    request, rows = two_days(road)
    done = road.reply(request, rows)
    assert [row["outcome"] for row in done.rows] == ["accepted", "accepted"]
    (door,) = road.doors()
    assert door["state"] == "holds" and door["number"] == "D-0001"
    assert [strand["reference"] for strand in door["strands"]] == ["o-1", "o-2"]
    assert door["address"]["text"].startswith("Lakeview") and door["address"]["pin"] == "671124"
    assert outcomes(door)["C31"] == outcomes(door)["C32"] == "hold"
    assert {place["original"] for check in door["checks"] for place in check["evidence"]}


def test_one_resolution_is_held_until_a_named_officer_decides(road):
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.doors import decide_hold

    first = seen(DAY)
    road.observe(first)
    request = road.signed()
    road.reply(request, [told(request.number, 1, first)])
    (door,) = road.doors()
    assert door["state"] == "held" and outcomes(door)["C22"] == "hold"
    row = door_named(road.first, door["number"])
    with pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
        decide_hold(road.first, row, "C22", reason=" ")
    decide_hold(road.first, row, "C22", reason="Account and line agree in the complainant's letter.")
    (door,) = road.doors()
    assert door["state"] == "holds"
    assert next(c["decided_by"] for c in door["checks"] if c["code"] == "C22") == road.first.name


def test_the_sheet_is_signed_by_two_officers_after_the_station_confirmed(road):
    from paricha.attribution.queries import door_named, door_state, doors_ready_for_site
    from paricha.attribution.verbs.doors import confirm_station, sign_door
    from paricha.attribution.verbs.enquiries import add_enquiry

    request, rows = two_days(road)
    road.reply(request, rows)
    door = door_named(road.first, "D-0001")
    with pytest.raises(Refused, match="C31"):
        sign_door(road.first, door)
    confirm_station(road.first, door, station="Example North")
    sign_door(road.first, door)
    with pytest.raises(Refused, match="ACCESS-SAME-OFFICER"):
        sign_door(road.first, door)
    with road.acting_as(road.second):
        sign_door(road.second, door)
    assert not door_state(door.id, lock=False).ready, "nobody has seen the place"
    seen_by = {"officer": "T. Basheer", "at": "2026-06-02T17:40:00+05:30", "lives_here": ["Example Subscriber"],
               "floors": 1, "others_use_line": False, "premises": "house", "user_in_fact": None, "remarks": "one gate"}  # fmt: skip
    add_enquiry(road.first, door, data=as_json(seen_by))
    (line,) = road.doors()
    assert line["enquiry"]["floors"] == 1 and outcomes(line)["C26"] == "pass"
    assert outcomes(line)["C32"] == "hold", "the sheet says something new: it is signed again"
    for who in (road.first, road.second):
        with road.acting_as(who):
            sign_door(who, door)
    assert [now.number for now in doors_ready_for_site(road.first)] == ["D-0001"]


def test_a_mobile_customer_needs_an_enquiry_before_anybody_may_decide(road):
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.doors import decide_hold
    from paricha.attribution.verbs.enquiries import add_enquiry

    first, second = seen(DAY, "o-1", address="198.19.3.7"), seen(LATER, "o-2", address="198.19.40.2", port=3000)
    road.observe(first, second)
    request = road.signed()
    mobile = {"Connection_Type": "mobile", "Address_Kind": "permanent", "Premises": ""}
    road.reply(request, [told(request.number, n, row, **mobile) for n, row in ((1, first), (2, second))])
    (line,) = road.doors()
    assert line["state"] == "held" and outcomes(line)["C23"] == "hold"
    door = door_named(road.first, line["number"])
    with pytest.raises(Refused, match="DOORS-ENQUIRY-FIRST"):
        decide_hold(road.first, door, "C23", reason="He is known to live there.")
    add_enquiry(
        road.first, door, data=as_json({"officer": "T. Basheer", "at": "2026-06-02T12:10:00Z", "premises": "house"})
    )
    decide_hold(road.first, door, "C23", reason="Seen at the house on two evenings with the handset.")
    assert road.doors()[0]["state"] == "holds"


def test_a_later_reply_that_names_another_freezes_the_door_and_tells_the_feed(road):
    from paricha.audit.models import AuditRow

    request, rows = two_days(road)
    road.reply(request, rows)
    other = {**rows[0], "Subscriber ID": "S-999", "Subscriber Name": "Another", "Address": "Elsewhere 2, PIN 671315"}
    road.reply(request, [other], name="again.csv")
    states = {door["number"]: door["state"] for door in road.doors()}
    assert states == {"D-0001": "frozen", "D-0002": "blocked"}, "both are kept, neither may be used"
    frozen = AuditRow.objects.filter(event="attribution:door:frozen")
    assert frozen.count() == 1 and '"door"' in frozen.get().touched


def test_the_same_reply_again_adds_nothing(road):
    from paricha.attribution.models import ReplyRow, StrandRow

    request, rows = two_days(road)
    first = road.reply(request, rows)
    counts = (ReplyRow.objects.count(), StrandRow.objects.count(), len(road.doors()))
    again = road.reply(request, rows, name="copy.csv")
    assert again.rows == first.rows
    assert (ReplyRow.objects.count(), StrandRow.objects.count(), len(road.doors())) == counts


def test_a_later_reply_that_repeats_a_row_adds_no_strand_and_no_evidence(road):
    from paricha.attribution.models import Door, StrandRow

    request, rows = two_days(road)
    road.reply(request, rows)
    lines = road.doors()
    road.reply(request, [rows[1]], name="once-more.csv")
    assert StrandRow.objects.count() == 3, "what was read is kept"
    assert road.doors() == lines
    assert Door.objects.get().strands_count == 2
    road.reply(request, [{**rows[1], "Remarks": "corrected"}], name="other.csv")
    assert len(road.doors()[0]["strands"]) == 3, "what says something else stands beside it"


def test_made_again_from_the_originals_everything_is_equal(road):
    from paricha.attribution import rebuild

    request, rows = two_days(road)
    road.reply(request, rows)
    road.reply(request, [{**rows[0], "Subscriber ID": "S-999", "Address": "Elsewhere 2"}], name="again.csv")
    before, lines = rebuild.digest(), road.doors()
    rebuild.forget()
    rebuild.again(lambda progress: None)
    assert rebuild.digest() == before and road.doors() == lines


def test_a_door_whose_address_ends_no_longer_holds_and_the_clock_tells(road, monkeypatch):
    from paricha.attribution import jobs
    from paricha.attribution.models import Door
    from paricha.audit.models import AuditRow

    request, rows = two_days(road, Address_Until="2126-01-01")
    road.reply(request, rows)
    assert Door.objects.get().state == "holds"
    from datetime import date

    monkeypatch.setattr("paricha.attribution.verbs.doors.day_here", lambda at: date(2126, 1, 2))
    jobs.judge_again()
    assert Door.objects.get().state == "blocked"
    told_by_clock = AuditRow.objects.filter(event="attribution:door:changed", officer=None)
    assert told_by_clock.count() == 1
