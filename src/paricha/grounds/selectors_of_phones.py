"""Phones: E.164 by libphonenumber, however a number is written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers

_LABEL = re.compile(r"^(?:tel|phone|ph|mob|mobile|cell|whatsapp|no)[\s.:\-]*(?=[+(\d])", re.IGNORECASE)
_EXTENSION = re.compile(r"[\s,;]*(?:ext|extn|extension|x)[\s.:]*\d{1,6}$|;ext=\d{1,6}$", re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"[,;|&]|\b(?:or|and)\b", re.IGNORECASE)


@lru_cache(maxsize=65536)
def phone(text: str, region: str = "IN") -> str | None:
    """E.164 where the number is possible in its country, else the bare digits with `+` kept; need not be allocated.

    `region` is the unit's country for numbers written without a country code. An extension is left out. None when there
    are fewer than 6 or more than 15 digits, letters among them, or two numbers in one writing.
    """
    plain = _plain(text)
    if plain is None:
        return None
    digits = "".join(char for char in plain if char.isdigit())
    if not 6 <= len(digits) <= 15:
        return None
    bare = ("+" if plain.startswith(("+", "(+")) else "") + digits
    for written in (plain, bare):
        found = _e164(written, region)
        if found == bare:
            return found  # written in full: read again it is the same
        while found is not None and (again := _e164(found, region)) not in (None, found):
            found = again  # zeros after the country code fall one by one; the form is the one that stays
        if found is not None:
            return found
    return bare


def _plain(text: str) -> str | None:
    """The number's own characters, digits of any script as 0–9; None where they are not one number alone."""
    drawn = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in text
        if unicodedata.category(char) not in ("Cf", "Cc")  # marks of direction come along from address books
    )
    plain = _EXTENSION.sub("", _LABEL.sub("", drawn.strip())).strip().replace("＋", "+")  # noqa: RUF001
    if _TWO_NUMBERS.search(plain) or any(char.isalpha() for char in plain):
        return None  # letters would be dialled as digits, and nobody said that they are
    groups = re.findall(r"\d+", plain) if "/" in plain else []
    halves = [sum(map(str.isdigit, half)) for half in plain.split("/")]
    if groups and (len(halves) > 2 or not (2 <= halves[0] <= 5 and halves[1] >= 6)):
        return None  # 0471-234567/8 is two numbers; 0471/234567 is one
    return plain


def _e164(text: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return found if len(found) > 6 else None
