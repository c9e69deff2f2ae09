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
from paricha.grounds.refusals import Refused
from paricha.records.models import Tip


@verb(may=Right.DISPATCH, event=Event.SENT)
def send_tip(
    officer: Officer, tip: Tip, *, to: Unit, due_on: date, enclosed: list[str], words: str = "", language: str = "en"
) -> Dispatch:
    """Hand a tip to a district or station. Raises `Refused` for a past due date, nothing enclosed, or a tip that is out."""
    if to.kind == UnitKind.STATE:
        raise Refused("DISPATCH-TO-SENDER", _("A tip is sent to a district or a station."), _("Choose one."))
    if due_on <= timezone.localdate():
        raise Refused(
            "DISPATCH-DUE-PAST", _("The due date {due} is not after today.").format(due=due_on.isoformat()),
            _("Choose a later day."),
        )  # fmt: skip
    chosen = [part for part in PARTS if part in enclosed]
    if not chosen:
        raise Refused(
            "DISPATCH-NOTHING-ENCLOSED", _("Nothing of the tip is enclosed."),
            _("Choose what the receiver needs to know."),
        )  # fmt: skip
    out = Dispatch.objects.filter(tip=tip.id16, state__in=[State.SENT, State.ACKNOWLEDGED]).first()
    if out is not None:
        raise Refused(
            "DISPATCH-ALREADY-OUT",
            _("The tip is with {unit} as {number}, due {due}.").format(
                unit=out.unit.name, number=out.number, due=out.due_on.isoformat()
            ),
            _("Wait for the report, or ask for the tip back."),
        )
    now = timezone.now()
    touch("tip", tip.id16)
    touch("unit", to)
    return Dispatch.objects.create(
        number=next_number("S", officer.unit, now.year),
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
    _with_receiver(officer, dispatch)
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
    """The action-taken report. A second one must name the report it corrects."""
    _with_receiver(officer, dispatch)
    standing = dispatch.reports.order_by("-at").first()
    if standing is not None and standing.outcome != Outcome.GOING_ON and corrects is None:
        raise Refused(
            "DISPATCH-REPORTED", _("{number} has its report.").format(number=dispatch.number),
            _("To put it right, write a correction that names it."),
        )  # fmt: skip
    report = Report.objects.create(
        dispatch=dispatch, outcome=outcome, words=words, case_number=case_number, by=officer, at=timezone.now(),
        corrects=corrects,
    )  # fmt: skip
    dispatch.state = State.ACKNOWLEDGED if outcome == Outcome.GOING_ON else State.REPORTED
    dispatch.save(update_fields=["state"])
    touch("tip", dispatch.tip)
    touch("dispatch", dispatch)
    note_facts(outcome=str(outcome))
    return report


@verb(may=Right.REPORT_BACK, event=Event.RETURNED)
def return_tip(officer: Officer, dispatch: Dispatch, *, reason: str) -> Dispatch:
    """Not ours: the tip goes back to the sender with the reason; the sender proposes the next unit."""
    _with_receiver(officer, dispatch)
    if not dispatch.is_open:
        raise Refused(
            "DISPATCH-REPORTED", _("{number} is closed.").format(number=dispatch.number), _("Nothing can be returned.")
        )
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why it is not yours."), _("Write the reason."))
    dispatch.state = State.RETURNED
    dispatch.words = f"{dispatch.words}\n{officer.unit.name}: {reason}".strip()
    dispatch.save(update_fields=["state", "words"])
    touch("tip", dispatch.tip)
    return dispatch


def _with_receiver(officer: Officer, dispatch: Dispatch) -> None:
    if not dispatch.unit.path.startswith(officer.unit.path):
        raise Refused(
            "DISPATCH-NOT-SENT", _("There is no such dispatch with {unit}.").format(unit=officer.unit.name),
            _("Check the number on the letter."),
        )  # fmt: skip
