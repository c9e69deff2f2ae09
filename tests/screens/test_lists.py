"""Lists count, filter, order, page and export the rows they were given, and no others."""

import csv
import io
import json

import pytest
from django.db.models import Q
from python_calamine import CalamineWorkbook

from paricha.access.models import Unit, UnitKind
from paricha.screens.list_filters import Choice, Days, Filter
from paricha.screens.lists import Column, Empty, ListPage, View

ROWS = [
    {
        "id": n,
        "number": f"T-{n:03d}",
        "reporter": ["Share", "Mail"][n % 2],
        "events": None if n % 10 == 0 else n * 7 % 50,
        "at": 1_795_000_000 + n * 3600,
    }
    for n in range(1, 121)
]
PAGE = ListPage(
    name="tips",
    title="Tips",
    columns=[
        Column("number", "Tip", link=lambda row: f"/tip/{row['id']}/", sort="number"),
        Column("reporter", "Reporter", sort="reporter"),
        Column("events", "Events", number=True, sort="events"),
        Column("note", "Note", get=lambda row: "=1+1", on_screen=False),
    ],
    views=[View("all", "All"), View("share", "From Share", {"reporter": "Share"})],
    filters=[
        Choice("reporter", "Reporter", options=[("Share", "Share"), ("Mail", "Mail")]),
        Filter("number", "Number"),
        Days("at", "Received", epoch=True),
    ],
    search=["number", "reporter"],
    order="number",
    empty=Empty("No tip waits.", "Open Intake.", "/intake/", "Open Intake"),
    marks=True,
)


def ask(rf, query="", page=PAGE, rows=ROWS, **headers):
    request = rf.get("/tips/" + query, headers=headers)
    return page.answer(request, rows)


def numbers(response) -> list[str]:
    return [line.split("</a>")[0].split(">")[-1] for line in response.content.decode().split("data-open-row")[1:]]


def test_the_first_page_has_its_rows_and_says_how_many_there_are(rf):
    page = ask(rf)
    assert numbers(page) == [f"T-{n:03d}" for n in range(1, 51)]
    assert "1 to 50 of 120" in page.content.decode()


def test_pages_lead_through_all_rows_once(rf):
    seen = [number for page in (1, 2, 3) for number in numbers(ask(rf, f"?page={page}"))]
    assert seen == [row["number"] for row in ROWS]
    assert numbers(ask(rf, "?page=4")) == []


def test_a_view_counts_and_narrows(rf):
    text = ask(rf, "?view=share").content.decode()
    assert "From Share <b>60</b>" in text and "All <b>120</b>" in text and "of 60" in text


def test_search_choice_text_and_days_narrow_together(rf):
    assert numbers(ask(rf, "?q=t-11")) == [f"T-{n}" for n in range(110, 120)]
    assert numbers(ask(rf, "?q=t-11&reporter=Mail")) == [f"T-{n}" for n in range(111, 120, 2)]
    assert numbers(ask(rf, "?number=005")) == ["T-005"]


def test_days_are_whole_days_of_the_units_zone(rf):
    # `TZ=Asia/Kolkata date -d @1795000000` says Wed 18 Nov 2026 16:36:40; the IST day ends 7 h 23 min 20 s later
    found = numbers(ask(rf, "?at_from=2026-11-18&at_to=2026-11-18"))
    assert found == [f"T-{n:03d}" for n in range(1, 8)]


def test_what_a_filter_cannot_understand_is_said(rf):
    text = ask(rf, "?at_from=18/11/2026&reporter=Nobody").content.decode()
    assert "no day" in text and "no choice here" in text and "of 120" in text


def test_order_puts_what_is_not_stated_last_both_ways(rf):
    for sort in ("events", "-events"):
        rows = PAGE.choose(rf.get(f"/?sort={sort}").GET, ROWS).rows
        stated = [row["events"] for row in rows if row["events"] is not None]
        assert stated == sorted(stated, reverse=sort.startswith("-"))
        assert [row["events"] for row in rows[-12:]] == [None] * 12


def test_an_order_by_a_column_that_does_not_sort_is_ignored(rf):
    assert numbers(ask(rf, "?sort=-password"))[0] == "T-001"


