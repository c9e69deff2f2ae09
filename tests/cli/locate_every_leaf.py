"""Reads each value of `paricha tips export --jsonl` at its locator again, in a process of the house.

Prints `{"checked": n, "wrong": [[locator, value, text]]}` (at most 20 wrong ones).
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def readings(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if {"value", "locator", "reader"} <= set(node):
            yield node
            return
        for below in node.values():
            yield from readings(below)
    elif isinstance(node, list):
        for below in node:
            yield from readings(below)


def same(value: Any, text: str) -> bool:
    """Whether what stands there says the value: wrapped lines and blanks apart, a date by its own words, a joined value
    by each of its parts."""
    if isinstance(value, dict):  # an instant
        value = value["as_written"]
    if isinstance(value, bool):
        return text.strip().casefold() in (str(value).casefold(), "yes" if value else "no", "1" if value else "0", "")
    plain = [re.sub(r"\s+", "", str(side)).casefold() for side in (value, text)]
    if plain[0] == plain[1] or plain[0] in plain[1]:
        return True
    parts = [part for part in re.split(r"[\s,]+", str(value)) if part]
    return all(part.casefold() in text.casefold() for part in parts)


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
    django.setup()
    from paricha.vault.locating import text_at

    program = Path(sys.executable).parent / "paricha"
    lines = subprocess.run([program, "tips", "export", "--jsonl"], capture_output=True, text=True, check=True).stdout
    checked, wrong = 0, []
    for line in lines.splitlines():
        for reading in readings(json.loads(line)):
            locator = reading["locator"]
            if locator["original"] is None:
                continue  # typed by an officer, at an instant: there is no original to read
            text = text_at(locator["original"], locator["kind"], locator["at"])
            checked += 1
            if not same(reading["value"], str(text)):
                wrong.append([locator, reading["value"], text])
    print(json.dumps({"checked": checked, "wrong": wrong[:20]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
