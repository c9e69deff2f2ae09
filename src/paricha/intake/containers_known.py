"""Which files are containers, and what the whole of one is refused for. Pure; asked by content, never by a name."""

from __future__ import annotations

import re

from paricha.grounds.refusals import Refusal
from paricha.intake.containers import REFUSED, Contents, Data, Why
from paricha.intake.containers_mail import is_mail, is_mailbox, mail_contents, mailbox_contents
from paricha.intake.containers_zip import is_office, is_zip, zip_contents
from paricha.intake.originals import Original

LOOKED_AT = 16_384  # bytes that tell whether a file may be a container
_FIELD = re.compile(rb"\s{0,4}[A-Za-z][A-Za-z0-9-]{1,40}[ \t]*:|From ")
_OUTLOOK = "__substg1.0_".encode("utf-16-le")  # streams of a message that Outlook saved
_NOT_TAKEN_APART = Why(
    "INTAKE-ZIP-WHOLE", "The bundle was kept, and its members were not taken out of it yet.", "Press “Retry”."
)


def may_be_container(head: bytes) -> bool:
    """Whether a closer look is worth it: cheap, for each file of a batch."""
    return is_zip(head) or _FIELD.match(head) is not None and (is_mail(head) or is_mailbox(head))


def contents_of(data: Data) -> Contents | None:
    """What a container holds; None for what is none (a workbook is a ZIP and no bundle)."""
    head = data[:LOOKED_AT]
    if is_zip(head):
        return None if is_office(data) else zip_contents(data)
    if not _FIELD.match(head):
        return None
    if is_mail(head):
        return mail_contents(data)
    return mailbox_contents(data) if is_mailbox(head) else None


def refusal_of(original: Original) -> Refusal | None:
    """The refusal of a whole container that could not be taken apart; None for what is no container."""
    contents = contents_of(original.data)
    if contents is None:
        return None
    why = contents.why or _NOT_TAKEN_APART
    return original.refusal(why.code, why.what, why.remedy, why.place)


def is_outlook_message(original: Original) -> bool:
    """Whether an old Office file is an e-mail as Outlook saves it (.msg)."""
    return original.data.startswith(b"\xd0\xcf\x11\xe0") and _OUTLOOK in original.data


def words_of(code: str) -> tuple[str, str]:
    """(what, remedy) of a member's refusal."""
    return REFUSED[code]
