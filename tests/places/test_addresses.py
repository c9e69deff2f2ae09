"""What an address says, where it says it, and which stations it may belong to."""

import pytest

from paricha.places.addresses import parse_address
from paricha.places.folding import find_name, folded
from paricha.places.pins import Office, derive
from paricha.places.proposals import Area, StationPoint, propose

TEXT = "Elanji 18/102A, Kulam Lane, Karimbanakkunnu, Chadayamangalam SO, Kadalnadu, PIN 691534"


def test_parts_are_found_with_their_place_in_the_text():
    parts = parse_address(TEXT, {"691534": ["Chadayamangalam SO", "Other BO"]}, ["Karimbanakkunnu", "Kunnu"])
    assert (parts.pin.value, TEXT[parts.pin.start : parts.pin.end]) == ("691534", "691534")
    assert (
        parts.post_office.value == "Chadayamangalam SO"
        and TEXT[parts.local_body.start : parts.local_body.end] == "Karimbanakkunnu"
    )


@pytest.mark.parametrize(
    ("text", "pin"),
    [("House 123456, Road, 670 001", "670001"), ("PIN 670001, phone 9800001234", "670001"), ("No pin here 67000", None),
     ("12/670001", None), ("പിൻ 671124 വീട്", "671124"), ("pin-671124 ref 999999", "671124")],
)  # fmt: skip
def test_the_pin_is_the_last_one_or_the_one_called_pin(text, pin):
    found = parse_address(text).pin
    assert (found.value if found else None) == pin


@pytest.mark.parametrize(
    ("one", "other"), [("Vazhuthacaud", "Vazuthacaud"), ("Kuyilpara", "Kuyilppara"), ("Poonthura", "Punthura")]
)
def test_usual_spellings_are_one_name(one, other):
    assert folded(one) == folded(other) and find_name(f"House, {other}, Road", one)


def test_house_numbers_are_never_folded_together():
    assert folded("Ward 11") != folded("Ward 1")


AREAS = [
    Area("Mullakkadavu", "North", "Puthenthura", "Bekal SO", "671318"),
    Area("Poonthopparambu", "South", "Puthenthura", "Edakkad BO", "689614"),
    Area("Tharavayal", "North", "Tharavayal", "Madhur BO", "671124"),
    Area("Pachilamedu", "North", "Pachilamedu", "Kudlu SO", "671124"),
]


def test_a_pin_alone_never_decides_and_says_so():
    parts = parse_address("House 4, PIN 671124")
    found = propose(parts, AREAS, [])
    assert {one.station for one in found.stations} == {"Tharavayal", "Pachilamedu"} and found.district is None
    assert any("PIN never decides" in warning for warning in found.warnings)


def test_a_name_in_two_districts_is_warned_of_and_the_post_office_tells_them_apart():
    parts = parse_address("House 4, Puthenthura, Bekal SO, PIN 671318", {"671318": ["Bekal SO"]}, ["Puthenthura"])
    found = propose(parts, AREAS, [StationPoint("Mullakkadavu", "South", "territorial")])
    assert found.stations[0].station == "Mullakkadavu" and found.district == "North"
    assert any("North and South" in warning for warning in found.warnings)
    assert any("stands in South too" in warning for warning in found.warnings)


def test_a_point_far_outside_its_district_does_not_count():
    near = [("670001", Office(f"O{n} BO", True, "K", "S", 11.87 + n / 1000, 75.36)) for n in range(40)]
    wrong = ("670002", Office("Far SO", True, "K", "S", 21.0, 75.36))
    table = derive([*near, wrong])
    assert table["670001"].grade == "A" and table["670002"].grade == "C" and table["670002"].lat is None
