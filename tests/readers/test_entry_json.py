"""A file that begins like a typed tip but was not written by the page: what it can't say is left unread, never guessed."""

import hashlib
import json

import pytest

from paricha.intake.reading import read_bytes

TYPED = {
    "form": "letter",
    "giver": "Made-up school",
    "child_in_danger": "no",
    "description": "Neutral words.",
    "persons": [{"name": "Deepthi Aryankattil", "age": "31"}],
    "sightings": [{"address": "203.0.113.9", "who": "suspect 1", "port": "4431"}],
    "officer": "Anila Kurian",
    "entered_at": "2026-08-03T10:00:00Z",
}


def read(typed):
    data = ('{"paricha_entry":1,' + json.dumps(typed)[1:]).encode()
    (tip,) = read_bytes(data, name="entry.json", sha256=hashlib.sha256(data).hexdigest()).documents
    return tip


def test_a_sound_one_is_read_whole():
    tip = read(TYPED)
    assert tip.people[0].ages[0].value == 31
    assert (tip.sightings[0].address.value, tip.sightings[0].port.value) == ("203.0.113.9", 4431)
    assert [(noted.field, noted.leaf.value) for noted in tip.marks][1] == ("child in danger", False)
    assert tip.unread == []


@pytest.mark.parametrize("port", ["many", "0", "65536", "-1", "9" * 40])
def test_a_port_that_is_none_is_left_unread(port):
    tip = read(TYPED | {"sightings": [TYPED["sightings"][0] | {"port": port}]})
    assert tip.sightings[0].port is None
    assert [block.why for block in tip.unread] == ["not a port"]


@pytest.mark.parametrize("age", ["young", "151", "1.5"])
def test_an_age_that_is_none_is_left_unread(age):
    tip = read(TYPED | {"persons": [TYPED["persons"][0] | {"age": age}]})
    assert tip.people[0].ages == []
    assert [block.why for block in tip.unread] == ["not an age"]


def test_danger_in_other_words_than_yes_or_no_is_not_a_no():
    tip = read(TYPED | {"child_in_danger": "perhaps"})
    assert [noted.field for noted in tip.marks] == ["entered as"]
    assert [block.why for block in tip.unread] == ["not yes or no"]


def test_an_address_that_is_none_is_no_sighting():
    tip = read(TYPED | {"sightings": [{"address": "203.0.113.999", "who": "report"}]})
    assert tip.sightings == []
    assert [block.why for block in tip.unread] == ["not an address"]


def test_a_text_that_no_database_keeps_is_left_unread():
    tip = read(TYPED | {"description": "a\0b"})
    assert tip.incident_description is None
    assert [block.why for block in tip.unread] == ["broken characters"]


def test_broken_letters_in_a_key_that_nobody_reads_refuse_it():
    data = (
        b'{"paricha_entry":1,"x\xff":1,"form":"letter","giver":"G","officer":"A","entered_at":"2026-08-03T10:00:00Z"}'
    )
    reading = read_bytes(data, name="entry.json", sha256="0" * 64)
    assert (reading.documents, [refusal.code for refusal in reading.refusals]) == ([], ["INTAKE-ENTRY"])
