"""Groups become rows: the newest export leads, its members with every basis; members meet the State's tips by selector."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from paricha.access.models import Unit
from paricha.intake.document import GroupDocument
from paricha.records import bulk, deriving, packing, words
from paricha.records.deriving import MemberRow, Selected
from paricha.records.models import Group, GroupMember, GroupVersion, Selector
from paricha.records.writing import bare, known_selectors


class PreparedGroup(msgspec.Struct):
    id16: bytes
    document: GroupDocument
    members: list[MemberRow]
    words: list[str]
    packed: bytes
    dictionary: int
    place: str


def prepare(document: GroupDocument, region: str, dictionary: int) -> PreparedGroup:
    """All of a group that needs no database."""
    return PreparedGroup(
        deriving.group_id(document), document, deriving.members_of(document, region), deriving.group_words(document),
        packing.pack(document, dictionary), dictionary, deriving.place_text(document.place),
    )  # fmt: skip


def store(prepared: Iterable[PreparedGroup], *, batch: bytes, unit: Unit) -> list[bytes]:
    """Write groups; the same export from the same place adds nothing. Gives the ids of those that changed."""
    bulk.only_writer()
    changed = []
    for one in prepared:
        source = one.document.sources[0]
        group = Group.objects.filter(id16=one.id16).first()
        versions = GroupVersion.objects.filter(group=group, original=bytes.fromhex(source.original), place=one.place)
        if group is not None and versions.exists():
            continue
        key = group.pk if group is not None else bulk.last_id(Group) + 1
        if group is not None:
            erase(group)
        _write(key, one, batch, group.unit_id if group else unit.pk, new=group is None)
        number = bulk.last_id(GroupVersion) + 1
        bulk.insert(
            GroupVersion, "id group_id original place batch dictionary packed",
            [(number, key, bytes.fromhex(source.original), one.place, batch, one.dictionary, one.packed)],
        )  # fmt: skip
        changed.append(one.id16)
    return changed


def erase(group: Group) -> None:
    """Take away a group's members and words, before it is written anew or for good."""
    row = GroupVersion.objects.filter(group=group).order_by("-id").first()
    if row is not None:
        words.remove([(-group.pk, deriving.group_words(packing.open_group(bytes(row.packed), row.dictionary)))])
    bulk.delete_where(GroupMember, "group_id", [group.pk])


def write_newest(group: Group, version: GroupVersion, region: str) -> None:
    """Write a group anew from one of its exports."""
    document = packing.open_group(bytes(version.packed), version.dictionary)
    _write(group.pk, prepare(document, region, version.dictionary), bytes(version.batch), group.unit_id, new=False)


def _write(key: int, one: PreparedGroup, batch: bytes, unit: int, *, new: bool) -> None:
    doc = one.document
    values: dict[str, Any] = {
        "service": doc.service,
        "group_id": _text(doc.group_id),
        "title": _text(doc.title),
        "group_type": _text(doc.group_type),
        "messages": doc.messages,
        "members": len(one.members),
        "first_at": doc.first_at.utc if doc.first_at else None,
        "last_at": doc.last_at.utc if doc.last_at else None,
        "batch": batch,
    }
    if new:
        bulk.insert(
            Group, "id id16 unit_id compartment_id " + " ".join(values), [(key, one.id16, unit, None, *values.values())]
        )
    else:
        bulk.update(Group, key, **values)
    keys = _selectors(one.members)
    number = bulk.last_id(GroupMember)
    rows = []
    for place, row in enumerate(one.members, 1):
        account, phone = (keys[selected[0]] if selected else None for selected in (row.account, row.phone))
        rows.append((number + place, key, row.number, " ".join(row.bases), row.name, account, phone, row.first_at))
    bulk.insert(GroupMember, "id group_id number bases name account_id phone_id first_at", rows)
    words.add([(-key, one.words)])


def _text(leaf: Any) -> str | None:
    return None if leaf is None else str(leaf.value)


def _selectors(members: list[MemberRow]) -> dict[bytes, int]:
    wanted: dict[bytes, Selected] = {
        one[0]: one for row in members for one in (row.account, row.phone) if one is not None
    }
    known = {id16: key for id16, (key, _) in known_selectors(wanted).items()}
    number = bulk.last_id(Selector)
    missing = []
    for id16, kind, normal in wanted.values():
        if id16 not in known:
            number += 1
            known[id16] = number
            missing.append((number, id16, kind, normal, bare(kind, normal), None))
    bulk.insert(Selector, "id id16 kind normal_form bare first_tip_id", missing)
    return known
