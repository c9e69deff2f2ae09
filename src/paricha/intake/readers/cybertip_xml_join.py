"""Files read apart from their report put together with it; pure, on documents of one original."""

from __future__ import annotations

from typing import Any

import msgspec

from paricha.intake.document import FileSeen, Leaf, TipDocument, When


def join(tip: TipDocument, part: TipDocument) -> None:
    """Add the files of a part to the tip, with their sightings and marks. What the tip says already adds nothing."""
    numbers = {}
    for number, file in enumerate(part.files, 1):
        if any(_values(kept) == _values(file) for kept in tip.files if _same_id(kept, file)):
            continue
        tip.files.append(file)
        numbers[f"file {number}"] = f"file {len(tip.files)}"
    if part.files and not numbers:
        return
    for seen in part.sightings:
        if seen.who in numbers:
            tip.sightings.append(msgspec.structs.replace(seen, who=numbers[seen.who]))
    tip.marks += part.marks
    tip.unread += part.unread


def same_said(first: TipDocument, second: TipDocument) -> bool:
    """Whether two parts say the same, wherever it stands."""
    return bool(_values([first.files, first.sightings]) == _values([second.files, second.sightings]))


def file_id(file: FileSeen) -> str | None:
    """The company's id of a file."""
    return next((str(noted.leaf.value) for noted in file.other if noted.field == "fileId"), None)


def _same_id(first: FileSeen, second: FileSeen) -> bool:
    return file_id(first) is not None and file_id(first) == file_id(second)


def _values(node: Any) -> Any:
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, When):
        return node.as_written
    if isinstance(node, list):
        return [_values(item) for item in node]
    if isinstance(node, msgspec.Struct):
        return [_values(getattr(node, name)) for name in node.__struct_fields__]
    return node
