"""Replies with one thing wrong: each is stopped, and the thing is named. W-numbers are the published cases."""

from datetime import timedelta

import pytest

from paricha.grounds.refusals import Refused
from tests.attribution.conftest import DAY, REPLY, ist, outcomes, seen, text, told, words_of

HALF_PAST_FIVE = timedelta(hours=5, minutes=30)


@pytest.fixture
def asked(road):
    """One fixed-line sighting, asked and signed."""
    row = seen(DAY)
    road.observe(row)
    return road, road.signed(), row


def shifted(row, by):
    """The row's session moved in time."""
    start, end = DAY - timedelta(minutes=40) + by, DAY + timedelta(minutes=25) + by
    return row | {"Session Start": ist(start), "Session End": ist(end)}


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (HALF_PAST_FIVE, "5 h 30 slip"),
        (-HALF_PAST_FIVE, "5 h 30 slip"),
        (timedelta(hours=12), "AM and PM"),
        (timedelta(days=1), "wrong day"),
        (timedelta(days=-365), "wrong year"),
    ],
)
def test_a_session_that_a_known_slip_explains_is_refused_and_the_slip_named(asked, by, said):
    """W04, W05, W06, W10: day, hour, zone or year taken wrong."""
    road, request, row = asked
    done = road.reply(request, [shifted(told(request.number, 1, row), by)])
    assert done.rows[0]["outcome"] == "refused" and said in words_of(done.rows[0], "C20")
    assert road.doors() == []


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"Source_IP": "198.18.4.19"}, "C20", "One digit differs"),  # W02: one digit too many or another
        ({"Source_Port": "40113"}, "C20", "port 40113"),
        ({"Source_IP": ""}, "C20", "does not repeat the address"),
        ({"Session_End": ""}, "C20", "no session"),
        ({"Session_Start": "2026-05-04 13:30:00", "Session_End": "2026-05-04 01:30:00"}, "C20", "AM and PM"),  # W05
        ({"Destination_IP": "203.0.113.77", "Destination_Port": "6881"}, "C27", "as the other end"),  # W06
        ({"Destination_IP": "203.0.113.9", "Destination_Port": "6882"}, "C27", "as the other end"),
        ({"Row": "2"}, "C20", "A row too many"),
        ({"Subscriber_ID": "", "Subscriber_Name": ""}, "C21", "names no subscriber"),
        ({"Remarks": "No records found"}, "C20", "names a subscriber"),
        ({"Activated_On": "2026/05/01"}, "C07", "no date"),
    ],
)
def test_a_contradiction_in_a_row_refuses_that_row(asked, change, code, said):
    road, request, row = asked
    done = road.reply(request, [told(request.number, 1, row, **change)])
    assert done.rows[0]["outcome"] == "refused" and said in words_of(done.rows[0], code)
    assert road.doors() == []


@pytest.mark.parametrize(
    ("change", "code", "outcome", "said"),
    [
        ({"Address_Kind": "billing"}, "C23", "block", "billing address"),  # W11
        ({"Address_Kind": "permanent"}, "C23", "block", "permanent address"),
        ({"Address_Kind": ""}, "C23", "block", "which kind"),
        ({"Address_Until": "2026-05-03"}, "C25", "block", "left this address"),
        ({"Address_Until": "2026-06-01"}, "C25", "block", "not there today"),
        ({"Address_Since": "2026-05-05"}, "C25", "block", "after the sighting"),
        ({"Activated_On": "2026-05-05"}, "C25", "block", "activated"),
        ({"Activated_On": "", "Address_Since": ""}, "C25", "hold", "since when"),
        ({"Connection_Type": "mobile", "Address_Kind": "permanent"}, "C23", "hold", "mobile"),
    ],
)
def test_an_address_that_leads_to_no_house_is_held_and_its_door_never_holds(asked, change, code, outcome, said):
    road, request, row = asked
    done = road.reply(request, [told(request.number, 1, row, **change)])
    assert done.rows[0]["outcome"] == "held" and said in words_of(done.rows[0], code)
    (door,) = road.doors()
    assert outcomes(door)[code] == outcome and door["state"] == ("blocked" if outcome == "block" else "held")


