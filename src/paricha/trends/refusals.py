"""Refusal codes of `trends`."""

from paricha.grounds.refusals import register

register(TRENDS_OUT="The brief can't be written where it was asked for.")
