"""Refusal codes of `jobs`."""

from paricha.grounds.refusals import register

register(
    JOBS_UNKNOWN_KIND="No room of this build knows this kind of job.",
    JOBS_GAVE_UP="The work was begun several times and its process ended each time at the same place.",
    JOBS_FAULT="A fault of the program stopped this piece of work; the reference number finds it in the log.",
    JOBS_NOT_RUNNING="The job has ended already; there is nothing to stop or to try again.",
)
