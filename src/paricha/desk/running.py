"""Clocks that run out: reports due, duties after a search, operators' retention, enquiries; the first to end first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.attribution import queries as doors
from paricha.attribution.models import EnquiryTask
from paricha.dispatch import queries as dispatch
from paricha.dispatch.pages import left_words
from paricha.exhibits import queries as exhibits
from paricha.exhibits.pages import CLOCK_GRADES, clock_words
from paricha.screens import moments

SHOWN = 12
SOON_DAYS = 30  # of an operator's retention; what ends later does not press today


@dataclass(frozen=True)
class Running:
    """A clock: what, until when (`ends` in words, `ends_at` orders), with whom, where; `left` with its grade."""

    what: str
    ends: str
    ends_at: datetime | None
    with_whom: str
    url: str
    left: str
    grade: str


def running(officer: Officer) -> list[Running]:
    """What runs out for the officer. Without a limit last."""
    found = [one for rights, ask in _ASKED if any(officer.may(right) for right in rights) for one in ask(officer)]
    far = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    return sorted(found, key=lambda one: (one.ends_at or far, one.what))[:SHOWN]


def _days(left: int) -> str:
    if left < 0:
        return ngettext("{days} day over", "{days} days over", -left).format(days=-left)
    return ngettext("{days} day", "{days} days", left).format(days=left)


def _grade(left: int) -> str:
    return "stop" if left < 0 else "warn" if left < 4 else "neutral"


def _reports(officer: Officer) -> Iterator[Running]:
    for row in dispatch.dispatches(officer).filter(state__in=dispatch.OPEN).order_by("due_on")[:SHOWN]:
        ends_at = datetime.combine(row.due_on, time.max, tzinfo=ZoneInfo(settings.PARICHA.zone))
        grade = _grade(row.days_left(dispatch.today()))
        what = _("Report on {number}").format(number=row.number)
        yield Running(
            what,
            moments.day(row.due_on),
            ends_at,
            row.unit.name,
            reverse("dispatch:one", args=[row.id]),
            left_words(row),
            grade,
        )


def _duties(officer: Officer) -> Iterator[Running]:
    now = timezone.now()
    for clock in exhibits.clocks(officer).filter(done_at__isnull=True)[:SHOWN]:
        ends = moments.short_words(clock.due_at) if clock.due_at else _("without delay")
        grade = CLOCK_GRADES[exhibits.clock_standing(clock, now)]
        url = reverse("exhibits:clock", args=[clock.id])
        where = f"{clock.site}, {clock.site.district.name}"
        yield Running(str(clock.get_kind_display()), ends, clock.due_at, where, url, clock_words(clock, now), grade)


def _retention(officer: Officer) -> Iterator[Running]:
    for row in doors.waiting_requests(officer):
        left = row["days_left"]
        if left <= SOON_DAYS:
            ends_at = timezone.now() + timedelta(days=left)
            what = _("Retention at {operator}").format(operator=row["operator_name"])
            yield Running(
                what, moments.local_words(ends_at, "day"), ends_at, _("not answered"), reverse("attribution:requests"), _days(left),
                _grade(left),
            )  # fmt: skip


def _enquiries(officer: Officer) -> Iterator[Running]:
    open_ones = {door.pk: door for door in doors.doors_of(officer).filter(returns=None)}
    tasks = EnquiryTask.objects.filter(door_id__in=list(open_ones), due_at__isnull=False).select_related("officer")
    for task in tasks.order_by(F("due_at").asc())[:SHOWN]:
        left = (task.due_at - timezone.now()).days
        what = _("Enquiry at {door}").format(door=open_ones[task.door_id].number)
        url = reverse("attribution:door", args=[task.door_id])
        yield Running(
            what, moments.short_words(task.due_at), task.due_at, task.officer.name, url, _days(left), _grade(left)
        )


_ASKED: list[tuple[tuple[Right, ...], Callable[[Officer], Iterator[Running]]]] = [
    ((Right.DISPATCH, Right.REPORT_BACK), _reports),
    ((Right.CUSTODY, Right.CASES), _duties),
    ((Right.LEGAL, Right.SIGN_REQUEST), _retention),
    ((Right.ENQUIRE,), _enquiries),
]
