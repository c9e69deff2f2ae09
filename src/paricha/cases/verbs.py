"""What an investigating officer does: say what a search became, set sections, give the reason why not."""

from __future__ import annotations

from datetime import date

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
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site


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

    Raises `Refused` CASE-NOT-SEARCHED, CASE-SITE, CASE-NUMBER-TWICE.
    """
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
    if kind != CaseKind.NOTHING and not reference.strip():
        raise Refused("CASE-NUMBER-TWICE", _("The number is missing."), _("Give the FIR or report number."))
    same = Case.objects.filter(station=station, reference=reference, on__year=on.year, corrected_by__isnull=True)
    if reference.strip() and same.exclude(pk=corrects.pk if corrects else None).exists():
        raise Refused(
            "CASE-NUMBER-TWICE", _("{reference} of {station} is registered already.").format(
                reference=reference, station=station),
            _("Check the number with the station."),
        )  # fmt: skip
    case = Case.objects.create(
        number=next_number("C", site.district, on.year), site=site, unit=site.district, kind=kind, station=station,
        reference=reference, on=on, words=words, by=officer, at=timezone.now(), corrects=corrects,
    )  # fmt: skip
    if kind == CaseKind.FIR:
        for line in propose(law_lines(), on, facts_of_a_site(site)):
            Section.objects.create(case=case, act=line.act, section=line.section, proposed=True, why=line.why)
    touch("site", site)
    if site.door:
        touch("door", site.door)
    note_facts(kind=str(kind))
    return case


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
def say_why_not(
    officer: Officer, door: bytes, *, site: Site | None, reason: NotSearched, words: str = ""
) -> WhyNot:
    """Why an identified door was not searched."""
    if site is not None and was_searched(site):
        raise Refused("CASE-SEARCHED", _("Site {site} was searched.").format(site=site.number), _("Say what came of it."))
    touch("door", door)
    note_facts(reason=str(reason))
    return WhyNot.objects.create(door=door, site=site, reason=reason, words=words, by=officer, at=timezone.now())
