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
