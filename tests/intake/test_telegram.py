"""Telegram Desktop exports: members with their basis, no word of a message, and the program's own mistakes mended."""

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from paricha.intake.document import GroupDocument, encode
from paricha.intake.json_bytes import at_pointer
from paricha.intake.readers.telegram import mended
from paricha.intake.reading import read_bytes
from paricha.vault.locating import text_in

CHAT: dict[str, Any] = {
    "name": "Evening Notes",
    "type": "private_supergroup",
    "id": 9900000001,
    "messages": [
        {"id": 1, "type": "service", "date": "2026-04-06T10:00:00", "date_unixtime": "1775449800", "actor": "Ajith",
         "actor_id": "user1", "action": "create_group", "title": "Evening Notes", "members": ["Binu", None], "text": ""},
        {"id": 2, "type": "service", "date_unixtime": "1775449900", "actor": "Chitra", "actor_id": "user3",
         "action": "join_group_by_link", "inviter": "Ajith", "text": ""},
        {"id": 3, "type": "message", "date_unixtime": "1775450000", "from": None, "from_id": "user4",
         "text": "see file 12",
         "text_entities": [{"type": "mention_name", "text": "the word", "user_id": 77}],
         "reactions": [{"type": "emoji", "count": 1, "emoji": "x", "recent": [{"from": "Deepa", "from_id": "user5"}]}],
         "contact_information": {"first_name": "Esha", "last_name": "Nair", "phone_number": "+91 00000 00001"}},
        {"id": 4, "type": "message", "date": "2026-04-06T11:00:00", "from": "Ajith", "from_id": "user1", "text": "see list 4"},
        {"id": 5, "type": "service", "date_unixtime": "1775450200", "actor": "Ajith", "actor_id": "user1",
         "action": "remove_members", "members": ["Binu"], "text": ""},
    ],
}  # fmt: skip


def read(content: Any) -> tuple[bytes, Any]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return data, read_bytes(data, name="result.json", sha256=hashlib.sha256(data).hexdigest())


def group_of(content: Any) -> GroupDocument:
    _data, reading = read(content)
    assert (reading.refusals, reading.coverage.reader) == ([], "telegram-json/1")
    return reading.documents[0]


def test_members_come_with_their_basis_and_the_first_place_that_shows_it():
    found = [
        (member.basis, member.user_id and member.user_id.value, member.name and member.name.value)
        for member in group_of(CHAT).members
    ]
    assert found == [
        ("created", "user1", "Ajith"), ("invited", None, "Binu"), ("joined", "user3", "Chitra"), ("posted", "user4", None),
        ("contact", None, "Esha Nair"), ("reacted", "user5", "Deepa"), ("named", "77", None), ("posted", "user1", "Ajith"),
        ("removed", None, "Binu"),
    ]  # fmt: skip
    assert group_of(CHAT).members[2].added_by.value == "Ajith"


def test_no_word_of_a_message_is_kept():
    packed = encode(group_of(CHAT))
    assert b"see file 12" not in packed
    assert b"the word" not in packed


def test_a_date_without_offset_has_no_instant():
    group = group_of(CHAT)
    assert group.members[0].at.utc == 1775449800
    assert next(member for member in group.members if member.basis == "posted" and member.name).at.utc is None
    assert (group.first_at.utc, group.last_at.utc, group.messages) == (1775449800, 1775450200, 5)


def test_a_whole_account_gives_a_group_a_chat_and_names_what_is_not_read():
    account = {"about": "x", "personal_information": {"user_id": 1}, "sessions": {"about": "y", "list": []},
               "chats": {"about": "z", "list": [CHAT, {"strange": 1}]}, "left_chats": {"list": [CHAT | {"id": 5}]}}  # fmt: skip
    data, reading = read(account)
    assert [group.place for group in reading.documents] == ["/chats/list/0", "/left_chats/list/0"]
    assert [block.at for block in reading.unread] == ["/personal_information", "/chats/list/1"]
    assert at_pointer(json.loads(data), reading.documents[0].members[0].user_id.at) == "user1"


def test_the_programs_own_mistakes_are_mended_without_loss():
    text = json.dumps(CHAT, indent=1).replace("Evening Notes", r"Evening\x0CNotes \\x41", 1)
    text = text.replace('"text": "see list 4"', '"document_id": video_files/sticker (2).webm,\n"text": "see list 4"')
    data = text.encode()
    group = group_of(data)
    assert group.title.value == "Evening\x0cNotes \\x41"
    assert [stood for _place, stood in group.repairs] == ["video_files/sticker (2).webm", "\\x0C"]
    assert text_in(data, "json_pointer", "/name") == "Evening\x0cNotes \\x41"
    assert mended(json.dumps(CHAT, indent=1).encode())[1] == []


def test_a_message_is_located_without_its_words():
    data, _reading = read(CHAT)
    told = text_in(data, "message", 3)
    assert "user4" in told and "see file 12" not in told


def test_a_broken_export_is_refused():
    data = json.dumps(CHAT).encode()
    assert [refusal.code for refusal in read(data[: len(data) // 2])[1].refusals] == ["INTAKE-JSON-CUT"]


@given(st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 40))
def test_no_damage_makes_the_reader_raise(at, junk, removed):
    data = json.dumps(CHAT).encode()
    at %= len(data)
    _data, reading = read(data[:at] + junk + data[at + removed :])
    assert reading.read or reading.refusals or reading.media


KEYS = st.sampled_from(["type", "from_id", "actor", "action", "members", "reactions", "date_unixtime"])
SMALL = st.none() | st.integers() | st.lists(st.integers(), max_size=2) | st.text(max_size=4)
MESSAGES = st.lists(st.dictionaries(KEYS, SMALL, max_size=4), max_size=3)


@given(st.sampled_from(["messages", "name", "id", "type"]), SMALL | MESSAGES)
def test_no_value_anywhere_makes_the_reader_raise(key, value):
    _data, reading = read({**CHAT, key: value})
    assert reading.read or reading.refusals
