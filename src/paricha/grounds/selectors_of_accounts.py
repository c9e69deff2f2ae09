"""Accounts and screen names: each within its service, by the service's own rule of letters.

Screen names are compared without case, which is how services give them out; ids keep theirs, because an id of letters of
both cases (a channel's, say) is another one in other letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Names of one service that its reports use side by side. A company with several services stays itself.
_SERVICES = {
    "instagram": ("instagram inc", "instagram llc"),
    "snapchat": ("snap", "snap inc", "snapchat inc"),
    "x": ("twitter", "x corp", "twitter inc", "x (twitter)", "x / twitter", "x (formerly twitter)", "x.com", "twitter.com"),
    "discord": ("discord inc",),
    "whatsapp": ("whatsapp inc", "whatsapp llc"),
    "telegram": ("telegram messenger", "telegram fz-llc"),
    "tiktok": ("tiktok inc", "tiktok pte ltd", "tiktok ltd"),
    "youtube": ("youtube llc", "youtube inc"),
    "kik": ("kik messenger", "kik interactive", "kik interactive inc"),
    "reddit": ("reddit inc",),
    "facebook": ("facebook inc",),
}  # fmt: skip
_SAME = {name: service for service, names in _SERVICES.items() for name in names}
_BY_PHONE = frozenset({"whatsapp", "signal", "viber"})  # their ids are telephone numbers
# Ids whose letters are digits of a number, in either case: hexadecimal, UUID, decimal.
_NUMERIC = re.compile(r"[0-9]+|[0-9a-fA-F]{16,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHANNEL = re.compile(r"UC[\w\-]{22}")  # a YouTube channel's id given as a name
_WITH_NUMBER = re.compile(r".+#[0-9]{4}")  # Discord's old names: letters of both cases, told apart with the number
_NO_ACCOUNT = frozenset("0 -1 null none unknown undefined n/a na nil - anonymous deleted guest".split())


@lru_cache(maxsize=4096)
def service_form(service: str | None) -> str:
    """A service's name in small letters, its legal form and known other names left out; empty when not stated."""
    plain = re.sub(r"\s+", " ", (service or "").strip().casefold())
    bare = re.sub(r"[,.]", "", plain)
    return _SAME.get(plain) or _SAME.get(bare) or plain


@lru_cache(maxsize=65536)
def within(service: str | None, value: str) -> str | None:
    """`service|value`, both without case: an id or name means something only within its service (or type, or company)."""
    text = _lower(value.strip())
    return f"{service_form(service)}|{text}" if text else None


@lru_cache(maxsize=65536)
def account(service: str | None, value: str) -> str | None:
    """A platform's user id within its service, in its own letters unless they are digits of a number."""
    text, named = value.strip(), service_form(service)
    if named in _BY_PHONE:
        number = text.partition("@")[0].replace(" ", "").replace("-", "").removeprefix("+")
        text = number if number.isascii() and number.isdigit() else text
    if not text:
        return None
    return f"{named}|{text.lower() if _NUMERIC.fullmatch(text) else unicodedata.normalize('NFC', text)}"


@lru_cache(maxsize=65536)
def handle(service: str | None, value: str) -> str | None:
    """A screen name within its service: without a leading @, without case, by the service's own rule."""
    text, named = value.strip(), service_form(service)
    if named == "reddit":
        text = re.sub(r"^/?u/(?=.)", "", text, flags=re.IGNORECASE)
    if named == "telegram":
        text = re.sub(r"^(?:https?://)?(?:t\.me|telegram\.me)/(?=\w)", "", text, flags=re.IGNORECASE)
    text = text.lstrip("@").strip()
    keeps_case = (named == "youtube" and _CHANNEL.fullmatch(text)) or (
        named == "discord" and _WITH_NUMBER.fullmatch(text)
    )
    text = unicodedata.normalize("NFC", text) if keeps_case else _lower(text)
    if named == "facebook":  # its names are the same with and without dots
        text = text.replace(".", "")
    return f"{named}|{text}" if text else None


def is_no_account(value: str) -> bool:
    """Whether an id or name stands for none: 0, null, unknown …"""
    return value.casefold() in _NO_ACCOUNT


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
