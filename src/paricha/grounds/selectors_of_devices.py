"""Device ids: an IMEI is one in its three lengths; ids that name no device are kept, marked, and never link."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from paricha.grounds.selectors_of_accounts import within

TEST_CODE = (
    "imei|00"  # type allocation codes of test equipment; made-up data use them as it uses documentation addresses
)
UNCHECKED = "-unchecked"  # ends the type under which an id is kept that fails its check or is known junk
_IMEI_TYPE = re.compile(r"imei(?:sv)?[\s\-_]*(?:no\.?|number|\d|id)?")
# Printed in manuals and standards, or burnt into cloned telephones and emulators, so that many "have" them.
_JUNK_IMEI = frozenset(
    {
        "004999010640000",  # an emulator's
        "358240051111110",  # a simulator's
        "490154203237518",  # the worked example of encyclopaedias
        "356938035643809",
        "352099001761481",
        "351451208401216",  # cloned telephones of one maker
        "135790246811220",  # counterfeit telephones; named in India's order of 2009
    }
)
_JUNK_IDS = frozenset({"9774d56d682e549c", "0123456789abcdef", "020000000000"})  # Android's shared ones; a hidden MAC


def imei(text: str) -> str | None:
    """15 digits with their check digit, separators dropped; None for what is no IMEI or known junk.

    Junk: runs and repeats, serial numbers that are none, and those that many devices show.
    """
    full = imei_checked(text)
    return None if full in _JUNK_IMEI else full


def imei_checked(text: str) -> str | None:
    """As `imei`, also where many telephones show the same: one that was seized shows what it shows.

    14 digits (without the check digit) and 16 (IMEISV, with the software's version) name the same device: 3GPP TS 23.003,
    6.2. Fifteen must pass Luhn.
    """
    digits = re.sub(r"[\s\-/.]", "", text)
    if not re.fullmatch(r"[0-9]{14,16}", digits):
        return None
    full = digits if len(digits) == 15 else digits[:14] + _check_digit(digits[:14])
    return None if full[14] != _check_digit(full[:14]) or _is_no_number(full) else full


def _check_digit(fourteen: str) -> str:
    """Luhn's, over fourteen digits."""
    total = 0
    for place, char in enumerate(fourteen):
        number = int(char) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def _is_no_number(digits: str) -> bool:
    serial = digits[8:14]
    return (
        len(set(digits)) < 4
        or _is_run(digits[:14])
        or serial in ("000000", "123456", "654321")
        or len(set(serial)) == 1
    )


def _is_run(digits: str) -> bool:
    """0123456789 … or 9876543210 …, from any digit on."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(digits)}
    return len(steps) == 1


@lru_cache(maxsize=65536)
def device(id_type: str | None, value: str) -> str | None:
    """A device id within its type; what is no device's own id is kept as written under `<type>-unchecked`."""
    kind = re.sub(r"\s+", " ", (id_type or "").strip().casefold())
    if kind.endswith(UNCHECKED):
        return within(kind, value)
    if _IMEI_TYPE.fullmatch(kind):
        good = imei(value)
        return f"imei|{good}" if good else within("imei" + UNCHECKED, _tight(value))
    plain = re.sub(r"[\W_]", "", value.casefold())
    if len(set(plain)) < 2 or plain in _JUNK_IDS or plain in _NONE:
        return within((kind or "device") + UNCHECKED, value)
    return within(kind, value)


_NONE = frozenset({"unknown", "none", "null", "na", "notavailable", "undefined", "default"})


def _tight(value: str) -> str:
    """Digits without the separators between them; anything else as written."""
    tight = re.sub(r"[\s\-/.]", "", value)
    return tight if re.fullmatch(r"[0-9]+", tight) else value
