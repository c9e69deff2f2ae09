"""What is asked, of whom, by which law; and that an altered letter is never signed."""

from datetime import date, timedelta

import pytest
import xlsxwriter

from paricha.grounds.refusals import Refused
from tests.attribution.conftest import DAY, seen, told  # noqa: F401


def why(made):
    return {code for _sighting, code, _words in made.unrequested}


@pytest.mark.parametrize(
    ("change", "outcome", "code"),
    [
        ({"provenance": "tracker"}, "refused", "C01"),  # W12: any address can be announced to a tracker
        ({"provenance": "third_party"}, "refused", "C01"),
        (
            {"entry": "typed", "address_again": "198.18.4.19", "at_again": "2026-05-04T06:30:00Z"},
            "refused",
            "C02",
        ),  # W02
        ({"clock_source": "none"}, "refused", "C05"),
        ({"clock_offset_ms": "812"}, "held", "C05"),
        ({"at": "2026-05-04T06:30:00"}, "refused", "C07"),
        ({"at": "04/05/2026 06:30:00"}, "refused", "C07"),
        ({"at": "2126-05-04T06:30:00Z"}, "refused", "C07"),
        ({"at": "2026-05-04T06:30:00Z", "zone": "IST"}, "refused", "C07"),
        ({"address": "10.1.2.3"}, "refused", "C11"),
        ({"address": "2002:c633:6401::1"}, "refused", "C11"),
        ({"address": "198.18.4"}, "refused", "OBSERVATIONS-ROW"),
    ],
)
def test_an_observation_that_cannot_lead_says_why_and_the_rest_goes_on(road, change, outcome, code):
    judged = road.observe(seen(DAY, "bad") | change, seen(DAY, "good"))
    assert (judged[0].outcome, judged[0].code) == (outcome, code)
    assert judged[1].outcome == "taken"
    made = road.make()
    assert [request.rows.count() for request in made.requests] == [1]
    assert why(made) == ({code} if outcome == "held" else set())


def test_the_same_observations_again_add_nothing(road):
    from paricha.attribution.models import ObservedSighting

    rows = [seen(DAY, "o-1"), seen(DAY, "o-2", address="198.18.9.9")]
    assert [row.facts.id for row in road.observe(*rows)] == [row.facts.id for row in road.observe(*rows)]
    assert ObservedSighting.objects.count() == 2
    assert len(road.make().requests) == 1 and road.make().requests == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"address": "198.18.130.4", "port": ""}, "C12"),
        ({"address": "198.18.130.4", "protocol": ""}, "C12"),
        ({"address": "198.18.130.4", "precision": "minute"}, "C12"),
        ({"address": "198.19.1.1", "port": ""}, "C12"),
        ({"precision": "day"}, "C10"),
        ({"address": "198.18.99.7"}, "C14"),
        ({"address": "192.0.2.9"}, "C14"),
        ({"address": "198.51.100.9"}, "C15"),
        ({"address": "203.0.113.7"}, "C16"),  # the sources differ
        ({"address": "203.0.113.200"}, "C16"),  # no source has it
        ({"at": "2025-12-01T06:30:00Z"}, "C16"),  # no snapshot holds so early
        ({"at": "2024-01-04T06:30:00Z"}, "C07"),  # the log may be erased
    ],
)
def test_nobody_is_asked_where_nobody_can_answer(road, change, code):
    (row,) = road.observe(seen(DAY) | change)
    assert row.outcome == "taken"
    made = road.make()
    assert made.requests == [] and why(made) == {code}


@pytest.mark.parametrize("address", ["198.18.130.4", "198.19.1.1", "2001:db8:1000:11::5"])
def test_with_port_protocol_and_second_or_a_customer_prefix_a_request_is_made(road, address):
    road.observe(seen(DAY, address=address))
    assert len(road.make().requests) == 1


def test_an_operator_of_another_name_is_refused_and_one_by_name_is_asked_alone(road):
    road.observe(seen(DAY, "o-1"), seen(DAY, "o-2", address="198.18.130.4"))
    with pytest.raises(Refused, match="REQUESTS-OPERATOR"):
        road.make("Example")
    (request,) = road.make("Example Cable").requests
    assert request.operator == "cable"


