"""Refusal codes of `linking`."""

from paricha.grounds.refusals import register

register(
    LINKING_GONE="The link is no longer proposed; the record changed.",
    LINKING_WORD="No word on the link was chosen, so nothing was decided.",
)
