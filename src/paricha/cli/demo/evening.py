"""The evening of the demo: custody by two hands, what each search became, why not, the brief."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from paricha.cases.models import CaseKind, NotSearched
from paricha.cases.queries import without_outcome
from paricha.cases.verbs import open_case, say_why_not
from paricha.cli.demo.cast import Cast
from paricha.cli.demo.road import Say
from paricha.cli.frame import do_what_is_due
from paricha.exhibits.labels import label_text
from paricha.exhibits.models import Exhibit
from paricha.exhibits.verbs import digest_key, hand_over, receive
from paricha.operations.models import Operation
from paricha.trends.brief import brief_pdf
from paricha.trends.figures import counted


def close(cast: Cast, operation: Operation, state: Path, say: Say) -> None:
    """Exhibits to the custodian, an outcome for each search, a reason for the site that was stopped, the brief."""
    moved = _custody(cast, operation)
    opened = _outcomes(cast, operation)
    with cast.acting("Commander") as officer:
        for site in operation.sites.filter(stops__isnull=False).distinct():
            with cast.acting(f"Investigator {site.district.name}") as investigator:
                if site.door is not None:
                    say_why_not(
                        investigator, site.door, site=site, reason=NotSearched.MOVED, words="Moved a week before."
                    )
        do_what_is_due()
        figures = {figure.key: number for figure, number in counted(officer, operation)}
        home: Path = settings.HOME
        for language in ("en", "ml"):
            file = home / "demo" / f"{operation.number}-brief-{language}.pdf"
            file.write_bytes(brief_pdf(officer, operation, at=timezone.now(), language=language))
    say(f"  {moved} exhibits with the custodian, {opened} outcomes; brief: {figures['searched']} searched, "
        f"{figures['not_searched']} not, {figures['exhibits']} exhibits, {figures['arrests']} arrested")  # fmt: skip


def _custody(cast: Cast, operation: Operation) -> int:
    moved = 0
    for exhibit in (
        Exhibit.objects.filter(site__operation=operation).select_related("site__district").order_by("number")
    ):
        if exhibit.number.endswith(("4", "9")):
            continue  # some are still with the team by evening
        district = exhibit.site.district.name
        with cast.acting(f"Investigator {district}") as giver:
            move = hand_over(
                giver, exhibit, to=cast[f"Custodian {district}"], purpose="safe keeping", place="District property room"
            )
        with cast.acting(f"Custodian {district}") as second:
            receive(second, move, label=label_text(digest_key(), exhibit.id), seal=exhibit.seal_number)
        moved += 1
    return moved


def _outcomes(cast: Cast, operation: Operation) -> int:
    opened, today = 0, timezone.now().astimezone(ZoneInfo(settings.PARICHA.zone)).date()
    for site in without_outcome(cast["Commander"]):
        if site.operation_id != operation.pk:
            continue
        arrested = site.events.filter(kind="person-arrested").exists()
        seized = Exhibit.objects.filter(site=site).exists()
        kind = CaseKind.FIR if arrested else CaseKind.S106 if seized else CaseKind.NOTHING
        with cast.acting(f"Investigator {site.district.name}") as officer:
            open_case(
                officer, site, kind=kind, station=f"{site.district.name} cyber station",
                reference="" if kind == CaseKind.NOTHING else f"{100 + site.number}/{today.year}",
                on=today,
            )  # fmt: skip
        opened += 1
    return opened
