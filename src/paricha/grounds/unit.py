"""The unit's settings: one typed file `paricha.toml` in the data folder; `PARICHA_*` variables override."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from paricha.grounds.refusals import Refused

FILE_NAME = "paricha.toml"


class UnitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator may set.

    `zone`: IANA zone in which screens show times beside UTC. `region`: country of phone numbers written without a
    country code. `languages`: of screens, first is the default. `state_pack`: folder name in `packs/`.
    `pack_override`: folder whose files replace those of the pack; a name without a leading slash lies in the data folder,
    and of those a backup carries `pack`. `host`: trusted name the workplace is served under.
    `synthetic`: made-up data; set by `init --synthetic` for good. `installation`: id of this installation, hex.
    """

    unit_name: str = "Child protection unit"
    zone: str = "Asia/Kolkata"
    region: str = "IN"
    languages: tuple[str, ...] = ("en", "ml")
    state_pack: str = "kerala"
    pack_override: str | None = None
    host: str = "localhost"
    port: int = 8443
    drop_folder: str | None = None
    synthetic: bool = False
    installation: str = ""


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`PARICHA_HOME`, else `~/.local/share/paricha`."""
    return Path(environ.get("PARICHA_HOME") or Path.home() / ".local" / "share" / "paricha").absolute()


def load(home: Path, environ: Mapping[str, str] = os.environ) -> UnitSettings:
    """The settings in force. A missing file means defaults. Raises `Refused` HOUSE-SETTINGS with the mistake."""
    file = home / FILE_NAME
    found: dict[str, Any] = {}
    try:
        if file.exists():
            found = tomllib.loads(file.read_text(encoding="utf-8"))
        for name in UnitSettings.__struct_fields__:
            if name == "synthetic":
                continue  # the mark of made-up data cannot be taken off by a variable
            given = environ.get(f"PARICHA_{name.upper()}")
            if given is not None:
                found[name] = given.split(",") if name == "languages" else given
        return msgspec.convert(found, UnitSettings, strict=False)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Refused(
            "HOUSE-SETTINGS",
            f"The settings cannot be read: {error}.",
            "Correct the named line; docs/reference/settings.md lists every setting.",
            file=str(file),
        ) from error


def save(home: Path, settings: UnitSettings) -> None:
    """Write the file anew, readable by the owner alone. Settings that are not set are left out."""
    lines = []
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, bool):
            shown = "true" if value else "false"
        elif isinstance(value, int):
            shown = str(value)
        elif isinstance(value, tuple):
            shown = "[" + ", ".join(_quoted(item) for item in value) + "]"
        else:
            shown = _quoted(value)
        lines.append(f"{name} = {shown}\n")
    half = home / f".{FILE_NAME}.{os.getpid()}"  # renamed when whole, so that an interruption leaves the old file
    half.write_text("".join(lines), encoding="utf-8")
    half.chmod(0o600)
    os.replace(half, home / FILE_NAME)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
