"""Which mapping fits a sheet: the one named for it, a saved one with its headings, or the built-in table."""

from __future__ import annotations

import msgspec

from paricha.grounds.refusals import Refusal
from paricha.intake.grids import Grid, Unreadable, cell_text
from paricha.intake.headings import Column, bare, built_in, columns_of
from paricha.intake.mapping import Mapping, plain_heading
from paricha.intake.originals import Original
from paricha.intake.registers_fields import field_of, header_of, likely_register, register_headings

HEADER_WITHIN = 30  # rows in which the built-in table looks for headings
_ANCHORS = ("report_number", "sighting.address", "account.user_id", "account.screen_name", "person.phones", "file.md5")


class Layout(msgspec.Struct, frozen=True):
    """How one sheet is read. `header` counts from 0. `mapping` is None where the built-in table serves."""

    grid: Grid
    header: int
    columns: list[Column]
    mapping: Mapping | None

    @property
    def register(self) -> str | None:
        """Which of the unit's own registers the sheet is; None where its rows are tips."""
        return self.mapping.register if self.mapping else None

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


def headings_by(grid: Grid, mapping: Mapping) -> tuple[int, list[str]]:
    """Where a mapping finds its headings (row from 0) and what stands there."""
    if mapping.register is None:
        return mapping.header_row - 1, headings_at(grid, mapping.header_row - 1)
    row = mapping.header_row - 1 if mapping.header_row else header_of(grid, mapping.columns) or 0
    return row, register_headings(grid, row)


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
    row, headings = headings_by(grid, mapping)
    present = {plain_heading(heading) for heading in headings if heading}
    if not mapping.headings <= present:
        return None
    in_order = mapping.headings_in_order
    if in_order is not None and list(map(plain_heading, in_order)) != [
        plain_heading(text) for text in headings if text
    ]:
        return None
    return Layout(grid, row, columns_of(headings, mapping.columns), mapping)


def _by_saved(grid: Grid, mappings: list[Mapping]) -> Layout | None:
    fitting = [layout for mapping in mappings if (layout := _by(grid, mapping))]
    return max(fitting, key=lambda layout: len(layout.columns and layout.mapping.columns), default=None)  # type: ignore[union-attr]


def by_table(grid: Grid) -> Layout | None:
    """By the built-in headings: the row among the first thirty that has most of them, at least two, one of them telling."""
    best: Layout | None = None
    most = 1
    if likely_register(grid) is not None:  # a unit's own register is never taken for tips
        return None
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
            present = {plain_heading(text) for text in headings_by(grid, mapping)[1] if text}
            if len(mapping.headings & present) * 3 >= len(mapping.headings) * 2:
                return mapping
    return None


def drifted_from(grids: list[Grid], mapping: Mapping | None, mappings: list[Mapping]) -> Mapping | None:
    """The mapping (named, or saved) from which the sheets of a file have drifted; None where one fits or none is near."""
    given = [mapping] if mapping is not None else mappings
    if any(_by(grid, one) for grid in grids for one in given):
        return None
    return mapping or _nearly(grids, mappings)


class Drift(msgspec.Struct, frozen=True):
    """How the headings of a sheet differ from those a mapping knows, as they are written.

    `renamed`: (old, new) where a new heading stands in the place of a missing one, or names the same field.
    `moved`: the first heading that stands elsewhere, where nothing else differs.
    """

    missing: list[str] = []
    new: list[str] = []
    renamed: list[tuple[str, str]] = []
    moved: str | None = None

    @property
    def words(self) -> str:
        """The difference named, in English as every refusal of a reader."""
        said = [f"“{old[:40]}” is now “{new[:40]}”" for old, new in self.renamed[:6]]
        said += [f"{_quoted(self.missing)} {_is(self.missing)} missing"] if self.missing else []
        said += [f"{_quoted(self.new)} {_is(self.new)} new"] if self.new else []
        if not said and self.moved:
            said.append(f"their order differs, first at “{self.moved[:40]}”")
        return "; ".join(said)


def drift_of(grid: Grid, mapping: Mapping) -> Drift:
    """What differs between the headings of a sheet and those of a mapping."""
    _row, headings = headings_by(grid, mapping)
    stand = [text for text in headings if text]
    known = mapping.headings_in_order or list(mapping.columns)
    present, expected = set(map(plain_heading, stand)), set(map(plain_heading, known))
    missing = [text for text in known if plain_heading(text) not in present]
    new = [text for text in stand if plain_heading(text) not in expected]
    if mapping.headings_in_order is None:  # such a mapping does not say which other headings the sheet had
        new = [text for text in new if _field_of(text, mapping) in mapping.columns.values()]
    renamed = []
    for old in list(missing):
        other = _renamed(old, known, new, stand, mapping)
        if other is not None:
            renamed.append((old, other))
            missing.remove(old)
            new.remove(other)
    pairs = zip(known, stand, strict=False)
    moved = next((now for was, now in pairs if plain_heading(was) != plain_heading(now)), None)
    return Drift(missing, new, renamed, moved if mapping.headings_in_order else None)


def _field_of(heading: str, mapping: Mapping) -> str | None:
    """The field that our own table knows for a heading."""
    return built_in().get(bare(heading)) if mapping.register is None else field_of(heading)


def _renamed(old: str, known: list[str], new: list[str], stand: list[str], mapping: Mapping) -> str | None:
    """The new heading that stands where the old one stood, among as many columns; else one that names the same field."""
    if mapping.headings_in_order is not None and len(known) == len(stand):
        there = stand[known.index(old)]
        if there in new:
            return there
    field = next((field for text, field in mapping.columns.items() if plain_heading(text) == plain_heading(old)), None)
    return next((text for text in new if field is not None and _field_of(text, mapping) == field), None)


def _is(texts: list[str]) -> str:
    return "is" if len(texts) == 1 else "are"


def _drifted(original: Original, grids: list[Grid], mapping: Mapping) -> Refusal:
    best = max(grids, key=lambda grid: len(mapping.headings & set(map(plain_heading, headings_by(grid, mapping)[1]))))
    row, _headings = headings_by(best, mapping)
    return original.refusal(
        "INTAKE-SHEET-DRIFTED",
        f"The headings in row {row + 1} are not those of the mapping “{mapping.name}”: {drift_of(best, mapping).words}.",
        "Look at the columns on the mapping screen and save the new layout; nothing of the file was used.",
        f"sheet {best.name or '1'}, row {row + 1}",
    )


def _unmapped(original: Original, grids: list[Grid]) -> Refusal:
    shown = next(
        (texts for grid in grids for row in range(5) if len(texts := [t for t in headings_at(grid, row) if t]) > 1), []
    )
    seen = f" The first row with several texts says {_quoted(shown)}." if shown else ""
    likely = next((register for grid in grids if (register := likely_register(grid))), None)
    if likely is not None:
        seen += f" It looks like a register of the unit's own earlier work ({likely})."
    return original.refusal(
        "INTAKE-SHEET-UNMAPPED",
        f"No mapping fits the headings of this sheet.{seen}",
        "Say on the mapping screen what each column is, or give a mapping with --mapping.",
        "row 1",
    )


def _quoted(texts: list[str]) -> str:
    shown = ", ".join(f"“{text[:40]}”" for text in texts[:6])
    return shown + (" …" if len(texts) > 6 else "")
