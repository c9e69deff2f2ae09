"""Small files that must be refused, or read only as far as they are sound; `truth/bad.jsonl` says which and why."""

import json
from pathlib import Path

from paricha.synthetic.output import write_bytes, write_jsonl
from paricha.synthetic.reports import Report
from paricha.synthetic.tips_json import Writer

BROKEN_LETTERS = (
    b'{"reportId": 989000005, "informational": false, "dateReceived": "2026-05-01T10:00:00Z", '
    b'"reportedInformation": {"reportingEsp": {"espName": "Ex\xff\xfeample"}}}\n'
)


def write_bad(seed: int, reports: list[Report], files: Path, truth: Path) -> int:
    """Write the bad files; gives how many there are."""
    folder = files / "bad"
    document = json.dumps(Writer(seed, next(r for r in reports if r.json)).document(), ensure_ascii=False).encode()
    sheet = (files / "sheets" / "register-national.xlsx").read_bytes()
    rows = [
        ("truncated.json", document[: len(document) // 2], "cut in the middle", "refused"),
        (
            "wrong-extension.pdf",
            b'{"reportId": 989000001, "informational": false, "reportedInformation": {}}\n',
            "a tip under a wrong extension",
            "read by content: tip 989000001",
        ),
        ("not-a-sheet.xlsx", b"This is a line of text, not a sheet.\n", "text under a sheet's extension", "refused"),
        ("nested.json", b"[" * 20_000 + b"]" * 20_000, "20,000 levels of nesting", "refused"),
        (
            "nested-object.json",
            b'{"reportId":989000002,"a":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
            "5,000 levels of objects",
            "refused",
        ),
        (
            "duplicate-key.json",
            b'{"reportId": 989000003, "reportId": 989000004, "informational": false}\n',
            "one key twice with different values",
            "refused",
        ),
        ("cut.xlsx", sheet[: len(sheet) * 2 // 3], "a sheet cut in the middle", "refused"),
        ("alone.txt", b"Please see the attached reports.\n", "a lone text file", "refused"),
        ("empty-list.json", b"[]\n", "an empty list", "coverage line with 0 tips"),
        ("empty.json", b"", "an empty file", "refused"),
        (
            "broken-letters.json",
            BROKEN_LETTERS,
            "bytes that are not UTF-8",
            "refused, or read without the damaged value",
        ),
        (
            "not-a-number.json",
            b'{"reportId": 989000006, "informational": false, "reportedInformation": {"incidentSummary": {"incidentType": NaN}}}\n',
            "NaN",
            "refused, or read without the damaged value",
        ),
    ]
    for name, data, _, _ in rows:
        write_bytes(folder / name, data)
    write_jsonl(
        truth / "bad.jsonl",
        [{"file": f"bad/{name}", "what": what, "expected": expected} for name, _, what, expected in rows],
    )
    return len(rows)
