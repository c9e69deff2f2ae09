"""Telegram Desktop JSON exports of made-up groups: who is a member, and on what basis.

`group/result.json` is a single-chat export, `full/result.json` a whole account's; `escaped/result.json` carries the
`\\x0C` that Telegram Desktop writes and JSON does not know. Messages are neutral lines ("see file 12").
Members show by posting, joining, creating, being invited (a name only) and reacting.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import stream
from paricha.synthetic.names import draw_name, phone
from paricha.synthetic.output import write_bytes, write_json, write_jsonl
from paricha.synthetic.people import People, Subject
from paricha.synthetic.reports import IST

GROUP_ID = 9_900_000_001
START = datetime(2026, 4, 6, 4, 30, tzinfo=UTC)


class Chat:
    """Collects messages and, beside them, the truth about each member."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.members: dict[str, dict[str, Any]] = {}
        self._at = START

    def member(
        self,
        key: str,
        name: str | None,
        basis: str,
        *,
        message: int,
        telegram_id: str | None = None,
        subject: Subject | None = None,
        phone_number: str | None = None,
    ) -> None:
        """Note a basis of membership in the truth."""
        entry = self.members.setdefault(
            key,
            {
                "member": key,
                "telegram_id": telegram_id,
                "name": name,
                "bases": [],
                "messages": [],
                "subject": subject.key if subject else None,
                "in_state": bool(subject and subject.in_state),
                "phone": None,
                "linked_by": ["account"] if subject and subject.accounts[0].service == "Telegram" else [],
            },
        )
        if basis not in entry["bases"]:
            entry["bases"].append(basis)
        entry["messages"].append(message)
        if phone_number:
            entry["phone"] = phone_number
            entry["linked_by"] = sorted({*entry["linked_by"], "phone"})

    def add(self, kind: str, gap_minutes: int, **parts: Any) -> int:
        """Append a message or service line; gives its id."""
        self._at += timedelta(minutes=gap_minutes)
        number = len(self.messages) + 1
        self.messages.append(
            {
                "id": number,
                "type": kind,
                "date": self._at.astimezone(IST).strftime("%Y-%m-%dT%H:%M:%S"),
                "date_unixtime": str(int(self._at.timestamp())),
                **parts,
            }
        )
        return number


def _text(value: str) -> dict[str, Any]:
    return {"text": value, "text_entities": [{"type": "plain", "text": value}]}


def build_group(seed: int, people: People) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The group's export and the truth about its members."""
    rng, chat = stream(seed, "telegram"), Chat()
    known = [s for s in people.subjects if s.telegram_id and s.tips][:14]
    strangers = [(f"user{991_000_000_000 + n}", draw_name(rng).full) for n in range(18)]
    posting = [(s.telegram_id or "", s.name.full, s) for s in known[:9]] + [(i, n, None) for i, n in strangers[:10]]
    first = posting[0]
    number = chat.add(
        "service",
        1,
        actor=first[1],
        actor_id=first[0],
        action="create_group",
        title="Evening Notes",
        members=[strangers[10][1]],
        **_text(""),
    )
    chat.member(first[0], first[1], "created", message=number, telegram_id=first[0], subject=first[2])
    chat.member(f"name:{strangers[10][1]}", strangers[10][1], "invited", message=number)
    for key, name, subject in posting[4:9]:
        number = chat.add(
            "service",
            rng.randrange(1, 90),
            actor=name,
            actor_id=key,
            action="join_group_by_link",
            inviter=first[1],
            **_text(""),
        )
        chat.member(key, name, "joined", message=number, telegram_id=key, subject=subject)
    invited = draw_name(rng).full
    number = chat.add(
        "service", 5, actor=first[1], actor_id=first[0], action="invite_members", members=[invited], **_text("")
    )
    chat.member(f"name:{invited}", invited, "invited", message=number)
    silent = [(s.telegram_id or "", s.name.full, s) for s in known[9:]] + [(i, n, None) for i, n in strangers[11:15]]
    for turn in range(120):
        key, name, subject = posting[turn % len(posting)] if turn < len(posting) else rng.choice(posting)
        parts: dict[str, Any] = {"from": name, "from_id": key, **_text(f"see file {turn + 1}")}
        reacting = None
        if turn < len(silent):
            reacting = silent[turn]
            parts["reactions"] = [
                {
                    "type": "emoji",
                    "count": 1,
                    "emoji": "👍",
                    "recent": [{"from": reacting[1], "from_id": reacting[0], "date": "2026-05-01T10:00:00"}],
                }
            ]
        if turn % 10 == 3:
            parts.update(
                {
                    "photo": "(File not included. Change data exporting settings to download.)",
                    "width": 640,
                    "height": 480,
                }
            )
        if turn % 17 == 5:
            parts["forwarded_from"] = "Morning Notes"
        shared = subject if subject and subject.phones and turn < len(posting) else None
        if shared:
            parts["contact_information"] = {
                "first_name": shared.name.given,
                "last_name": shared.name.second,
                "phone_number": shared.phones[0],
            }
        number = chat.add("message", rng.randrange(1, 400), **parts)
        chat.member(
            key,
            name,
            "posted",
            message=number,
            telegram_id=key,
            subject=subject,
            phone_number=shared.phones[0] if shared else None,
        )
        if reacting:
            chat.member(
                reacting[0], reacting[1], "reacted", message=number, telegram_id=reacting[0], subject=reacting[2]
            )
    number = chat.add("message", 3, **{"from": None, "from_id": "user992000000001"}, **_text("see list 4"))
    chat.member("user992000000001", None, "posted", message=number, telegram_id="user992000000001")
    group = {"name": "Evening Notes", "type": "private_supergroup", "id": GROUP_ID, "messages": chat.messages}
    return group, list(chat.members.values())


