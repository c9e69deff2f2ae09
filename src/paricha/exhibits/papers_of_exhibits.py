"""Papers of a site's exhibits: seizure list, labels, certificate Part A (BSA s.63(4)(c)), as PDF/A."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.exhibits.labels import label_text
from paricha.exhibits.models import Exhibit
from paricha.exhibits.queries import of_site
from paricha.exhibits.verbs import digest_key, last_seal
from paricha.operations.models import Site
from paricha.screens.moments import local_words
from paricha.screens.papers import qr_svg, render_pdf

FOLDER = Path(__file__).parent / "papers"
BY_HAND = "\u00a0"  # a name that is written by hand: blank, not “not stated”


def _local(moment: datetime) -> str:
    """Time as the papers of the law want it: 24 hours in the unit's zone, named."""
    return local_words(moment, "minute")


def _render(name: str, data: dict[str, Any], language: str, at: datetime) -> bytes:
    return render_pdf(FOLDER / name, data, lang=language, at=at, marked_synthetic=settings.PARICHA.synthetic)


def seizure_list(site: Site, *, language: str, at: datetime) -> bytes:
    """The list for occupant and witnesses (BNSS s.103): each thing with mark, description, room, seal."""
    with override(language):
        rows = of_site(site)
        witnesses = sorted({name for one in rows for name in one.witnesses.splitlines() if name})
        data = {
            "title": _("Seizure list"),
            "lead": _("Search of site {site}, operation {operation}").format(
                site=site.number, operation=site.operation.number),
            "rows": [
                [one.mark, _described(one), one.room, one.seal_number, one.imei or one.serial, _local(one.seized_at)]
                for one in rows
            ],
            "heads": [_("Mark"), _("What"), _("Found in"), _("Seal"), _("IMEI or serial"), _("Seized at")],
            "none": _("Nothing was seized."),
            "copy": _copy_words(rows),
            "signatures": [
                {"role": _("Officer who searched"), "name": rows[0].seized_by if rows else BY_HAND},
                {"role": _("Occupant"), "name": BY_HAND},
                *({"role": _("Witness"), "name": name} for name in (witnesses or [BY_HAND, BY_HAND])),
            ],
        }  # fmt: skip
    return _render("seizure.typ", data, language, at)


def _copy_words(rows: list[Exhibit]) -> str:
    """Whether the occupant got a copy, as the team stated it of each thing; never claimed when nobody said so."""
    said = {one.copy_given for one in rows}
    if said == {True}:
        return _("A copy of this list was given to the occupant.")
    if False in said:
        return _("The team stated that no copy of this list was given to the occupant.")
    return _("Copy given to the occupant: not stated. Yes / No, signature of the occupant:")


def _described(one: Exhibit) -> str:
    return ", ".join(part for part in (one.type, one.make, one.model, one.colour, one.power) if part)


def labels(exhibits: list[Exhibit], *, at: datetime) -> bytes:
    """QR labels, one a page of 50 × 30 mm: the exhibit's number and a check; no personal data. Red for what is SEM."""
    key = digest_key()
    data = {
        "sem": "SEM · Sexually Explicit Materials",
        "items": [
            {
                "svg": qr_svg(label_text(key, one.id)),
                "head": one.number,
                "lines": [f"{one.site.operation.number} / {one.site.number}", one.mark, f"Seal {last_seal(one)}"],
                "says": label_text(key, one.id),
                "red": one.sem,
            }
            for one in exhibits
        ],
    }
    return _render("labels.typ", data, "en", at)


def certificate_a(exhibit: Exhibit, *, language: str, at: datetime) -> bytes:
    """BSA s.63(4)(c), Part A, prefilled from the record; what the record does not say stays blank, never guessed."""
    with override(language):
        hashed = [[exhibit.hash_algorithm.upper(), exhibit.hash_value]] if exhibit.hash_value else []
        data = {
            "title": _("Certificate, Part A"),
            "lead": _("Bharatiya Sakshya Adhiniyam, 2023, section 63(4)(c), Schedule"),
            "intro": _("To be filled by the party. What stands here comes from the record; blanks are for the hand."),
            "facts": [
                [_("Name, parentage, address of the person"), ""],
                [_("Kind of device"), exhibit.type],
                [_("Make and model"), " ".join(part for part in (exhibit.make, exhibit.model) if part)],
                [_("Colour"), exhibit.colour],
                [_("Serial number"), exhibit.serial],
                [_("IMEI / UIN / UID / MAC / cloud id"), exhibit.imei],
                [_("Exhibit"), f"{exhibit.number} ({exhibit.mark})"],
                [_("Seized at"), _local(exhibit.seized_at)],
                [_("Found in"), exhibit.room],
                [_("Seal number"), exhibit.seal_number],
            ],
            "statement": _("The device was under lawful control and worked properly in the period that matters, or its "
                           "faults did not affect the record:"),
            "choices": [_("owned"), _("maintained"), _("managed"), _("operated")],
            "hash_title": _("Hash value of the record"),
            "hash_heads": [_("Algorithm"), _("Value")],
            "hashes": hashed,
            "no_hash": _("No hash was taken at seizure. SHA-256 is the algorithm to use; enclose the hash report."),
            "signatures": [
                {"role": _("Name and signature"), "name": BY_HAND},
                {"role": _("Date, time (24 h, IST), place"), "name": BY_HAND},
            ],
            "part_b": _("Part B is filled by the expert and stays blank here."),
        }  # fmt: skip
    return _render("part_a.typ", data, language, at)
