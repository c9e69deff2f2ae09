"""Refusal codes of `cases`."""

from paricha.grounds.refusals import register

register(
    CASE_NUMBER_TWICE="The case or report number is registered already at this station in this year.",
    CASE_NUMBER_MISSING="A FIR or a seizure report has a number of the station, and none is given.",
    CASE_DAY="The day lies ahead, or before the search.",
    CASE_SECTION="The section is not in the law table, or was not in force on that day.",
    CASE_SITE="The site has an outcome already; a correction must name it.",
    CASE_NOT_SEARCHED="Nobody has entered the site, so it has no outcome of a search.",
    CASE_SEARCHED="The door was searched, so it needs no reason why not.",
)