def test_htmx_gets_the_changing_part_alone(rf):
    whole, part = ask(rf).content.decode(), ask(rf, **{"HX-Request": "true"})
    assert "<html" in whole and "<html" not in part.content.decode() and 'id="list"' in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert "<html" in ask(rf, **{"HX-Request": "true", "HX-History-Restore-Request": "true"}).content.decode()


def test_an_empty_list_says_what_to_do_and_a_narrowed_one_how_to_widen(rf):
    assert "Open Intake" in ask(rf, rows=[]).content.decode()
    assert "No row fits" in ask(rf, "?q=nothing-like-it").content.decode()


def test_the_csv_holds_every_filtered_row_and_no_formula(rf):
    response = ask(rf, "?reporter=Mail&export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Tip", "Reporter", "Events", "Note"] and len(rows) == 61
    assert {row[1] for row in rows[1:]} == {"Mail"} and rows[1][3] == "'=1+1"
    assert "made-up-tips.csv" in response["Content-Disposition"]


def test_the_workbook_holds_numbers_as_numbers_and_text_as_text(rf):
    response = ask(rf, "?export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheet_names == ["Made-up data"]
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 121 and rows[1] == ["T-001", "Share" if 1 % 2 == 0 else "Mail", 7.0, "=1+1"]
    assert rows[10][2] == ""


def test_reading_and_export_are_told_to_the_room(rf):
    told = []
    page = ListPage(
        name="x", title="X", columns=PAGE.columns, on_read=lambda request, rows, how: told.append((len(rows), how))
    )
    ask(rf, page=page)
    ask(rf, "?export=csv", page=page)
    assert told == [(50, "screen"), (120, "csv")]


def test_new_rows_wait_behind_a_button(rf):
    text = ask(rf, "?new=1&seen=117", **{"HX-Request": "true"}).content.decode()
    assert "3 new rows: show them" in text
    assert ask(rf, "?new=1&seen=120", **{"HX-Request": "true"}).content.decode().strip() == ""


@pytest.fixture
def units(db):
    state = Unit.objects.create(name="State of lists", kind=UnitKind.STATE, path="/1/")
    for number in range(1, 61):
        Unit.objects.create(
            name=f"Station {number:02d}",
            kind=UnitKind.STATION if number % 3 else UnitKind.DISTRICT,
            under=state,
            path=f"/1/{number % 7}/",
        )
    return Unit.objects.filter(under=state)


UNITS = ListPage(
    name="units",
    title="Units",
    columns=[
        Column("name", "Name", link=lambda unit: "#", sort="name"),
        Column("kind", "Kind", sort="kind"),
        Column("path", "Path", sort="path"),
    ],
    views=[View("all", "All"), View("districts", "Districts", Q(kind=UnitKind.DISTRICT))],
    filters=[Choice("kind", "Kind", options=UnitKind.choices)],
    search=["name"],
    order="name",
    per_page=25,
)


def test_a_queryset_is_filtered_in_the_database(rf, units):
    text = ask(rf, "?view=districts&q=station 1", page=UNITS, rows=units).content.decode()
    assert "Districts <b>20</b>" in text
    assert numbers(ask(rf, "?view=districts&q=station 1", page=UNITS, rows=units)) == [
        "Station 12",
        "Station 15",
        "Station 18",
    ]


def test_keyset_pages_lead_through_all_rows_once_also_where_the_order_ties(rf, units):
    page = ListPage(**{name: getattr(UNITS, name) for name in UNITS.__dataclass_fields__} | {"paging": "keyset"})
    for sort in ("path", "-path", "-name"):
        query, seen = rf.get(f"/?sort={sort}").GET.copy(), []
        for _page in range(4):
            chosen = page.choose(query, units)
            forward, _back = chosen._cut()
            seen += [unit.pk for unit in chosen.shown]
            if not forward:
                break
            query = rf.get("/" + forward).GET.copy()
        assert len(seen) == 60 and len(set(seen)) == 60


def test_a_broken_cursor_starts_at_the_top(rf, units):
    page = ListPage(**{name: getattr(UNITS, name) for name in UNITS.__dataclass_fields__} | {"paging": "keyset"})
    for after in ("x", "[1]", json.dumps({"a": 1}), '["a", {}]'):
        assert ask(rf, f"?after={after}", page=page, rows=units).status_code == 200
