"""Layouts of request sheets: data in the State pack (`layouts.toml`)."""

from __future__ import annotations

import tomllib

import msgspec

from paricha.places.pack import PACKS, pack_file


class Layout(msgspec.Struct, frozen=True):
    """The columns of a sheet: (heading, field), and how times are written."""

    name: str
    columns: list[tuple[str, str]]
    times: str


def layouts() -> dict[str, Layout]:
    """Every layout of the pack by name; the generic one stands in every pack."""
    file = pack_file("layouts.toml") or PACKS / "kerala" / "layouts.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Layout(name, [(heading, field) for heading, field in table["columns"]], table["times"])
        for name, table in found.items()
    }
