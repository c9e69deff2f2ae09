"""Refusal codes of `exhibits`."""

from paricha.grounds.refusals import register

register(
    EXHIBIT_NOT_HOLDER="The exhibit is not in this officer's hands.",
    EXHIBIT_ONE_HAND="A move needs two different officers.",
    EXHIBIT_MOVING="The exhibit is on its way: the second hand has not confirmed.",
    EXHIBIT_LABEL="The label scanned belongs to another exhibit, or is torn.",
    EXHIBIT_SEAL="The seal number does not fit; say whether the seal was broken or renewed, and why.",
    EXHIBIT_CLOCK="The duty is done already; what was said of it stands.",
    EXHIBIT_TIME="The time lies ahead, or before the last move.",
)