def write_telegram(seed: int, people: People, files: Path, truth: Path) -> dict[str, int]:
    """Write the three exports and `truth/chats.jsonl`."""
    group, members = build_group(seed, people)
    folder = files / "telegram"
    write_json(folder / "group" / "result.json", group)
    contacts = [
        {
            "user_id": 0,
            "first_name": s.name.given,
            "last_name": s.name.second,
            "phone_number": s.phones[0],
            "date": "2026-04-01T10:00:00",
            "date_unixtime": "1775018400",
        }
        for s in people.subjects
        if s.telegram_id and s.phones
    ][:5]
    second = {"name": "Weekend Notes", "type": "private_group", "id": GROUP_ID + 1, "messages": group["messages"][:30]}
    full = {
        "about": "Made-up export.",
        "personal_information": {
            "user_id": 993000000001,
            "first_name": "Made-up",
            "last_name": "Account",
            "phone_number": phone(99_000_001),
            "username": "@madeup",
            "bio": "",
        },
        "profile_pictures": [],
        "stories": [],
        "contacts": {"about": "Contacts.", "list": contacts},
        "frequent_contacts": {"about": "", "list": []},
        "sessions": {"about": "", "list": []},
        "web_sessions": {"about": "", "list": []},
        "other_data": {},
        "chats": {"about": "Chats.", "list": [second]},
        "left_chats": {"about": "", "list": []},
    }
    write_json(folder / "full" / "result.json", full)
    small = {"name": "Escaped Notes", "type": "private_group", "id": GROUP_ID + 2, "messages": group["messages"][:4]}
    write_json(folder / "escaped" / "result.json", small)
    path = folder / "escaped" / "result.json"
    write_bytes(path, path.read_bytes().replace(b"Escaped Notes", b"Escaped\\x0CNotes"))
    seen = {number for member in members for number in member["messages"]}
    rows: list[dict[str, Any]] = [
        {
            "file": "telegram/group/result.json",
            "chat": GROUP_ID,
            "name": group["name"],
            "root": "single",
            "needs_repair": False,
            "messages": len(group["messages"]),
            "lines_with_basis": len(seen),
            "members": members,
        }
    ]
    for name, chat, root, limit in (("full", second, "full", 30), ("escaped", small, "single", 4)):
        part = [
            {**m, "messages": [n for n in m["messages"] if n <= limit]} for m in members if min(m["messages"]) <= limit
        ]
        for member in part:
            member["bases"] = bases_within(chat["messages"], member)
        rows.append(
            {
                "file": f"telegram/{name}/result.json",
                "chat": chat["id"],
                "name": chat["name"],
                "root": root,
                "needs_repair": name == "escaped",
                "messages": len(chat["messages"]),
                "members": part,
            }
        )
    write_jsonl(truth / "chats.jsonl", rows)
    return {"chats": len(rows), "chat_members": len(members)}


def bases_within(messages: list[dict[str, Any]], member: dict[str, Any]) -> list[str]:
    """The bases of a member that these messages alone show."""
    found = []
    for message in messages:
        if message.get("from_id") == member["telegram_id"] and member["telegram_id"]:
            found.append("posted")
        if message.get("actor_id") == member["telegram_id"] and member["telegram_id"]:
            found.append({"create_group": "created", "join_group_by_link": "joined"}.get(message["action"], ""))
        if member["name"] in message.get("members", []) and member["member"].startswith("name:"):
            found.append("invited")
        if any(
            r["from_id"] == member["telegram_id"]
            for reaction in message.get("reactions", [])
            for r in reaction["recent"]
        ):
            found.append("reacted")
    return [basis for basis in dict.fromkeys(found) if basis]