@pytest.mark.parametrize(
    ("premises", "outcome"),
    [("house", "pass"), ("hostel", "hold"), ("public wifi", "hold"), ("flat", "hold"), ("", "hold")],
)
def test_a_place_that_others_share_or_that_nobody_stated_is_held(asked, premises, outcome):
    road, request, row = asked
    road.reply(request, [told(request.number, 1, row, Premises=premises)])
    assert outcomes(road.doors()[0])["C26"] == outcome


def test_two_subscribers_for_one_instant_block_both_doors(asked):
    """W01, W07: exactly one subscriber, else no step to a house."""
    road, request, row = asked
    both = [told(request.number, 1, row), told(request.number, 1, row, Subscriber_ID="S-2", Address="Elsewhere 2")]
    done = road.reply(request, both)
    assert [one["outcome"] for one in done.rows] == ["held", "held"]
    assert "2 subscribers" in words_of(done.rows[0], "C21")
    assert {door["state"] for door in road.doors()} == {"blocked"}


def test_times_of_two_addresses_exchanged_are_named(road):
    """W09: the times of two addresses swapped."""
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(days=3), "o-2", address="198.18.7.77")
    road.observe(first, second)
    request = road.signed()
    done = road.reply(request, [told(request.number, 2, first), told(request.number, 1, second)])
    assert [row["outcome"] for row in done.rows] == ["refused", "refused"]
    assert "those of row 1" in words_of(done.rows[0], "C20")


def test_sightings_of_one_activity_that_name_different_subscribers_block(road):
    """W01, W03, W08: one resolution is a wrong customer; the second tells."""
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(days=3), "o-2")
    road.observe(first, second)
    request = road.signed()
    road.reply(
        request,
        [told(request.number, 1, first), told(request.number, 2, second, Subscriber_ID="S-2", Address="Elsewhere 2")],
    )
    assert {door["state"] for door in road.doors()} == {"blocked"}
    assert {outcomes(door)["C22"] for door in road.doors()} == {"block"}


@pytest.mark.parametrize(
    ("second_at", "more", "state"),
    [
        (DAY + timedelta(minutes=5), {}, "held"),  # the same session on the same day is one
        (DAY + timedelta(days=5), {}, "holds"),
        (DAY + timedelta(days=5), {"Allocation": "static"}, "holds"),
        (DAY + timedelta(hours=5), {"Allocation": "static"}, "held"),
    ],
)
def test_two_resolutions_are_independent_only_when_day_and_session_differ(road, second_at, more, state):
    first, second = seen(DAY, "o-1"), seen(second_at, "o-2")
    road.observe(first, second)
    request = road.signed()
    road.reply(request, [told(request.number, 1, first, **more), told(request.number, 2, second, **more)])
    assert [door["state"] for door in road.doors()] == [state]


def whole(done, code):
    assert done.rows == [] and [refusal.code for refusal in done.refusals] == [code]
    return done.refusals[0]


def test_a_reply_to_another_request_is_refused_whole(asked):
    road, request, row = asked
    refusal = whole(road.reply(request, [told("R-0999", 1, row)]), "REPLIES-OTHER-REQUEST")
    assert "R-0999" in refusal.what and road.doors() == []


def test_a_reply_without_a_zone_is_refused_whole_and_the_next_one_is_read(asked):
    road, request, row = asked
    whole(road.reply(request, [told(request.number, 1, row, Time_Zone="")]), "REPLIES-ZONE")
    assert road.reply(request, [told(request.number, 1, row)], name="b.csv").rows[0]["outcome"] == "accepted"


@pytest.mark.parametrize(
    "written", ["04-05-2026 11:20:00", "2026-05-04 11:20:00 AM", "04/05/2026 11:20", "2026-05-04T11:20:00"]
)
def test_times_in_another_form_are_drift_and_stop_the_file(asked, written):
    """W05: the operator changes his format without a word."""
    road, request, row = asked
    whole(road.reply(request, [told(request.number, 1, row, Session_Start=written)]), "REPLIES-DRIFT")


