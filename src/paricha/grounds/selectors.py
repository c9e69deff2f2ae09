"""Selectors: normal forms, so that one address, phone or handle is one thing however it was written.

Two writings become one only where a standard, or the service's own rules, say that they are one thing: a link that is
missing costs a search, a wrong one costs a door. None is "cannot be normalised": the value stays in the tip as written.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import idna

from paricha.grounds.selectors_of_accounts import account, handle, is_no_account, within
from paricha.grounds.selectors_of_devices import TEST_CODE, UNCHECKED, device, imei
from paricha.grounds.selectors_of_phones import phone

__all__ = [
    "SelectorKind",
    "account",
    "address",
    "device",
    "email",
    "file_hash",
    "handle",
    "imei",
    "phone",
    "points",
    "refang",
    "url",
    "within",
]


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
    """IPv4 or IPv6 in its canonical text; IPv4-mapped IPv6 becomes IPv4. None when it is no address.

    Addresses that only carry another one (6to4, NAT64, IPv4-compatible) stay themselves. A zone (`%eth0`) names an
    interface of one machine and is left out; `010.1.2.3` is none, since some read it as octal.
    """
    raw = text.strip()
    if raw.startswith("[") and raw.endswith("]"):
        raw = raw[1:-1]
    if ":" in raw:
        raw = raw.partition("%")[0]
    try:
        found = ipaddress.ip_address(raw)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found)


@lru_cache(maxsize=65536)
def email(text: str) -> str | None:
    """Lower case, domain in its A-label form. None when there is not exactly one @ with text on both sides.

    Dots and `+tags` stay: whether they matter is each provider's own rule.
    """
    local, at, domain = text.strip().rpartition("@")
    if not (local and at and domain) or re.search(r"\s", local + domain) or "@" in local:
        return None
    ascii_domain = _a_label(domain.rstrip("."))
    return None if ascii_domain is None else f"{_lower(local)}@{ascii_domain}"


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=4096)
def _a_label(domain: str) -> str | None:
    """A domain in its A-label form, in lower case; few domains stand behind many addresses."""
    try:
        return idna.encode(domain, uts46=True).decode().casefold()
    except idna.IDNAError:
        return None


# ---- file hashes ------------------------------------------------------------------------------------------------
_HASH_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_BYTES_OF = {name: length // 2 for length, name in _HASH_LENGTH.items()}
_EMPTY_FILE = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)


@lru_cache(maxsize=65536)
def file_hash(value: str, algorithm: str | None = None) -> str | None:
    """`sha256|…` in lower case; the algorithm from the argument, else from the length. None when it is no hash.

    Hex of 8 to 128 digits; Base64 too where the stated algorithm gives its length.
    """
    text = value.strip()
    stated = re.sub(r"[\W_]|hash|sum", "", (algorithm or "").casefold())
    plain = text.casefold()
    if not re.fullmatch(r"[0-9a-f]{8,128}", plain):
        decoded = _from_base64(text, _BYTES_OF.get(stated, 0))
        if decoded is None:
            return None
        plain = decoded
    name = stated or _HASH_LENGTH.get(len(plain)) or ""
    return f"{name}|{plain}" if name else None


def _from_base64(text: str, length: int) -> str | None:
    if not length or len(text) != (length + 2) // 3 * 4:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == length else None


# ---- web addresses ----------------------------------------------------------------------------------------------
_PORTS = {"http": 80, "https": 443, "ftp": 21}
_UNRESERVED = re.compile(r"%([0-9a-fA-F]{2})")


@lru_cache(maxsize=65536)
def url(text: str) -> str | None:
    """A URL with scheme and host in lower case, host as A-label or canonical address, without default port or final slash.

    `https` where none is written. Path, query and fragment keep their case; escapes are made equal (RFC 3986, 6.2.2).
    None when no host is named.
    """
    plain = refang(text.strip())
    if not plain or re.search(r"[\s<>\"]", plain):
        return None
    try:
        parts = urlsplit(plain if "://" in plain else f"https://{plain}")
        host, port = _host(parts), parts.port
    except ValueError:
        return None
    if not host:
        return None
    user = parts.netloc.rpartition("@")[0]
    scheme = parts.scheme.casefold()
    place = (f"{user}@" if user else "") + host + (f":{port}" if port and port != _PORTS.get(scheme) else "")
    rest = _escapes(parts.path)
    rest += f"?{_escapes(parts.query)}" if parts.query else ""
    rest += f"#{_escapes(parts.fragment)}" if parts.fragment else ""
    return f"{scheme}://{place}{rest}".rstrip("/")


def _host(parts: SplitResult) -> str | None:
    written = (parts.hostname or "").rstrip(".")
    numeric = address(written)
    if numeric is not None:
        return f"[{numeric}]" if ":" in numeric else numeric
    return _a_label(written)


def _escapes(text: str) -> str:
    """Escapes in capitals; those of letters, digits and `-._~` undone."""

    def mend(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else found[0].upper()

    mended = _UNRESERVED.sub(mend, text)
    return mended if mended == text else _escapes(mended)


# ---- what does not point ----------------------------------------------------------------------------------------
def points(kind: str, normal_form: str, *, synthetic: bool = False) -> bool:
    """Whether a selector points at somebody at all, so that tips which share it may be linked by it.

    Not a device id that fails its check, is known junk or belongs to test equipment (in a `synthetic` folder it
    stands for a real one), an account id that stands for none, or the hash of an empty file: they are kept and found,
    but say nothing of two tips.
    """
    stands_within, _bar, bare = normal_form.partition("|")
    if kind == SelectorKind.DEVICE:
        return not stands_within.endswith(UNCHECKED) and (synthetic or not normal_form.startswith(TEST_CODE))
    if kind in (SelectorKind.ACCOUNT, SelectorKind.HANDLE):
        return not is_no_account(bare)
    if kind == SelectorKind.HASH:
        return bare not in _EMPTY_FILE and len(set(bare)) > 1
    if kind == SelectorKind.PHONE:
        return len(set(normal_form.removeprefix("+")[-9:])) > 1
    return True


_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|[\[({]dot[\])}]", re.IGNORECASE)
_AT = re.compile(r"[\[({](?:at|@)[\])}]", re.IGNORECASE)
_COLON = re.compile(r"\[(:/?/?)\]")
_SCHEME = re.compile(r"^h(?:xx|\*\*)p(?=s?:)", re.IGNORECASE)


def refang(text: str) -> str:
    """Undo the usual de-fanging: `192[.]0[.]2[.]1`, `hxxps[://]`, `name[at]example.com`."""
    if "[" in text or "(" in text or "{" in text:
        text = _COLON.sub(r"\1", _AT.sub("@", _DOT.sub(".", text)))
    return _SCHEME.sub("http", text)
