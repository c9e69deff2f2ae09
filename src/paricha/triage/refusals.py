"""Refusal codes of `triage`."""

from paricha.grounds.refusals import register

register(
    TRIAGE_RULES="The rules file has a mistake, which is named; nothing of it is in force.",
    TRIAGE_TAKEN="Another officer has taken the tip.",
    TRIAGE_VERDICT="No verdict was chosen, so nothing was decided.",
    TRIAGE_NOT_TAKEN="The tip is not in this officer's hands.",
)
