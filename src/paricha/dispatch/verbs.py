"""What can be done with a dispatch: send, acknowledge, report back, return."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit, UnitKind
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.dispatch.enclosures import PARTS
from paricha.dispatch.events import Event
from paricha.dispatch.models import Dispatch, Outcome, Report, State
from paricha.dispatch.queries import today
from paricha.grounds.refusals import Refused
from paricha.records.models import Tip
from paricha.screens.moments import day

NUMBERED = frozenset({Outcome.CASE, Outcome.SEIZURE_REPORT})


@verb(may=Right.DISPATCH, event=Event.SENT)
def send_tip(
    officer: Officer, tip: Tip, *, to: Unit, due_on: date, enclosed: list[str], words: str = "", language: str = "en"
) -> Dispatch:
    """Hand a tip to a district or station. Raises `Refused` for a past due date, nothing enclosed, or a tip that is out."""
    if to.kind == UnitKind.STATE or to.pk == officer.unit_id or not to.path.startswith(officer.unit.path):
        raise Refused("DISPATCH-TO-SENDER", _("A tip is sent to a district or a station."), _("Choose one."))
    if due_on <= today():
        raise Refused(
            "DISPATCH-DUE-PAST", _("The due date {due} is not after today.").format(due=day(due_on)),
            _("Choose a later day."),
        )  # fmt: skip
    chosen = [part for part in PARTS if part in enclosed]
    if not chosen:
        raise Refused(
            "DISPATCH-NOTHING-ENCLOSED", _("Nothing of the tip is enclosed."),
            _("Choose what the receiver needs to know."),
        )  # fmt: skip
    Tip.objects.select_for_update().filter(pk=tip.pk).first()  # two senders at once: the second finds the first's
    out = (
        Dispatch.objects.filter(tip=tip.id16, state__in=[State.SENT, State.ACKNOWLEDGED]).select_related("unit").first()
    )
    if out is not None:
        raise Refused(
            "DISPATCH-ALREADY-OUT",
            _("The tip is with {unit} as {number}, due {due}.").format(
                unit=out.unit.name, number=out.number, due=day(out.due_on)
            ),
            _("Wait for the report, or ask for the tip back."),
        )
    now = timezone.now()
    touch("tip", tip.id16)
    touch("unit", to)
    return Dispatch.objects.create(
        number=next_number("S", officer.unit),
        tip=tip.id16,
        unit=to,
        compartment=getattr(tip, "compartment", None),
        sent_from=officer.unit,
        sent_by=officer,
        sent_at=now,
        due_on=due_on,
        enclosed=" ".join(chosen),
        words=words,
        language=language,
    )


@verb(may=Right.REPORT_BACK, event=Event.ACKNOWLEDGED)
def acknowledge(officer: Officer, dispatch: Dispatch) -> Dispatch:
    """The receiver says that he has it. Doing it twice changes nothing."""
    dispatch = _with_receiver(officer, dispatch)
    if dispatch.state == State.SENT:
        dispatch.state = State.ACKNOWLEDGED
        dispatch.acknowledged_at = timezone.now()
        dispatch.acknowledged_by = officer
        dispatch.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    touch("tip", dispatch.tip)
    return dispatch


@verb(may=Right.REPORT_BACK, event=Event.REPORTED)
def report_back(
    officer: Officer,
    dispatch: Dispatch,
    *,
    outcome: Outcome,
    words: str,
    case_number: str = "",
    corrects: Report | None = None,
) -> Report:
    """The action-taken report. A second one must name the report it corrects, the one that stands."""
    dispatch = _with_receiver(officer, dispatch)
    standing = standing_report(dispatch)
    closed = standing is not None and standing.outcome != Outcome.GOING_ON
    if closed and (corrects is None or standing is None or corrects.pk != standing.pk):
        raise Refused(
            "DISPATCH-REPORTED", _("{number} has its report.").format(number=dispatch.number),
            _("To put it right, write a correction of the report that stands."),
        )  # fmt: skip
    if dispatch.state == State.RETURNED:
        raise Refused(
            "DISPATCH-REPORTED", _("{number} was returned.").format(number=dispatch.number),
            _("Ask the sender to send it again."),
        )  # fmt: skip
    if outcome in NUMBERED and not case_number.strip():
        raise Refused("DISPATCH-NUMBER", _("This outcome has a number, and none is given."), _("Give the number."))
    report = Report.objects.create(
        dispatch=dispatch, outcome=outcome, words=words.strip(), case_number=case_number.strip(), by=officer,
        at=timezone.now(), corrects=corrects if closed else None,
    )  # fmt: skip
    dispatch.state = State.ACKNOWLEDGED if outcome == Outcome.GOING_ON else State.REPORTED
    dispatch.save(update_fields=["state"])
    touch("tip", dispatch.tip)
    touch("dispatch", dispatch)
    note_facts(outcome=str(outcome))
    return report


@verb(may=Right.REPORT_BACK, event=Event.RETURNED)
def return_tip(officer: Officer, dispatch: Dispatch, *, reason: str) -> Dispatch:
    """Not ours: the tip goes back to the sender with the reason, which is kept as the receiver's report."""
    dispatch = _with_receiver(officer, dispatch)
    if not dispatch.is_open:
        raise Refused(
            "DISPATCH-REPORTED", _("{number} is closed.").format(number=dispatch.number), _("Nothing can be returned.")
        )
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why it is not yours."), _("Write the reason."))
    dispatch.state = State.RETURNED
    dispatch.save(update_fields=["state"])
    Report.objects.create(
        dispatch=dispatch, outcome=Outcome.NOT_OURS, words=reason.strip(), by=officer, at=timezone.now()
    )
    touch("tip", dispatch.tip)
    return dispatch


def standing_report(dispatch: Dispatch) -> Report | None:
    """The newest report of a dispatch."""
    return dispatch.reports.order_by("-at", "-id").first()


def _with_receiver(officer: Officer, dispatch: Dispatch) -> Dispatch:
    """The dispatch as it stands now, locked. Raises `Refused` DISPATCH-NOT-SENT unless the officer's unit has it."""
    dispatch = Dispatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=dispatch.pk)
    if not dispatch.unit.path.startswith(officer.unit.path):
        raise Refused(
            "DISPATCH-NOT-SENT", _("There is no such dispatch with {unit}.").format(unit=officer.unit.name),
            _("Check the number on the letter."),
        )  # fmt: skip
    return dispatch
