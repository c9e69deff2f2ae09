"""Where in a tip's documents a selector is stated: who has it, as written, at its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from paricha.grounds import selectors
from paricha.grounds.provenance import Locator
from paricha.grounds.selectors import SelectorKind
from paricha.intake.document import Leaf, Person, TipDocument, locator
from paricha.records.facts import role_words

MESSAGE_TEXT = "message text, not copied"  # why of a block that holds what people wrote


def stated(document: TipDocument, kind: str, normal_form: str, region: str) -> list[tuple[str, Leaf]]:
    """(who, the value as written) of every place of the document that gives this selector, in its order."""
    found = []
    for who, one, leaf in _all(document, SelectorKind(kind), region):
        if one == normal_form:
            found.append((who, leaf))
    return found


def _all(document: TipDocument, kind: SelectorKind, region: str) -> Iterator[tuple[str, str | None, Leaf]]:
    if kind == SelectorKind.ADDRESS:
        for seen in document.sightings:
            if seen.address is not None:
                yield seen.who, selectors.address(str(seen.address.value)), seen.address
        return
    if kind == SelectorKind.HASH:
        for number, file in enumerate(document.files, 1):
            for one in file.hashes:
                yield f"file {number}", selectors.file_hash(str(one.value.value), one.algorithm or None), one.value
        return
    reporter = None if document.reporter_name is None else str(document.reporter_name.value)
    for person in document.people:
        if person.role != "reporter":
            who = role_words(person)
            yield from ((who, normal, leaf) for normal, leaf in _of_person(person, kind, reporter, region))


def _of_person(
    person: Person, kind: SelectorKind, reporter: str | None, region: str
) -> Iterator[tuple[str | None, Leaf]]:
    if kind == SelectorKind.PHONE:
        yield from ((selectors.phone(str(leaf.value), region), leaf) for leaf in person.phones)
    elif kind == SelectorKind.EMAIL:
        yield from ((selectors.email(str(leaf.value)), leaf) for leaf in person.emails)
    elif kind == SelectorKind.DEVICE:
        for device in person.devices:
            if device.value is not None:
                said = None if device.id_type is None else str(device.id_type.value)
                yield selectors.device(said, str(device.value.value)), device.value
    for account in person.accounts:
        service = reporter if account.service is None else str(account.service.value)
        if kind == SelectorKind.ACCOUNT and account.user_id is not None:
            yield selectors.account(service, str(account.user_id.value)), account.user_id
        elif kind == SelectorKind.HANDLE and account.screen_name is not None:
            yield selectors.handle(service, str(account.screen_name.value)), account.screen_name
        elif kind == SelectorKind.URL:
            yield from ((selectors.url(str(leaf.value)), leaf) for leaf in account.profile_urls)


def messages(document: TipDocument) -> list[Locator]:
    """Where what people wrote stands; its text is not copied out of the original."""
    return [locator(document, one) for one in document.unread if one.why == MESSAGE_TEXT]
