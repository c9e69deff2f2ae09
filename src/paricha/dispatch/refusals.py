"""Refusal codes of `dispatch`."""

from paricha.grounds.refusals import register

register(
    DISPATCH_DUE_PAST="The due date is not after today.",
    DISPATCH_ALREADY_OUT="The tip is already with a district that has not reported back.",
    DISPATCH_NOT_SENT="There is no such dispatch, or it is not with this unit.",
    DISPATCH_REPORTED="The dispatch has a report; a correction must say what it corrects.",
    DISPATCH_NUMBER="A registered case or a seizure report has a number, and none is given.",
    DISPATCH_NOTHING_ENCLOSED="Nothing of the tip was chosen to be enclosed.",
    DISPATCH_TO_SENDER="A dispatch goes to a district or station below the sender, not to the sender or the State.",
)
