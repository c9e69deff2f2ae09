"""Telegram Desktop's result.json: who is a member of a group, and on what basis. No word of a message is kept.

Both roots are read: a single chat, and a whole account (`chats`, `left_chats`). The program writes invalid JSON now and
then (`\\x0C`, a bare `document_id`): that is mended without loss, and each mended byte place is kept with the group.
Source: tdesktop `export_output_json.cpp`; names of actions are its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from paricha.grounds.instants import Precision, ZoneSource
from paricha.grounds.provenance import LocatorKind
from paricha.intake import json_bytes
from paricha.intake.document import GroupDocument, Leaf, Member, Source, Unread, When
from paricha.intake.json_bytes import Broken
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.readers.cybertip_json import refusal_of
from paricha.intake.readers.json_walk import Node, Walk, nothing

_TYPES = (
    "saved_messages|replies|personal_chat|bot_chat|private_group|private_supergroup|public_supergroup|"
    "private_channel|public_channel"
)
_SINGLE = re.compile(rf'"type"\s*:\s*"(?:{_TYPES})".*"messages"\s*:\s*\[', re.DOTALL)
_FULL = re.compile(r'"(?:personal_information|left_chats|chats)"\s*:\s*\{')
# Actions by what they say of the one who acts, and of those they name.
_ACTOR_BASIS = {
    "create_group": "created",
    "create_channel": "created",
    "join_group_by_link": "joined",
    "join_group_by_request": "joined",
}
_NAMED_BASIS = {"create_group": "invited", "invite_members": "invited", "remove_members": "removed"}
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_BARE = re.compile(
    rb'("document_id"[ \t]*:[ \t]*)(?!["\[{\d-]|(?:null|true|false)\s*[,}\r\n])([^\r\n]*?)([ \t]*,?[ \t]*)(?=\r?\n|$)'
)
_SHOWN = frozenset(
    "id type date date_unixtime from from_id actor actor_id action members inviter title contact_information reactions".split()
)
MOST_REPAIRS = 1_000


class Telegram(Reader):
    """A Telegram Desktop export: groups with members by basis; no word of a message is kept.
    Single chats and whole accounts. Basis: posted, created, joined, invited, removed, reacted, named, contact; dates
    without an offset have no instant. The program's own breaches of JSON are mended, each with its byte place.
    """

    name, version, form = "telegram-json", 1, "telegram"

    def sniff(self, head: Head) -> bool:
        if head.opening != "{" or b'"reportedInformation"' in head.raw:
            return False
        return bool(_SINGLE.search(head.text) or _FULL.search(head.text))

    def read(self, original: Original) -> Iterator[Yielded]:
        try:
            data = json_bytes.as_utf8(original.data)
            root, repairs = _decode(data)
        except Broken as broken:
            yield refusal_of(original, broken)
            return
        source = Source(self.form, self.label, original.sha256, LocatorKind.JSON_POINTER)
        if type(root) is not dict:
            yield original.refusal(
                "INTAKE-NOTHING-KNOWN", "This is no chat export.", "Check that it is the right file."
            )
        elif "messages" in root:
            yield _Chat(source, root, Node(), repairs).document()
        else:
            yield from _account(source, root, repairs)


def _decode(data: bytes) -> tuple[Any, list[tuple[int, str]]]:
    try:
        return json_bytes.decode(data), []
    except Broken as broken:
        whole, repairs = mended(data)
        if not repairs or broken.kind in ("duplicate", "depth"):
            raise
        return json_bytes.decode(whole), repairs


def mended(data: bytes) -> tuple[bytes, list[tuple[int, str]]]:
    """The text with `\\xHH` as `\\u00HH` and bare document ids in quotes; and (byte place, what stood there) of each."""
    repairs: list[tuple[int, str]] = []

    def escape(found: re.Match[bytes]) -> bytes:
        repairs.append((found.end(1), (b"\\x" + found[2]).decode()))
        return found[1] + b"\\u00" + found[2]

    def quote(found: re.Match[bytes]) -> bytes:
        repairs.append((found.start(2), found[2].decode("utf-8", "replace")))
        return found[1] + json.dumps(found[2].decode("utf-8", "surrogateescape")).encode() + found[3]

    return _ESCAPE.sub(escape, _BARE.sub(quote, data)), repairs


def _account(source: Source, root: dict[str, Any], repairs: list[tuple[int, str]]) -> Iterator[Yielded]:
    """Every chat of a whole account; what belongs to no chat is an unread block."""
    node, found = Node(), 0
    for key, value in root.items():
        if key in ("chats", "left_chats"):
            walk = Walk(lambda pointer: pointer)
            for chat, at in walk.members(value, "list", _without_about(value, node[key])):
                if type(chat) is dict and "messages" in chat:
                    found += 1
                    yield _Chat(source, chat, at, repairs if found == 1 else []).document()
                else:
                    yield Unread(at.pointer, "not a chat")
        elif key != "about" and not nothing(_content(value)):
            yield Unread(node[key].pointer, "not read from this export")


def _without_about(value: Any, node: Node) -> Node:
    if type(value) is dict:
        value.pop("about", None)  # the program's own sentence about the list
    return node


def _content(value: Any) -> Any:
    return {key: item for key, item in value.items() if key != "about"} if type(value) is dict else value


class _Chat:
    """One chat: its members by basis and person, each at the first place that shows it."""

    def __init__(self, source: Source, chat: dict[str, Any], node: Node, repairs: list[tuple[int, str]]) -> None:
        self.chat, self.node = chat, node
        self.walk = Walk(lambda pointer: pointer)
        place = node.pointer
        self.group = GroupDocument([source], "Telegram", place, repairs=repairs[:MOST_REPAIRS])
        self.seen: set[tuple[str, str]] = set()
        self.first: When | None = None

    def document(self) -> GroupDocument:
        group, walk, node, get = self.group, self.walk, self.node, self.chat.get
        group.title = walk.text(get("name"), node["name"])
        group.group_id = walk.text(get("id"), node["id"])
        group.group_type = walk.text(get("type"), node["type"])
        for key, value in self.chat.items():
            if key not in ("name", "id", "type", "messages"):
                walk.unknown(key, value, node)
        messages = self.chat["messages"]
        place = node["messages"]
        if type(messages) is not list:
            walk.leave(place, "not a list")
            messages = []
        for index, message in enumerate(messages):
            at = Node(f"{place.pointer}/{index}")
            if type(message) is dict:
                self._message(message, at)
            else:
                walk.leave(at, "not a message")
        group.messages = len(messages)
        group.unread = walk.unread
        group.expected = 5
        group.read = sum(map(bool, (group.title, group.group_id, group.group_type, group.messages, group.members)))
        return group

    def _message(self, message: dict[str, Any], at: Node) -> None:
        when = self._when(message, at)
        if when and when.utc is not None:
            group = self.group
            if group.first_at is None or when.utc < (group.first_at.utc or 0):
                group.first_at = when
            if group.last_at is None or when.utc > (group.last_at.utc or 0):
                group.last_at = when
        if message.get("type") == "service":
            self._service(message, at, when)
        elif message.get("from_id") is not None or message.get("from") is not None:
            self._member("posted", message, "from_id", "from", at, when)
        self._contact(message, at, when)
        self._reactions(message, at)
        self._mentions(message, at, when)

    def _when(self, message: dict[str, Any], at: Node) -> When | None:
        """The unix time; a date without offset is the exporting computer's, so it has no instant."""
        unix = message.get("date_unixtime")
        text = str(unix) if type(unix) is int else unix
        if type(text) is str and re.fullmatch(r"\d{1,11}", text):
            pointer = at["date_unixtime"].pointer
            return When(text, pointer, int(text), Precision.SECOND, ZoneSource.STATED)
        return self.walk.when(message.get("date"), at["date"])

    def _member(
        self, basis: str, of: dict[str, Any], id_key: str, name_key: str, at: Node, when: When | None,
        added_by: Leaf | None = None,
    ) -> None:  # fmt: skip
        user_id = self.walk.text(of.get(id_key), at[id_key])
        name = self.walk.text(of.get(name_key), at[name_key])
        self._add(basis, user_id, name, when, added_by)

    def _add(
        self, basis: str, user_id: Leaf | None, name: Leaf | None, when: When | None, added_by: Leaf | None = None,
        phone: Leaf | None = None,
    ) -> None:  # fmt: skip
        known = user_id or phone or name
        if known is None or (basis, str(known.value)) in self.seen:
            return
        self.seen.add((basis, str(known.value)))
        self.group.members.append(Member(basis, user_id, name, phone, when, added_by))

    def _service(self, message: dict[str, Any], at: Node, when: When | None) -> None:
        action = message.get("action")
        if type(action) is not str:
            return
        if action in _ACTOR_BASIS:
            inviter = self.walk.text(message.get("inviter"), at["inviter"])
            self._member(_ACTOR_BASIS[action], message, "actor_id", "actor", at, when, inviter)
        if action in _NAMED_BASIS and type(message.get("members")) is list:
            actor = self.walk.text(message.get("actor"), at["actor"])
            for index, name in enumerate(message["members"]):
                leaf = self.walk.text(name, at["members"][index]) if name is not None else None
                self._add(_NAMED_BASIS[action], None, leaf, when, actor)

    def _contact(self, message: dict[str, Any], at: Node, when: When | None) -> None:
        card = message.get("contact_information")
        if type(card) is not dict:
            return
        node = at["contact_information"]
        names = [leaf for key in ("first_name", "last_name") if (leaf := self.walk.text(card.get(key), node[key]))]
        name = (
            Leaf(" ".join(str(leaf.value) for leaf in names), node.pointer)
            if len(names) > 1
            else next(iter(names), None)
        )
        phone = self.walk.text(card.get("phone_number"), node["phone_number"])
        self._add("contact", None, name, when, phone=phone)

    def _reactions(self, message: dict[str, Any], at: Node) -> None:
        reactions = message.get("reactions")
        if type(reactions) is not list:
            return
        for number, reaction in enumerate(reactions):
            recent = reaction.get("recent") if type(reaction) is dict else None
            for index, one in enumerate(recent if type(recent) is list else []):
                if type(one) is dict:
                    node = at["reactions"][number]["recent"][index]
                    self._member("reacted", one, "from_id", "from", node, self.walk.when(one.get("date"), node["date"]))

    def _mentions(self, message: dict[str, Any], at: Node, when: When | None) -> None:
        """A `mention_name` entity carries the id of a person; the words around it are not looked at."""
        entities = message.get("text_entities")
        if type(entities) is not list:
            return
        for index, entity in enumerate(entities):
            if type(entity) is dict and entity.get("type") == "mention_name" and entity.get("user_id"):
                node = at["text_entities"][index]
                self._add("named", self.walk.text(entity["user_id"], node["user_id"]), None, when)


def message_at(root: Any, at: Any) -> str | None:
    """Who wrote a message, when and of what kind, by its id (`[chat, id]` in a whole account); its words are left out."""
    chat_id, message_id = (at[0], at[1]) if isinstance(at, list) else (None, at)
    chats = [root] if "messages" in root else [
        chat for key in ("chats", "left_chats") for chat in (root.get(key) or {}).get("list", [])
    ]  # fmt: skip
    for chat in chats:
        if chat_id is not None and str(chat.get("id")) != str(chat_id):
            continue
        for message in chat.get("messages", []):
            if str(message.get("id")) == str(message_id):
                shown = {key: value for key, value in message.items() if key in _SHOWN}
                return json.dumps(shown, ensure_ascii=False, separators=(",", ":"), default=str)
    return None