def test_hours_that_never_pass_twelve_in_many_rows_are_drift(road):
    """W05: 24 hours became 12 without AM and PM."""
    rows = [seen(DAY + timedelta(days=day), f"o-{day}") for day in range(-51, 0)]
    road.observe(*rows)
    request = road.signed()
    answers = [
        told(
            request.number,
            n,
            row,
            Session_Start=ist(DAY + timedelta(days=n - 52, hours=-2)),
            Session_End=ist(DAY + timedelta(days=n - 52)),
        )
        for n, row in enumerate(rows, 1)
    ]
    whole(road.reply(request, answers), "REPLIES-DRIFT")


def test_an_unknown_layout_and_bytes_that_are_no_sheet_are_refused_and_kept(asked):
    from paricha.attribution.verbs.replies import read_replies
    from paricha.vault.models import Original

    road, request, _row = asked
    done = read_replies(
        road.first, request, [("a.csv", b"a,b,c\r\n1,2,3\r\n"), ("b.xlsx", b"PK\x03\x04 cut"), ("c.csv", b"\x00\x01")]
    )
    assert [refusal.code for refusal in done.refusals] == ["REPLIES-LAYOUT", "REPLIES-UNREADABLE", "REPLIES-UNREADABLE"]
    assert Original.objects.filter(name__in=["a.csv", "b.xlsx", "c.csv"]).count() == 3


def test_rows_without_records_and_footers_are_counted_none_is_skipped(road):
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(days=2), "o-2")
    road.observe(first, second)
    request = road.signed()
    none = dict.fromkeys(REPLY, "") | {
        "Request": request.number,
        "Row": "2",
        "Time Zone": "IST",
        "Remarks": "No records found",
    }
    from paricha.attribution.verbs.replies import read_replies

    data = text(REPLY, [told(request.number, 1, first), none]) + b"System generated\r\n"
    done = read_replies(road.first, request, [("reply.csv", data)])
    assert (len(done.rows), done.no_records, done.footers, done.refusals) == (1, 1, 1, [])


def test_a_row_without_a_number_answers_each_instant_its_session_covers(road):
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(minutes=10), "o-2")
    road.observe(first, second)
    request = road.signed()
    done = road.reply(request, [told(request.number, "", first) | {"Row": ""}])
    assert [row["outcome"] for row in done.rows] == ["accepted", "accepted"]
    assert len({row["sighting"] for row in done.rows}) == 2


def test_details_join_by_user_id_and_two_addresses_hold_the_door(asked):
    road, request, row = asked
    bare = dict.fromkeys(
        ("Subscriber Name", "Address", "Address Kind", "Premises", "Activated On", "Address Since"), ""
    )
    details = (
        b"User ID,Name,Installation Address,Activated On,Premises\r\n"
        b'S-100,Example Subscriber,"Lakeview 11/4, PIN 671124",2021-03-01,house\r\n'
        b'S-100,Example Subscriber,"Hilltop 2, PIN 671315",2021-03-01,house\r\n'
        b'S-7,Nobody Asked,"Elsewhere 1",2021-03-01,house\r\n'
    )
    done = road.reply(request, [told(request.number, 1, row) | bare], extra=[("details.csv", details)])
    assert [refusal.code for refusal in done.refusals] == ["REPLIES-DETAILS-UNJOINED"]
    (door,) = road.doors()
    assert door["address"]["kind"] == "installation" and outcomes(door)["C23"] == "pass"
    assert outcomes(door)["C25"] == "hold" and "Two installation addresses" in words_of(door, "C25")


def test_replies_are_read_only_for_a_request_with_two_signatures(road):
    row = seen(DAY)
    road.observe(row)
    (request,) = road.make().requests
    with pytest.raises(Refused, match="REPLIES-NOT-SIGNED"):
        road.reply(request, [told(request.number, 1, row)])


def test_a_new_fact_removes_a_block(road):
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(days=4), "o-2")
    road.observe(first, second)
    request = road.signed()
    billing = {"Address_Kind": "billing", "Address": "Shop 4, Market Road"}
    road.reply(request, [told(request.number, 1, first, **billing), told(request.number, 2, second, **billing)])
    assert road.doors()[0]["state"] == "blocked"
    road.reply(request, [told(request.number, 1, first), told(request.number, 2, second)], name="corrected.csv")
    (door,) = road.doors()
    assert door["state"] == "holds" and door["address"]["text"].startswith("Lakeview")
