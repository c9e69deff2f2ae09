"""Selectors: normal forms, so that one address, phone or handle is one thing however it was written."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import idna
import phonenumbers


class SelectorKind(StrEnum):
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"  # platform user id, within its service
    HANDLE = "handle"  # screen name, within its service
    DEVICE = "device"  # IMEI, ICCID, advertising id ..., within its id type
    HASH = "hash"  # algorithm + value
    URL = "url"
    GROUP = "group"  # group or channel id, within its service
    PAYMENT = "payment"


@lru_cache(maxsize=65536)
def address(text: str) -> str | None:
    """IPv4 or IPv6 in its canonical text; IPv4-mapped IPv6 becomes IPv4. None when it is no address."""
    raw = text.strip().strip("[]").split("%", 1)[0]
    try:
        found = ipaddress.ip_address(raw)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found)


@lru_cache(maxsize=65536)
def phone(text: str, region: str = "IN") -> str | None:
    """E.164 where the number is possible in its country, else the bare digits with `+` kept; need not be allocated.

    `region` is the unit's country for numbers written without a country code. None when there are fewer than 6 or
    more than 15 digits.
    """
    digits = "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())  # in any script
    if not 6 <= len(digits) <= 15:
        return None
    bare = ("+" if text.strip().startswith("+") else "") + digits
    for written in (text, bare):
        found = _e164(written, region)
        if found == bare:
            return found  # written in full: read again it is the same
        while found is not None and (again := _e164(found, region)) not in (None, found):
            found = again  # zeros after the country code fall one by one; the form is the one that stays
        if found is not None:
            return found
    return bare


def _e164(text: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return found if len(found) > 6 else None


@lru_cache(maxsize=65536)
def email(text: str) -> str | None:
    """Lower case, domain in its A-label form. None when there is not exactly one @ with text on both sides."""
    local, at, domain = text.strip().rpartition("@")
    if not (local and at and domain) or re.search(r"\s", local + domain) or "@" in local:
        return None
    ascii_domain = _a_label(domain.rstrip("."))
    return None if ascii_domain is None else f"{local.casefold()}@{ascii_domain}"


@lru_cache(maxsize=4096)
def _a_label(domain: str) -> str | None:
    """A domain in its A-label form, in lower case; few domains stand behind many addresses."""
    try:
        return idna.encode(domain, uts46=True).decode().casefold()
    except idna.IDNAError:
        return None


def within(service: str | None, value: str) -> str | None:
    """`service|value`, both folded: a platform id or handle means something only within its service."""
    text = value.strip().casefold()
    return f"{(service or '').strip().casefold()}|{text}" if text else None


def handle(service: str | None, value: str) -> str | None:
    """A screen name within its service, a leading @ left out."""
    return within(service, value.strip().removeprefix("@"))


_HASH_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}


@lru_cache(maxsize=65536)
def file_hash(value: str, algorithm: str | None = None) -> str | None:
    """`sha256|…` in lower case; the algorithm from the argument, else from the length. None when it is no hash."""
    text = value.strip().casefold()
    if not re.fullmatch(r"[0-9a-f]{8,128}", text):
        return None
    name = (algorithm or _HASH_LENGTH.get(len(text)) or "").casefold().replace("-", "")
    return f"{name}|{text}" if name else None


_JUNK_IMEI = frozenset({"0" * 15, "1" * 15, "123456789012345", "123456789012347", "004999010640000"})


def imei(text: str) -> str | None:
    """15 digits that pass Luhn and are no well-known junk; separators dropped. None otherwise."""
    digits = re.sub(r"[\s\-/.]", "", text)
    if not re.fullmatch(r"\d{15}", digits) or digits in _JUNK_IMEI or len(set(digits)) < 4:
        return None
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char)
        if place % 2:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return digits if total % 10 == 0 else None


def device(id_type: str | None, value: str) -> str | None:
    """A device id within its type; an IMEI that is none is kept as written under its type, never as `imei`."""
    kind = (id_type or "").strip().casefold()
    if kind == "imei":
        good = imei(value)
        return f"imei|{good}" if good else within("imei-unchecked", value)
    return within(kind, value)


def refang(text: str) -> str:
    """Undo the usual de-fanging: `192[.]0[.]2[.]1`, `hxxp://`, `name[at]example.com`."""
    if not ("[" in text or "(" in text or "{" in text):
        return re.sub(r"^hxxp", "http", text, flags=re.IGNORECASE)
    mended = re.sub(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]", ".", text, flags=re.IGNORECASE)
    mended = re.sub(r"\[:\]", ":", mended)
    mended = re.sub(r"\[(?:at|@)\]", "@", mended, flags=re.IGNORECASE)
    return re.sub(r"^hxxp", "http", mended, flags=re.IGNORECASE)
