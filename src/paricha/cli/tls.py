"""`paricha tls make`."""

from __future__ import annotations

import click
import msgspec

from paricha.cli.frame import DONE, command, require_house, show


@click.group()
def tls() -> None:
    """The trusted name of the workplace."""


@click.argument("name")
@command("make", officer=False)
def tls_make(name: str, as_json: bool) -> int:
    """Make the unit's own authority and certificate for NAME, and serve under it from now on. Safe to repeat."""
    from django.conf import settings

    from paricha.grounds import unit as settings_file
    from paricha.grounds.instants import utc_text
    from paricha.site import refusals, tls  # noqa: F401  registers the codes

    require_house()
    trust = tls.make(settings.HOME, name)
    if settings.PARICHA.host != trust.name:
        settings_file.save(settings.HOME, msgspec.structs.replace(settings.PARICHA, host=trust.name))
    found = {
        "schema": 1, "name": trust.name, "root": str(trust.root), "root_sha256": trust.fingerprint().replace(":", "").lower(),
        "certificate": str(trust.certificate), "until": utc_text(trust.until()),
    }  # fmt: skip
    words = (
        f"{trust.name} has a certificate until {utc_text(trust.until())}. Install {trust.root} on each phone and compare:\n"
        f"{trust.fingerprint()}\nPasskeys and enrolled phones hang on this name: keep it."
    )
    show(found, as_json, words)
    return DONE


tls.add_command(tls_make)

commands: list[click.Command] = [tls]
