"""Clocks follow the law of the day; labels can't be made up, mixed up or torn unnoticed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from paricha.exhibits.clocks import Standing, hours_left, limits_of_a_search, standing
from paricha.exhibits.labels import label_text, read_label
from paricha.grounds.instants import from_utc_text

ENTERED = from_utc_text("2026-11-22T00:30:00Z")


def test_forty_eight_hours_run_from_the_search():
    copies = next(limit for limit in limits_of_a_search(ENTERED, date(2026, 11, 22)) if limit.kind == "185-5")
    assert copies.due_at == from_utc_text("2026-11-24T00:30:00Z")
    assert standing(copies.due_at, None, copies.due_at + timedelta(minutes=1)) is Standing.LATE
    assert standing(copies.due_at, None, ENTERED) is Standing.RUNNING
    assert standing(copies.due_at, None, copies.due_at - timedelta(hours=2)) is Standing.SOON
    assert standing(copies.due_at, copies.due_at, copies.due_at) is Standing.DONE
    assert standing(copies.due_at, copies.due_at + timedelta(seconds=1), ENTERED) is Standing.DONE_LATE


def test_both_clocks_run_and_the_recording_has_no_hour():
    limits = {limit.kind: limit.due_at for limit in limits_of_a_search(ENTERED, date(2026, 11, 22))}
    assert set(limits) == {"185-5", "105"} and limits["105"] is None
    assert standing(None, None, ENTERED + timedelta(days=9)) is Standing.RUNNING


def test_no_section_of_a_law_that_was_not_in_force():
    assert limits_of_a_search(from_utc_text("2024-06-30T00:30:00Z"), date(2024, 6, 30)) == []


def test_a_minute_late_is_an_hour_over():
    assert hours_left(ENTERED, ENTERED + timedelta(minutes=1)) == -1


KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_label_names_its_exhibit_and_no_other():
    assert read_label(KEY, label_text(KEY, b"e" * 16)) == b"e" * 16


@given(st.integers(0, 64), st.sampled_from("0123456789abcdef:x"))
def test_a_changed_character_is_seen(place, char):
    text = label_text(KEY, b"e" * 16)
    at = place % len(text)
    changed = text[:at] + char + text[at + 1 :]
    assert read_label(KEY, changed) == (b"e" * 16 if changed == text else None)


def test_a_label_of_another_installation_is_foreign():
    assert read_label(KEY, label_text(OTHER_KEY, b"e" * 16)) is None


@given(st.text(max_size=80))
def test_any_scan_is_answered(text):
    assert read_label(KEY, text) is None
