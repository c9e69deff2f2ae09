"""Why a tip was found: which value of it holds the word that was asked for, marked, with its place in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy

from paricha.grounds import folding
from paricha.intake.document import Leaf, TipDocument, locator
from paricha.records.deriving import tells
from paricha.records.facts import key_words, role_words

# Letters with their marks, and the joiners between them that folding takes out.
_SPAN = re.compile("[\\w\u0900-\u0963\u0966-\u0d7f\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]+")
_LABELS = {
    "incidentType": gettext_lazy("Incident"),
    "description": gettext_lazy("Incident described"),
    "reporter": gettext_lazy("Reporter"),
    "place": gettext_lazy("Place"),
    "file": gettext_lazy("File name"),
}
AROUND = 60  # letters shown on either side of the first marked word of a long text
MOST = 3  # values told of one tip

Piece = tuple[str, bool]  # text, and whether it was asked for


class Reason(msgspec.Struct):
    """`label`: what the value is; `pieces`: its text in turn; `alike`: found by sound, in another script or spelling;
    `place`: locator of the value, or None for what has none."""

    label: str
    pieces: list[Piece]
    alike: bool = False
    place: dict[str, Any] | None = None


def texts_of(document: TipDocument) -> Iterator[tuple[str, Leaf | None]]:
    """What search keeps words of (`deriving.words_of`), each with what it is."""
    yield "incidentType", document.incident_type
    yield "description", document.incident_description
    yield "reporter", document.reporter_name
    for person in document.people:
        said = role_words(person)
        for name in person.names:
            yield said, name
        for address in person.addresses:
            yield said, address
        for account in person.accounts:
            for name in account.display_names:
                yield said, name
            yield said, account.screen_name
        for noted in person.other:
            if tells(noted.field):
                yield noted.field, noted.leaf
    for place in document.places:
        yield "place", place.city
        yield "place", place.region
        yield "place", place.organisation
    for noted in document.other:
        if tells(noted.field):
            yield noted.field, noted.leaf
    for file in document.files:
        yield "file", file.name
        yield "file", file.original_name


def reasons(document: TipDocument, asked: list[tuple[str, ...]]) -> list[Reason]:
    """The values of a tip that hold the words asked for (`folding.query_tokens`), written so first, then alike."""
    exact, alike = {any_of[0] for any_of in asked}, {token for any_of in asked for token in any_of[1:]}
    found: list[Reason] = []
    for label, leaf in texts_of(document):
        if leaf is None or not isinstance(leaf.value, str):
            continue
        for wanted, by_sound in ((exact, False), (exact | alike, True)):
            pieces = marked(leaf.value, wanted)
            if pieces:
                found.append(Reason(_label(label), pieces, by_sound, locator(document, leaf).to_plain()))
                break
    found.sort(key=lambda one: one.alike)
    return found[:MOST]


def _label(label: str) -> str:
    return str(_LABELS[label]) if label in _LABELS else label if " " in label else key_words(label)


def marked(text: str, wanted: set[str]) -> list[Piece]:
    """The text in pieces, those with a wanted token marked; empty when none is. Long texts are cut around the first."""
    spans = [(found.start(), found.end()) for found in _SPAN.finditer(text) if wanted & set(folding.tokens(found[0]))]
    if not spans:
        return []
    start = max(0, spans[0][0] - AROUND)
    end = min(len(text), max(spans[0][1] + AROUND, start + 2 * AROUND))
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces.append((text[at : max(at, end)], False))
    if end < len(text) and at < len(text):
        pieces.append(("…", False))
    return [piece for piece in pieces if piece[0]]
