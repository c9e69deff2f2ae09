"""What an investigating officer does: say what a search became, set sections, give the reason why not."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.cases.events import Event
from paricha.cases.law import in_force, propose
from paricha.cases.models import Case, CaseKind, NotSearched, Section, WhyNot
from paricha.cases.queries import facts_of_a_site, law_lines, was_searched
from paricha.field.kinds import Kind
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site
from paricha.screens.moments import day


@verb(may=Right.CASES, event=Event.OPENED)
def open_case(
    officer: Officer,
    site: Site,
    *,
    kind: CaseKind,
    station: str,
    reference: str,
    on: date,
    words: str = "",
    corrects: Case | None = None,
) -> Case:
    """What the search of a site became; sections are proposed at once for a FIR.

    Raises `Refused` CASE-NOT-SEARCHED, CASE-SITE, CASE-DAY, CASE-NUMBER-MISSING, CASE-NUMBER-TWICE.
    """
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)  # two officers at once: the second finds the first's
    station, reference = " ".join(station.split()), "".join(reference.split())
    if not was_searched(site):
        raise Refused(
            "CASE-NOT-SEARCHED", _("Nobody has entered site {site}.").format(site=site.number),
            _("Enter the team's event first, or give the reason why not."),
        )  # fmt: skip
    standing = Case.objects.filter(site=site, corrected_by__isnull=True).first()
    if standing is not None and (corrects is None or corrects.pk != standing.pk):
        raise Refused(
            "CASE-SITE", _("Site {site} has its outcome: {number}.").format(site=site.number, number=standing.number),
            _("Correct that one; both are kept."),
        )  # fmt: skip
    _check_day(site, on)
    number = next_number("C", site.district, on.year)  # one after another in a district, so that the next check holds
    if kind != CaseKind.NOTHING and not reference:
        raise Refused("CASE-NUMBER-MISSING", _("The number is missing."), _("Give the FIR or report number."))
    same = Case.objects.filter(
        station__iexact=station, reference__iexact=reference, on__year=on.year, corrected_by__isnull=True
    )
    if reference and same.exclude(pk=corrects.pk if corrects else None).exists():
        raise Refused(
            "CASE-NUMBER-TWICE", _("{reference} of {station} is registered already.").format(
                reference=reference, station=station),
            _("Check the number with the station."),
        )  # fmt: skip
    case = Case.objects.create(
        number=number, site=site, unit=site.district, kind=kind, station=station,
        reference=reference, on=on, words=words.strip(), by=officer, at=timezone.now(), corrects=corrects,
    )  # fmt: skip
    if kind == CaseKind.FIR:
        _propose_sections(case, corrects)
    touch("site", site)
    if site.door:
        touch("door", site.door)
    note_facts(kind=str(kind))
    return case


def _check_day(site: Site, on: date) -> None:
    zone = ZoneInfo(settings.PARICHA.zone)
    first = site.events.filter(kind=Kind.ENTERED).order_by("at").values_list("at", flat=True).first()
    searched_on = first.astimezone(zone).date() if first else on
    if on > timezone.now().astimezone(zone).date() or on < searched_on:
        raise Refused(
            "CASE-DAY", _("{given} lies ahead, or before the search of {searched}.").format(
                given=day(on), searched=day(searched_on)),
            _("Give the day on which the station registered it."),
        )  # fmt: skip


def _propose_sections(case: Case, corrects: Case | None) -> None:
    """Sections by the facts found and the law of that day; what an officer set on the corrected one goes along."""
    for line in propose(law_lines(), case.on, facts_of_a_site(case.site)):
        Section.objects.create(case=case, act=line.act, section=line.section, proposed=True, why=line.why)
    for before in corrects.sections.all() if corrects else ():
        if in_force(law_lines(), before.act, before.section, case.on) is None or (before.proposed and not before.out):
            continue
        row, _made = Section.objects.get_or_create(case=case, act=before.act, section=before.section)
        row.out = before.out
        row.save(update_fields=["out"])


@verb(may=Right.CASES, event=Event.SECTIONS_SET)
def set_section(officer: Officer, case: Case, *, act: str, section: str, out: bool = False) -> Section:
    """Add a section, or take one out. Raises `Refused` CASE-SECTION when it was not in force on the case's day."""
    if in_force(law_lines(), act, section, case.on) is None:
        raise Refused(
            "CASE-SECTION", _("{act} s.{section} was not in force on {day}, or is not in the table.").format(
                act=act, section=section, day=case.on.isoformat()),
            _("Choose from the table; the unit can add lines to its law table."),
        )  # fmt: skip
    row, _made = Section.objects.get_or_create(case=case, act=act, section=section)
    row.out = out
    row.save(update_fields=["out"])
    touch("case", case)
    return row


@verb(may=Right.CASES, event=Event.WHY_NOT)
def say_why_not(officer: Officer, door: bytes | None, *, site: Site, reason: NotSearched, words: str = "") -> WhyNot:
    """Why an identified door was not searched."""
    if was_searched(site):
        raise Refused(
            "CASE-SEARCHED", _("Site {site} was searched.").format(site=site.number), _("Say what came of it.")
        )
    touch("site", site)
    if door is not None:
        touch("door", door)
    note_facts(reason=str(reason))
    return WhyNot.objects.create(
        door=door, site=site, reason=reason, words=words.strip(), by=officer, at=timezone.now()
    )
