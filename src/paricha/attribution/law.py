"""Which law a letter stands on, by the day it is written: from the State pack. Superseded law is refused (C18)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused
from paricha.places.pack import pack_file


class Law(msgspec.Struct, frozen=True):
    """One entry of `law.toml`: in force from a day until another (None: still), its letter template."""

    id: str
    name: str
    since: date
    until: date | None
    template: str
    never: str = ""

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def laws() -> list[Law]:
    """Every entry of the pack."""
    file = pack_file("law.toml")
    if file is None:
        raise Refused("REQUESTS-LAW", _("The State pack has no law.toml."), _("Put the file into the pack."))
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["request"]
    return [
        Law(row["id"], row["name"], row["from"], row.get("until"), row.get("template", ""), row.get("never", ""))
        for row in rows
    ]


def law_on(day: date, wanted: str | None = None) -> tuple[Law, Path]:
    """The law in force on a day and its letter template. Raises `Refused` REQUESTS-LAW for superseded or unknown law."""
    known = laws()
    if wanted is not None:
        chosen = next((law for law in known if law.id == wanted), None)
        if chosen is None or not chosen.in_force(day) or chosen.never:
            raise Refused(
                "REQUESTS-LAW",
                _("“{law}” is not the law for a letter of {day}.").format(
                    law=chosen.name if chosen else wanted, day=day
                ),
                _("Leave the law out: the one in force is chosen by the date."),
            )
    else:
        usable = [law for law in known if law.in_force(day) and law.template and not law.never]
        chosen = max(usable, key=lambda law: law.since, default=None)
    template = pack_file(chosen.template) if chosen and chosen.template else None
    if chosen is None or template is None:
        raise Refused(
            "REQUESTS-LAW", _("The pack has no letter for the law in force on {day}.").format(day=day),
            _("Add the template to the State pack."),
        )  # fmt: skip
    return chosen, template
