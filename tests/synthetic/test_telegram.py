"""Group exports: members counted again from the messages alone."""

import json

import pytest


def people_in(messages: list[dict]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for m in messages:
        if m.get("from_id"):
            found.setdefault(m["from_id"], set()).add("posted")
        if m.get("action") == "create_group":
            found.setdefault(m["actor_id"], set()).add("created")
        if m.get("action") == "join_group_by_link":
            found.setdefault(m["actor_id"], set()).add("joined")
        for name in m.get("members", []):
            found.setdefault(f"name:{name}", set()).add("invited")
        for reaction in m.get("reactions", []):
            for r in reaction["recent"]:
                found.setdefault(r["from_id"], set()).add("reacted")
    return found


@pytest.mark.parametrize("name", ["group", "full"])
def test_members_and_bases_are_those_of_the_truth(state, name):
    export = json.loads((state.files / "telegram" / name / "result.json").read_text())
    chat = export if name == "group" else export["chats"]["list"][0]
    truth = next(c for c in state.rows("chats") if c["file"] == f"telegram/{name}/result.json")
    assert people_in(chat["messages"]) == {m["member"]: set(m["bases"]) for m in truth["members"]}
    assert truth["messages"] == len(chat["messages"])


def test_every_basis_occurs_and_some_members_are_known_to_tips(state):
    truth = next(c for c in state.rows("chats") if c["root"] == "single" and not c["needs_repair"])
    assert {b for m in truth["members"] for b in m["bases"]} == {"posted", "joined", "created", "invited", "reacted"}
    known = [m for m in truth["members"] if m["subject"]]
    assert any(m["in_state"] for m in known) and any(m["phone"] for m in known)
    assert {way for m in known for way in m["linked_by"]} == {"phone", "account"}
    subjects = {s["subject"]: s for s in state.rows("subjects")}
    for m in known:
        assert not m["phone"] or m["phone"] in subjects[m["subject"]]["phones"]
        if "account" in m["linked_by"]:
            accounts = [(a["service"], a["user_id"]) for a in subjects[m["subject"]]["accounts"]]
            assert ("Telegram", m["telegram_id"].removeprefix("user")) in accounts


def test_messages_are_neutral_lines(state):
    export = json.loads((state.files / "telegram" / "group" / "result.json").read_text())
    assert {m["text"].split(" ")[0] + " " + m["text"].split(" ")[1] for m in export["messages"] if m["text"]} == {
        "see file",
        "see list",
    }


def test_the_escaped_export_is_what_telegram_writes_and_json_refuses(state):
    data = (state.files / "telegram" / "escaped" / "result.json").read_bytes()
    with pytest.raises(json.JSONDecodeError):
        json.loads(data)
    assert json.loads(data.replace(b"\\x0C", b"\\u000c"))["name"] == "Escaped\fNotes"
