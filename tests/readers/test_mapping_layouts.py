"""Headings as they are written, and a layout that drifted: what is missing, new, renamed or moved is named."""

import pytest

from paricha.intake.grids import Grid
from paricha.intake.headings import bare, built_in
from paricha.intake.layouts import drift_of, drifted_from
from paricha.intake.mapping import Mapping
from paricha.intake.reading import read_bytes

COLUMNS = {"Tip No": "report_number", "IP": "sighting.address", "Time": "sighting.at"}
ORDER = ["Tip No", "IP", "Time", "Remarks"]


@pytest.mark.parametrize(
    "heading, field",
    [
        ("മൊബൈല്‍ നമ്പര്‍", "person.phones"),  # old chillu, typed with joiners
        ("മൊബൈൽ നമ്പർ", "person.phones"),
        ("ടിപ്പ്ലൈൻ നമ്പർ", "report_number"),
        ("ഐ.പി അഡ്രസ്സ്", "sighting.address"),
        ("ഇ-മെയിൽ", "person.emails"),
        ("കൈപ്പറ്റിയ തീയതി", "received_at"),
        ("Cyber Tipline Report No.", "report_number"),
        ("Recd. On (dd/mm/yyyy)", "received_at"),
        ("ＩＰ  address 2 (IST)", "sighting.address"),  # full width
        ("MD 5", "file.md5"),
    ],
)
def test_usual_headings_are_known_however_they_are_written(heading, field):
    assert built_in().get(bare(heading)) == field


@pytest.mark.parametrize(
    "heading", ["Category", "Company", "Remarks", "Facebook ID", "NCRB Ref No", "ഉപയോക്താവിന്റെ പേര്", ""]
)
def test_a_heading_that_may_mean_several_things_is_not_read_by_itself(heading):
    assert bare(heading) not in built_in()


def sheet(*headings: str) -> Grid:
    return Grid("Tips", [list(headings), ["1", "192.0.2.7", "2026-05-01 10:00", ""]])


def whole(order=None) -> Mapping:
    return Mapping("partner", 1, dict(COLUMNS), headings_in_order=order)


@pytest.mark.parametrize(
    "headings, words",
    [
        (["Tip No", "Time", "Remarks"], "“IP” is missing"),
        (["Tip No", "IP", "Time", "Remarks", "Port"], "“Port” is new"),
        (["Tip No", "IP Address", "Time", "Remarks"], "“IP” is now “IP Address”"),
        (["Tip No", "Qwerty", "Time", "Remarks"], "“IP” is now “Qwerty”"),  # in its place, among as many columns
        (["Remarks", "Tip No", "Time", "Login IP"], "“IP” is now “Login IP”"),  # elsewhere, but naming the same field
        (["IP", "Tip No", "Time", "Remarks"], "their order differs, first at “IP”"),
        (["Time", "Remarks", "More", "Else"], "“Tip No”, “IP” are missing; “More”, “Else” are new"),
    ],
)
def test_the_difference_of_a_drifted_layout_is_named(headings, words):
    grid = sheet(*headings)
    assert drift_of(grid, whole(ORDER)).words == words
    assert drifted_from([grid], whole(ORDER), []).name == "partner"


def test_a_mapping_without_the_whole_order_names_what_it_lacks():
    told = drift_of(sheet("Tip No", "Login IP", "Time", "Anything"), whole())
    assert (told.renamed, told.missing, told.new) == ([("IP", "Login IP")], [], [])
    assert drift_of(sheet("Tip No", "Anything", "Time"), whole()).words == "“IP” is missing"


def test_a_layout_that_fits_has_not_drifted():
    assert drifted_from([sheet(*ORDER)], None, [whole(ORDER)]) is None
    assert drifted_from([sheet("A", "B", "C")], None, [whole(ORDER)]) is None


def test_nothing_of_a_drifted_file_is_used():
    data = b"Tip No,IP Address,Time,Remarks\n1,192.0.2.7,2026-05-01 10:00,x\n"
    made = read_bytes(data, name="a.csv", sha256="0" * 64, mappings=[whole(ORDER)])
    assert (made.documents, made.refusals[0].code) == ([], "INTAKE-SHEET-DRIFTED")
    assert "“IP” is now “IP Address”" in made.refusals[0].what
