"""A legal deletion followed through: what was read from an original goes, and its tips are merged from what is left."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec
from django.conf import settings

from paricha.intake.models import FileRead
from paricha.records import bulk, folds, groups, storing, words
from paricha.records.models import Group, GroupVersion, Journal, Tip, TipVersion
from paricha.records.queries import merged_of


class Gone(msgspec.Struct):
    """What a deletion took: `remade` tips stand with what is left, `removed` ones had nothing else."""

    remade: list[bytes] = []
    removed: list[bytes] = []
    groups: list[bytes] = []


def forget_originals(originals: Iterable[bytes]) -> Gone:
    """Take away all that was read from these originals (SHA-256), in one transaction of the caller. Idempotent."""
    bulk.only_writer()
    gone = Gone()
    for sha256 in originals:
        keys = TipVersion.objects.filter(original=sha256).values_list("tip_id", flat=True).distinct()
        for tip in list(Tip.objects.filter(pk__in=list(keys)).order_by("pk")):
            (gone.remade if _without(tip, sha256) else gone.removed).append(tip.id16)
        forget_told(sha256)
        for version in list(GroupVersion.objects.filter(original=sha256).select_related("group")):
            gone.groups.append(version.group.id16)
            _group_without(version)
    if gone.remade or gone.removed or gone.groups:
        words.optimize()
    return gone


def _without(tip: Tip, sha256: bytes) -> bool:
    """The tip without what came from one original; False when nothing is left of it."""
    before = merged_of(tip)
    bulk.delete_where(
        TipVersion, "id", TipVersion.objects.filter(tip=tip, original=sha256).values_list("pk", flat=True)
    )
    left = TipVersion.objects.filter(tip=tip).order_by("arrival")
    if not left.exists():
        storing.erase(tip.pk, tip.id16, before, settings.PARICHA.region)
        bulk.delete_where(Tip, "id", [tip.pk])
        _unfold(tip)
        return False
    _count_anew(tip)
    storing.rewrite(tip, before, merged_of(tip), settings.PARICHA.region)
    return True


def _count_anew(tip: Tip) -> None:
    """Arrivals from 1 again, and which repeats which, as a rebuild would count them."""
    kept = storing.versions_of(tip.pk)
    numbers = {one.delivery.arrival: number for number, one in enumerate(kept, 1)}
    repeats = storing.standing([one.delivery for one in kept]).repeats
    for row in TipVersion.objects.filter(tip=tip).order_by("arrival").defer("packed"):
        same = repeats.get(row.arrival)
        bulk.update(TipVersion, row.pk, arrival=numbers[row.arrival], repeats=None if same is None else numbers[same])


def _unfold(tip: Tip) -> None:
    """Tips that were folded into one that is gone find another canonical one."""
    others = list(Tip.objects.filter(folded_into=tip.id16))
    for other in others:
        bulk.update(Tip, other.pk, folded_into=None)
    if others:
        folds.fold([other.id16 for other in others])


def _group_without(version: GroupVersion) -> None:
    group = version.group
    groups.erase(group)
    bulk.delete_where(GroupVersion, "id", [version.pk])
    left = GroupVersion.objects.filter(group=group).order_by("-pk").first()
    if left is None:
        bulk.delete_where(Group, "id", [group.pk])
    else:
        groups.write_newest(group, left, settings.PARICHA.region)


def forget_told(sha256: bytes) -> None:
    """Take an original's coverage line and refusals out of the journal: a refusal may quote a value."""
    read = FileRead.objects.filter(original__sha256=sha256).values_list("batch_id", "name")
    for batch, name in list(read):
        for row in Journal.objects.filter(batch=batch):
            told = json.loads(row.told)
            coverage = [line for line in told["coverage"] if line["original"] != sha256.hex()]
            refusals = [one for one in told["refusals"] if one["file"] != name]
            if len(coverage) != len(told["coverage"]) or len(refusals) != len(told["refusals"]):
                told |= {"coverage": coverage, "refusals": refusals}
                bulk.update(Journal, row.pk, told=json.dumps(told, ensure_ascii=False, separators=(",", ":")))
