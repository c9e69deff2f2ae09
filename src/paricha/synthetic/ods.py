"""An OpenDocument sheet, written by hand: text, date and number cells, merged cells, repeated empty ones (ODF 1.2 part 1)."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from paricha.synthetic.output import write_bytes

Cell = str | int | datetime | None
MADE_AT = (2026, 9, 1, 0, 0, 0)
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def zip_bytes(members: list[tuple[str, bytes]], *, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP whose bytes depend on its members only; those named in `stored` are not packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name, MADE_AT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def write_ods(path: Path, sheets: dict[str, list[list[Cell]]], merged: dict[tuple[str, int, int], int]) -> None:
    """Write sheets of rows. `merged`: (sheet, row, column) from 0 -> how many rows that cell spans downwards."""
    tables = "".join(_table(name, rows, merged) for name, rows in sheets.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMES} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    members = [
        ("mimetype", MEDIA_TYPE.encode()),
        ("content.xml", content.encode()),
        ("META-INF/manifest.xml", _MANIFEST.encode()),
    ]
    write_bytes(path, zip_bytes(members, stored=("mimetype",)))


def _table(name: str, rows: list[list[Cell]], merged: dict[tuple[str, int, int], int]) -> str:
    covered = {
        (row + n, column) for (sheet, row, column), rows_ in merged.items() if sheet == name for n in range(1, rows_)
    }
    written = []
    for line, row in enumerate(rows):
        cells, empty = [], 0
        for column, value in enumerate(row):
            if value is None and (line, column) not in covered:
                empty += 1
                continue
            if empty:
                cells.append(f'<table:table-cell table:number-columns-repeated="{empty}"/>')
                empty = 0
            cells.append(
                "<table:covered-table-cell/>"
                if (line, column) in covered
                else _cell(value, merged.get((name, line, column), 1))
            )
        written.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return f'<table:table table:name="{escape(name)}">{"".join(written)}</table:table>'


def _cell(value: Cell, rows: int) -> str:
    span = f' table:number-columns-spanned="1" table:number-rows-spanned="{rows}"' if rows > 1 else ""
    if isinstance(value, datetime):
        said = value.strftime("%Y-%m-%dT%H:%M:%S")
        kind, shown = f'office:value-type="date" office:date-value="{said}"', value.strftime("%d/%m/%Y %H:%M:%S")
    elif isinstance(value, int):
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', str(value)
    return f"<table:table-cell {kind}{span}><text:p>{escape(shown)}</text:p></table:table-cell>"
