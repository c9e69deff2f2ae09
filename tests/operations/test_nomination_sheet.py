"""A nomination sheet: good lines are taken, each bad one is named by its line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.operations.nomination_sheet import Line, read_nomination

HEAD = "name,rank,woman,cyber,technical"


def read(text):
    return read_nomination(text if isinstance(text, bytes) else text.encode(), file="sheet.csv", district="Kallar")


def test_the_columns_of_the_officers_sheet_are_read_and_more_are_allowed():
    lines, refusals = read(f"\ufeffofficer,{HEAD},district\nK1,ആനി തോമസ്,Sub-Officer,yes,no,ഇല്ല,Kallar\n\n")
    assert (lines, refusals) == ([Line("ആനി തോമസ്", "Sub-Officer", True, False, False)], [])


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (",Guard,yes,no,no", "line 3, name"), ("B,,yes,no,no", "line 3, rank"), ("B,Guard,perhaps,no,no", "line 3, woman"),
        ("B,Guard,yes,no", "line 3, technical"),
    ],
)  # fmt: skip
def test_half_a_line_is_named_and_the_rest_is_taken(line, place):
    lines, refusals = read(f"{HEAD}\nA,Guard,yes,no,no\n{line}\nC,Guard,no,no,no\n")
    assert [one.name for one in lines] == ["A", "C"]
    assert [(one.code, one.place) for one in refusals] == [("OPERATION-NOMINATION", place)]


def test_another_districts_officer_is_refused():
    lines, refusals = read(f"{HEAD},district\nA,Guard,yes,no,no,Puzha\n")
    assert lines == [] and refusals[0].place == "line 2, district"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b'"', b"name,rank\n", b"\0" * 9, b"x" * 200_000])
def test_what_is_no_sheet_is_one_refusal(data):
    lines, refusals = read(data)
    assert lines == [] and len(refusals) == 1


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(data):
    lines, refusals = read(HEAD.encode() + b"\n" + data)
    assert all(one.name and one.rank for one in lines)
    assert all(one.remedy for one in refusals)
