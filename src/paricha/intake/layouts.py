"""Which mapping fits a sheet: the one named for it, a saved one with its headings, or the built-in table."""

from __future__ import annotations

import msgspec

from paricha.grounds.refusals import Refusal
from paricha.intake.grids import Grid, Unreadable, cell_text
from paricha.intake.headings import Column, bare, built_in, columns_of
from paricha.intake.mapping import Mapping, plain_heading
from paricha.intake.originals import Original

HEADER_WITHIN = 30  # rows in which the built-in table looks for headings
_ANCHORS = ("report_number", "sighting.address", "account.user_id", "account.screen_name", "person.phones", "file.md5")


class Layout(msgspec.Struct, frozen=True):
    """How one sheet is read. `header` counts from 0. `mapping` is None where the built-in table serves."""

    grid: Grid
    header: int
    columns: list[Column]
    mapping: Mapping | None

    @property
    def person(self) -> str:
        return self.mapping.person if self.mapping else "suspect 1"

    def as_mapping(self, name: str) -> Mapping:
        """The layout as a mapping that can be saved."""
        if self.mapping:
            return self.mapping
        known = {column.heading: column.field for column in self.columns if column.field}
        return Mapping(name, self.header + 1, known)


def headings_at(grid: Grid, row: int) -> list[str]:
    """The texts of a row of headings; "" where a cell is empty."""
    return [cell_text(cell) for cell in grid.rows[row]] if 0 <= row < len(grid.rows) else []


def layouts_of(
    original: Original, grids: list[Grid], mapping: Mapping | None, mappings: list[Mapping]
) -> list[Layout | None]:
    """A layout for each grid, None for a sheet without known headings. Raises `Unreadable` where none fits at all."""
    if mapping is not None:
        found = [_by(grid, mapping) for grid in grids]
        if not any(found):
            raise Unreadable(_drifted(original, grids, mapping))
        return found
    found = [_by_saved(grid, mappings) for grid in grids]
    if any(found):
        return found
    near = _nearly(grids, mappings)
    if near is not None:
        raise Unreadable(_drifted(original, grids, near))
    found = [by_table(grid) for grid in grids]
    if not any(found):
        raise Unreadable(_unmapped(original, grids))
    return found


def _by(grid: Grid, mapping: Mapping) -> Layout | None:
    headings = headings_at(grid, mapping.header_row - 1)
    present = {plain_heading(heading) for heading in headings if heading}
    if not mapping.headings <= present:
        return None
    in_order = mapping.headings_in_order
    if in_order is not None and list(map(plain_heading, in_order)) != [
        plain_heading(text) for text in headings if text
    ]:
        return None
    return Layout(grid, mapping.header_row - 1, columns_of(headings, mapping.columns), mapping)


def _by_saved(grid: Grid, mappings: list[Mapping]) -> Layout | None:
    fitting = [layout for mapping in mappings if (layout := _by(grid, mapping))]
    return max(fitting, key=lambda layout: len(layout.columns and layout.mapping.columns), default=None)  # type: ignore[union-attr]


def by_table(grid: Grid) -> Layout | None:
    """By the built-in headings: the row among the first thirty that has most of them, at least two, one of them telling."""
    best: Layout | None = None
    most = 1
    for row in range(min(HEADER_WITHIN, len(grid.rows))):
        headings = headings_at(grid, row)
        fields = {field for heading in headings if heading and (field := built_in().get(bare(heading)))}
        if len(fields) > most and fields.intersection(_ANCHORS):
            most = len(fields)
            best = Layout(grid, row, columns_of(headings, None), None)
    return best


def _nearly(grids: list[Grid], mappings: list[Mapping]) -> Mapping | None:
    """A saved mapping most of whose headings stand there: its layout has drifted."""
    for mapping in mappings:
        for grid in grids:
            present = {plain_heading(text) for text in headings_at(grid, mapping.header_row - 1) if text}
            if len(mapping.headings & present) * 3 >= len(mapping.headings) * 2:
                return mapping
    return None


def _drifted(original: Original, grids: list[Grid], mapping: Mapping) -> Refusal:
    row = mapping.header_row - 1
    best = max(grids, key=lambda grid: len(mapping.headings & set(map(plain_heading, headings_at(grid, row)))))
    present = set(map(plain_heading, headings_at(best, row)))
    missing = [heading for heading in mapping.columns if plain_heading(heading) not in present]
    what = f"The headings in row {mapping.header_row} are not those of the mapping “{mapping.name}”"
    what += f": {_quoted(missing)} is missing." if missing else ": their order differs."
    return original.refusal(
        "INTAKE-SHEET-DRIFTED",
        what,
        "Look at the columns on the mapping screen and save the new layout; nothing of the file was used.",
        f"sheet {best.name or '1'}, row {mapping.header_row}",
    )


def _unmapped(original: Original, grids: list[Grid]) -> Refusal:
    shown = next(
        (texts for grid in grids for row in range(5) if len(texts := [t for t in headings_at(grid, row) if t]) > 1), []
    )
    seen = f" The first row with several texts says {_quoted(shown)}." if shown else ""
    return original.refusal(
        "INTAKE-SHEET-UNMAPPED",
        f"No mapping fits the headings of this sheet.{seen}",
        "Say on the mapping screen what each column is, or give a mapping with --mapping.",
        "row 1",
    )


def _quoted(texts: list[str]) -> str:
    shown = ", ".join(f"“{text[:40]}”" for text in texts[:6])
    return shown + (" …" if len(texts) > 6 else "")
