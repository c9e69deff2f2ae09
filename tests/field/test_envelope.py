"""The envelope of a field event: what is signed is exactly what is stored, and its order shows."""

import json

from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from paricha.field.board import Happened, SiteState, silent, site_lines
from paricha.field.envelope import PREFIX, START, likely_at, read_envelope, signed_by
from paricha.field.kinds import Kind, read_payload
from paricha.grounds.instants import from_utc_text


def text(**changed) -> str:
    plain = {
        "id": "0" * 31 + "1", "device": "0" * 32, "seq": 1, "previous": START, "kind": "entered",
        "at": "2026-11-22T00:30:00Z", "payload": {}, "site": "a" * 32,
    }  # fmt: skip
    return json.dumps(plain | changed)


def test_an_envelope_is_read_as_it_is():
    envelope, fault = read_envelope(text(offset_s=90))
    assert fault == ""
    assert envelope is not None and envelope.kind is Kind.ENTERED
    assert likely_at(envelope) == from_utc_text("2026-11-22T00:28:30Z")


@given(
    st.sampled_from(["id", "device", "seq", "previous", "kind", "at", "payload", "site"]),
    st.sampled_from([None, 0, -1, "", "x", "A" * 32, [], "2026-11-22 00:30", "0" * 63]),
)
def test_an_impossible_value_is_named_and_never_raises(name, value):
    envelope, fault = read_envelope(text(**{name: value}))
    fine = name == "site" and value is None
    assert (envelope is None) == (not fine)
    assert bool(fault) == (not fine)


@given(st.text(max_size=400))
def test_any_text_is_answered(anything):
    envelope, fault = read_envelope(anything)
    assert (envelope is None) == bool(fault)


def test_a_changed_character_breaks_the_signature():
    key = SigningKey.generate()
    said = text()
    signature = key.sign(PREFIX + said.encode()).signature
    public = bytes(key.verify_key)
    assert signed_by(public, said, signature)
    assert not signed_by(public, said.replace('"seq": 1', '"seq": 2'), signature)
    assert not signed_by(bytes(SigningKey.generate().verify_key), said, signature)


def test_an_exhibit_needs_what_the_seizure_list_needs():
    good = {"number": "P1", "type": "mobile", "room": "hall", "seized_by": "Leader", "seal_number": "S-1"}
    assert read_payload(Kind.EXHIBIT_TAKEN, good)[1] == ""
    assert "seal_number" in read_payload(Kind.EXHIBIT_TAKEN, good | {"seal_number": " "})[1]
    assert "imei" in read_payload(Kind.EXHIBIT_TAKEN, good | {"imei": "123456789012347"})[1]
    assert read_payload(Kind.EXHIBIT_TAKEN, good | {"imei": "490154203237518"})[1] == ""
    assert "16 digits" in read_payload(Kind.EXHIBIT_TAKEN, good | {"recording": "12"})[1]


MORNING = [
    Happened("t", "s1", "at-the-place", from_utc_text("2026-11-22T00:20:00Z")),
    Happened("t", "s1", "entered", from_utc_text("2026-11-22T00:30:00Z")),
    Happened("t", "s1", "exhibit-taken", from_utc_text("2026-11-22T00:50:00Z")),
    Happened("t", "s1", "exhibit-taken", from_utc_text("2026-11-22T00:55:00Z"), confirmed=True),
    Happened("t", "s1", "left", from_utc_text("2026-11-22T01:30:00Z")),
]


@given(st.permutations(MORNING))
def test_the_order_of_arrival_does_not_change_the_board(events):
    line = site_lines(events)["s1"]
    assert (line.state, line.exhibits, line.arrests) == (SiteState.LEFT, 1, 0)


def test_a_team_never_heard_of_is_silent():
    now = from_utc_text("2026-11-22T01:40:00Z")
    assert silent(["t", "u"], MORNING, now) == {"u": -1}
    assert silent(["t"], MORNING, from_utc_text("2026-11-22T02:00:00Z")) == {"t": 30}
