"""Whose doing a tip's sighting is: the "same activity" of check C22.

An observation names its activity itself. In tips it is the account: `service:user id` of the person whose sighting it
is (his first account with a user id; without one, service and screen name). A file's or the report's own sighting is
the only suspect's, where there is only one. Nothing else joins: without an account the activity is this report's.
"""

from __future__ import annotations

from paricha.intake.document import Account, Person, TipDocument


def activity_of(document: TipDocument, who: str, report: str) -> str:
    """The activity of the sightings of `who` ("suspect 1", "file 2", "report") in a tip; `report` names the tip."""
    person = person_of(document, who)
    if person is not None:
        for account in person.accounts:
            name = account_name(account)
            if name:
                return name
    return f"report {report}, {person.who if person else who}"


def person_of(document: TipDocument, who: str) -> Person | None:
    """The person a sighting belongs to; None where the tip does not say."""
    for person in document.people:
        if person.who == who:
            return person
    suspects = [person for person in document.people if person.role == "suspect"]
    if who.startswith(("file", "report")) and len(suspects) == 1:
        return suspects[0]
    return None


def account_name(account: Account) -> str:
    """`service:user id`, else `service:@screen name`; empty where the account has neither."""
    service = str(account.service.value).strip() if account.service else ""
    if account.user_id:
        return f"{service}:{str(account.user_id.value).strip()}"
    if account.screen_name:
        return f"{service}:@{str(account.screen_name.value).strip().casefold().removeprefix('@')}"
    return ""


def asked_about(who: str) -> bool:
    """Whether an operator is asked about this person's addresses: suspects, files and the report; never a victim's."""
    return who.startswith(("suspect", "file", "report"))
