"""What the tests of the promised interfaces share: reading one object, the shape of a reading, files made by hand."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

LOCATOR = {"original", "kind", "at"}
REFUSAL = {"file", "place", "what", "remedy", "code"}


def only_object(done) -> dict[str, Any]:
    """What a command with --json printed: one object and nothing else on stdout."""
    assert done.stdout.count("\n") == 1, done.stdout
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def is_refusal(one: dict[str, Any]) -> bool:
    """Whether this is a refusal as promised: five keys, words in `what` and `remedy`, a code in capitals."""
    return (
        set(one) == REFUSAL
        and bool(one["what"] and one["remedy"])
        and re.fullmatch(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+|C\d\d", one["code"]) is not None
    )


def is_reading(one: Any) -> bool:
    """Whether this is a reading as promised: value, locator (original, kind, at), reader and its version."""
    return (
        isinstance(one, dict)
        and set(one) == {"value", "locator", "reader"}
        and set(one["locator"]) == LOCATOR
        and re.fullmatch(r"[a-z0-9-]+/\d+", one["reader"]) is not None
    )


def value(one: Any) -> Any:
    """The value of a reading, None where nothing is stated."""
    assert one is None or is_reading(one), one
    return one["value"] if one else None


def values(many: list[Any]) -> list[Any]:
    return [value(one) for one in many]


def write_json(path: Path, content: Any, mark: bytes = b"") -> Path:
    path.write_bytes(mark + json.dumps(content, ensure_ascii=False).encode())
    return path


def csv_text(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


COUNTS = """
import json
from django.db import connection
told = {}
for name, query in json.loads(%r).items():
    with connection.cursor() as cursor:
        cursor.execute(query)
        told[name] = cursor.fetchone()[0]
print(json.dumps(told))
"""
# Each total of the promise, as anyone with the database would count it.
ROWS = {
    "files": "SELECT COUNT(*) FROM intake_fileread",
    "tips": "SELECT COUNT(*) FROM records_tip",
    "sightings": "SELECT COUNT(*) FROM records_sighting",
    "requests": "SELECT COUNT(*) FROM attribution_request",
    "replies": "SELECT COUNT(*) FROM attribution_replyfile",
    "doors": "SELECT COUNT(*) FROM attribution_door WHERE joined_to_id IS NULL",
    "sites": "SELECT COUNT(*) FROM operations_site",
    "teams": "SELECT COUNT(*) FROM operations_team",
    "packages": "SELECT COUNT(*) FROM operations_package",
    "events": "SELECT COUNT(*) FROM field_fieldevent f WHERE NOT EXISTS "
    "(SELECT 1 FROM field_fieldevent o WHERE o.confirms_id = f.id)",
    "exhibits": "SELECT COUNT(*) FROM exhibits_exhibit",
    "cases": "SELECT COUNT(*) FROM cases_case AS c WHERE NOT EXISTS (SELECT 1 FROM cases_case o WHERE o.corrects_id = c.id)",
    "refused": "SELECT COUNT(*) FROM intake_storedrefusal",
}


def counted(house) -> dict[str, int]:
    return json.loads(house.python(COUNTS % json.dumps(ROWS)))
