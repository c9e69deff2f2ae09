"""What waits for an officer, most pressing first: each room is asked only where his right reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from paricha.access.models import BreakGlass, Officer
from paricha.access.rights import Right
from paricha.attribution import queries as doors
from paricha.attribution.models import Request
from paricha.cases import queries as cases
from paricha.dispatch import queries as dispatch
from paricha.exhibits import queries as exhibits
from paricha.field import queries as field
from paricha.intake import queries as intake
from paricha.linking import queries as linking
from paricha.operations.models import Demand, DemandState, Operation, OperationState, Package, PackageState
from paricha.triage import queries as triage
from paricha.triage.models import WAITING, State


@dataclass(frozen=True)
class Wait:
    """One line: how many, of what, where; `press` orders (smaller first); `grade` colours nothing by itself."""

    count: int
    what: str
    url: str
    press: int
    more: str = ""


def waits(officer: Officer) -> list[Wait]:
    """All that waits, the most pressing first; lines of nothing are left out."""
    found = [wait for right, ask in _ASKED if officer.may(right) for wait in ask(officer) if wait.count]
    return sorted(found, key=lambda wait: (wait.press, -wait.count))


def _queue(officer: Officer) -> Iterator[Wait]:
    rows = triage.queue(officer)
    top = rows.filter(state__in=WAITING, top=True)[:1000].count()
    yield Wait(top, _("tips to the top by a rule"), reverse("triage:queue") + "?view=top", 1)
    again = rows.filter(state__in=[State.AGAIN, State.BACK])[:1000].count()
    yield Wait(again, _("tips opened again by new facts"), reverse("triage:queue") + "?view=again", 2)
    mine = rows.filter(taken_by=officer, state=State.TAKEN).count()
    yield Wait(mine, _("tips in your hands"), reverse("triage:queue") + "?view=mine", 4)
    unread = rows.filter(state=State.UNREAD)[:1000].count()
    yield Wait(unread, _("unread tips"), reverse("triage:queue"), 8)


def _intake(officer: Officer) -> Iterator[Wait]:
    yield Wait(
        intake.waiting_for_an_officer(officer),
        _("files that ask something, or were refused"),
        reverse("intake:batches"),
        5,
    )


def _links(officer: Officer) -> Iterator[Wait]:
    yield Wait(linking.undecided(officer) or 0, _("same-person questions from linking"), reverse("linking:list"), 9)


def _requests(officer: Officer) -> Iterator[Wait]:
    written = Request.objects.visible_to(officer).filter(written_at__isnull=False).exclude(signatures__officer=officer)
    unsigned = written.annotate(signed=Count("signatures")).filter(signed__lt=2)
    yield Wait(unsigned.count(), _("requests that want your signature"), reverse("attribution:requests"), 3)


def _doors(officer: Officer) -> Iterator[Wait]:
    counts = doors.door_counts(officer)
    yield Wait(counts.get("frozen", 0), _("frozen doors"), reverse("attribution:doors") + "?state=frozen", 1)
    yield Wait(counts.get("held", 0), _("doors that wait for a human"), reverse("attribution:doors") + "?state=held", 5)


def _enquiries(officer: Officer) -> Iterator[Wait]:
    yield Wait(doors.doors_waiting_for(officer).count(), _("enquiries given to you"), reverse("attribution:doors"), 3)


def _dispatch(officer: Officer) -> Iterator[Wait]:
    late = dispatch.overdue(officer).count()
    yield Wait(late, _("dispatches past their date"), reverse("dispatch:list") + "?view=late", 2)
    yield Wait((dispatch.waiting(officer) or 0) - late, _("dispatches out, in time"), reverse("dispatch:list"), 9)


def _received(officer: Officer) -> Iterator[Wait]:
    if not officer.may(Right.DISPATCH):  # who sends sees them as out already
        late, all_of_them = dispatch.overdue(officer).count(), dispatch.waiting(officer) or 0
        yield Wait(late, _("tips of headquarters past their date"), reverse("dispatch:list") + "?view=late", 2)
        yield Wait(all_of_them - late, _("tips of headquarters to report on"), reverse("dispatch:list"), 3)


def _demands(officer: Officer) -> Iterator[Wait]:
    open_ones = Demand.objects.visible_to(officer).filter(state__in=[DemandState.SENT, DemandState.RETURNED])
    yield Wait(open_ones.count(), _("demands of headquarters to answer"), reverse("operations:list"), 3)


def _operations(officer: Officer) -> Iterator[Wait]:
    nominated = Demand.objects.filter(state=DemandState.NOMINATED, operation__in=Operation.objects.visible_to(officer))
    yield Wait(nominated.count(), _("nominations to accept or return"), reverse("operations:list"), 4)
    sealed = Operation.objects.visible_to(officer).filter(state=OperationState.SEALED)
    yield Wait(sealed.count(), _("operations sealed, to be released by two"), reverse("operations:list"), 2)
    held = Package.objects.filter(state=PackageState.HELD, operation__in=field.live_operations(officer))
    yield Wait(held.count(), _("packages held back"), reverse("operations:list"), 1)


def _custody(officer: Officer) -> Iterator[Wait]:
    yield Wait(exhibits.to_confirm(officer).count(), _("exhibits that wait for your hand"), reverse("exhibits:list"), 2)
    yield Wait(len(exhibits.late(officer)), _("clocks that are late"), reverse("exhibits:clocks"), 1)


def _cases(officer: Officer) -> Iterator[Wait]:
    yield Wait(cases.waiting(officer) or 0, _("searched sites without an outcome"), reverse("cases:list"), 4)
    yield Wait(len(cases.without_reason(officer)), _("sites not searched, without a reason"), reverse("cases:list"), 6)


def _glass(officer: Officer) -> Iterator[Wait]:
    unseen = BreakGlass.objects.filter(seen_by__isnull=True, officer__unit__path__startswith=officer.unit.path)
    yield Wait(
        unseen.exclude(officer=officer).count(), _("times that somebody broke the glass"), reverse("access:glass"), 2
    )


_ASKED: list[tuple[Right, Callable[[Officer], Iterator[Wait]]]] = [
    (Right.DECIDE_TIPS, _queue),
    (Right.INTAKE, _intake),
    (Right.DECIDE_TIPS, _links),
    (Right.SIGN_REQUEST, _requests),
    (Right.DECIDE_HOLD, _doors),
    (Right.ENQUIRE, _enquiries),
    (Right.DISPATCH, _dispatch),
    (Right.REPORT_BACK, _received),
    (Right.NOMINATE, _demands),
    (Right.PLAN, _operations),
    (Right.CUSTODY, _custody),
    (Right.CASES, _cases),
    (Right.ADMIN, _glass),
]
