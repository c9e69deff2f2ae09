"""What can be done with operators' files: bring one in. Every file is kept, as of its day."""

from __future__ import annotations

import csv
import hashlib
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.readers import operator_tables as reader
from paricha.operators import store
from paricha.operators.events import Event
from paricha.operators.models import FileKind, OperatorFile, TableLine
from paricha.vault.store import keep


class Imported:
    """What an import brought: the file, whether it was new, and the rows that were refused."""

    def __init__(self, file: OperatorFile, new: bool, refusals: list[Refusal]):
        self.file, self.new, self.refusals = file, new, refusals


@verb(may=Right.OPERATORS, event=Event.SNAPSHOT_IMPORTED)
def import_file(officer: Officer, data: bytes, *, name: str, as_of: date, source: str) -> Imported:
    """Bring in a snapshot, a table or an exits list. The same file again adds nothing. Raises `Refused`."""
    kind = _kind(data, name)
    if as_of > timezone.now().date():
        raise Refused(
            "OPERATORS-DATE", _("The as-of date {day} lies in the future.").format(day=as_of),
            _("Give the day on which the file was made."), file=name,
        )  # fmt: skip
    rows, bad = store.good_rows(data, kind)
    refusals = [
        Refusal(
            name, _("line {line}").format(line=line), what + ".", _("Correct the row and import the file again."), code
        )
        for line, code, what in bad
    ]
    note_facts(kind=kind, rows=len(rows), as_of=as_of.isoformat())
    sha256 = hashlib.sha256(data).hexdigest()
    known = OperatorFile.objects.filter(kind=kind, source=source, as_of=as_of, original=sha256).first()
    if known is not None:
        touch("operatorfile", known)
        return Imported(known, False, refusals)
    keep(data, name=name, unit=officer.unit)
    file = OperatorFile.objects.create(
        kind=kind, source=source, as_of=as_of, original=sha256, name=name, rows=len(rows), imported_by=officer
    )
    if kind == FileKind.TABLE:
        keep_lines(file, rows)
    else:
        store.write(file.id, rows)
    touch("operatorfile", file)
    return Imported(file, True, refusals)


def keep_lines(file: OperatorFile, rows: list[reader.Line]) -> None:
    """The table's rows as read; called by the import and by rebuild."""
    TableLine.objects.bulk_create(
        [
            TableLine(
                file=file, line=row.line, operator=row.operator, name=row.name, asn=row.asn, since=row.since,
                until=row.until, kind=row.kind, shared_ipv4=row.shared_ipv4, ipv6_prefix=row.ipv6_prefix, layout=row.layout,
            )
            for row in rows
        ]
    )  # fmt: skip


def _kind(data: bytes, name: str) -> str:
    try:
        kind, header = reader.rows_of(data)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "OPERATORS-FILE-UNREADABLE", _("The file is no CSV in UTF-8."), _("Save it as CSV, UTF-8."), file=name
        ) from error
    if kind is None:
        raise Refused(
            "OPERATORS-FILE-UNKNOWN",
            _("The header “{header}” is none of the three operator files.").format(header=",".join(header)[:200]),
            _("The first line must be one of: {headers}.").format(
                headers=" · ".join(",".join(columns) for columns in reader.KINDS.values())
            ),
            file=name,
            place=_("line 1"),
        )
    return kind
