"""Compile a .po file without gettext's msgfmt: contexts, plurals, escapes; fuzzy entries are left out."""

from __future__ import annotations

import ast
import struct
from pathlib import Path


def entries(text: str) -> dict[str, str]:
    """message id (context joined by \\x04, plural by \\x00) → translation, as the .mo format wants them."""
    found: dict[str, str] = {}
    parts: dict[str, str] = {}
    key = ""
    fuzzy = False

    def keep() -> None:
        if "msgid" in parts and not fuzzy:
            name = parts["msgid"]
            if "msgctxt" in parts:
                name = parts["msgctxt"] + "\x04" + name
            if "msgid_plural" in parts:
                name += "\x00" + parts["msgid_plural"]
            forms = [value for label, value in sorted(parts.items()) if label.startswith("msgstr")]
            if any(forms):
                found[name] = "\x00".join(forms)
        parts.clear()

    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if not line:
            keep()
            fuzzy = False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"'):
            parts[key] += ast.literal_eval(line)
        else:
            label, _, value = line.partition(" ")
            if label in {"msgid", "msgctxt"} and "msgid" in parts:
                keep()
                fuzzy = False
            key = label
            parts[key] = ast.literal_eval(value)
    return found


def write_mo(source: Path, target: Path) -> None:
    """Write `target` in GNU's .mo format, little-endian, sorted, without a hash table."""
    pairs = sorted((name.encode(), text.encode()) for name, text in entries(source.read_text(encoding="utf-8")).items())
    start = 7 * 4
    text_at = start + 16 * len(pairs)
    names, texts, blob = [], [], b""
    for column, rows in ((0, names), (1, texts)):
        for pair in pairs:
            rows.append(struct.pack("<II", len(pair[column]), text_at + len(blob)))
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), start, start + 8 * len(pairs), 0, text_at)
    target.write_bytes(head + b"".join(names) + b"".join(texts) + blob)