def written(road):
    from paricha.attribution.verbs.requests import write_request

    road.observe(seen(DAY, "o-1"), seen(DAY + timedelta(days=1), "o-2", address="2001:db8:1000:11:abcd:ef01:2345:6789"))
    (request,) = road.make().requests
    write_request(road.first, request, folder=road.folder / "out")
    return request


def rewrite(road, request, cell, value):
    """The sheet as another program would save it, one cell changed."""
    from paricha.attribution.sheets import read_sheet

    file = road.folder / "out" / f"{request.number}.xlsx"
    cells = read_sheet(file.read_bytes(), file.name)
    cells[cell[0]][cell[1]] = value
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(cells):
            sheet.write_row(line, 0, row)


def test_letter_and_sheet_are_read_back_equal_and_say_the_observed_second(road):
    from paricha.attribution.sheets import read_sheet
    from paricha.attribution.verbs.requests import sign_request

    request = written(road)
    sheet = read_sheet((road.folder / "out" / f"{request.number}.xlsx").read_bytes(), "x.xlsx")
    row = dict(zip(sheet[0], sheet[1], strict=False))
    assert row["From IST"] == row["To IST"] == "2026-05-04 12:00:00" and row["From UTC"] == "2026-05-04 06:30:00"
    assert (row["Destination IP"], row["Destination Port"], row["Protocol"]) == ("203.0.113.9", "6881", "TCP")
    assert sorted(file.name for file in (road.folder / "out").iterdir()) == [
        f"{request.number}.pdf",
        f"{request.number}.xlsx",
    ]
    assert sign_request(road.first, request).fields_equal > 40
    with pytest.raises(Refused, match="ACCESS-SAME-OFFICER"):
        sign_request(road.first, request)


@pytest.mark.parametrize(
    ("cell", "value", "named"),
    [((1, 4), "4011", "Source Port"), ((2, 3), "2001:db8:1000:11::1", "Source IP"), ((1, 6), "2026-05-04 06:30:00", "From IST"),
     ((1, 0), "R-0009", "Request"), ((0, 4), "Port", "Source Port")],
)  # fmt: skip
def test_an_altered_sheet_is_not_signed_and_the_field_is_named(road, cell, value, named):
    """W02, W03, W10: one changed value is found before the letter leaves."""
    from paricha.attribution.verbs.requests import sign_request, write_request

    request = written(road)
    rewrite(road, request, cell, value)
    with pytest.raises(Refused, match=named) as refused:
        sign_request(road.first, request)
    assert refused.value.refusal.code == "REQUESTS-READ-BACK"
    write_request(road.first, request, folder=road.folder / "out")
    sign_request(road.first, request)


def test_a_file_saved_again_without_a_changed_field_is_refused_too(road):
    from paricha.attribution.verbs.requests import sign_request

    request = written(road)
    rewrite(road, request, (0, 0), "Request")
    with pytest.raises(Refused, match="REQUESTS-CHANGED"):
        sign_request(road.first, request)


def test_a_row_added_to_the_sheet_is_refused(road):
    from paricha.attribution import finished
    from paricha.attribution.layouts import layouts
    from paricha.attribution.sheets import compare_sheet, read_sheet

    request = written(road)
    cells = read_sheet((road.folder / "out" / f"{request.number}.xlsx").read_bytes(), "x.xlsx")
    _layout, rows = finished.rows_of(request)
    back = compare_sheet("x.xlsx", [*cells, cells[-1]], layouts()["generic"].columns, rows)
    assert back.differences


def test_a_folder_with_other_sheets_is_refused(road):
    from paricha.attribution.verbs.requests import write_request

    request = written(road)
    (road.folder / "out" / "other.csv").write_text("a")
    with pytest.raises(Refused, match="REQUESTS-FOLDER"):
        write_request(road.first, request, folder=road.folder / "out")


def test_superseded_law_is_refused_and_the_law_of_the_day_is_chosen():
    from paricha.attribution.law import law_on

    assert law_on(date(2026, 5, 4))[0].id == "bnss-94"
    for wanted in ("crpc-91", "telegraph-419a"):
        with pytest.raises(Refused, match="REQUESTS-LAW"):
            law_on(date(2026, 5, 4), wanted)
    with pytest.raises(Refused, match="REQUESTS-LAW"):
        law_on(date(2024, 5, 4))
