"""The watched drop folder: what is copied into it comes in by itself, as a batch of a named officer.

    look()                 # every few seconds, and by `paricha drop-folder look`: sees what lies there
    bring_in(folder)       # a job: what has lain still is kept, added to a batch, and moved to `done/`

A file is taken once its size and time have not changed for a while; names of unfinished copies are left alone. Nothing is
ever deleted, and the same bytes again add nothing. What is remembered between two looks (what lay there, what could not be
read) stands in one file in the data folder; all else is asked of the database, so that a killed run goes on.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.grounds.identity import id_named
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refusal, Refused, path_text
from paricha.intake.bundles import Kept, keep_file
from paricha.intake.models import Batch, FileRead
from paricha.intake.verbs import take_dropped
from paricha.jobs.queue import enqueue

BRING_IN = "intake:bring-in"  # the work that takes what has lain still; arguments {"folder": path}
STILL_S = 10.0  # a file that did not change for so long is whole
AGAIN_S = 60.0  # until a file that could not be read is tried again
TOLD_S = 3600.0  # how long it is told that a file vanished
AT_ONCE, AT_ONCE_BYTES = 500, 256 << 20  # files of one batch
MOST_SEEN = 50_000  # files that one look goes through
DONE = "done"
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".filepart", ".download", ".swp", "~")


class Seen(msgspec.Struct, array_like=True):
    """A file as it lay: size in bytes, time of its last change in nanoseconds, and since when so (seconds, Unix)."""

    size: int
    changed_ns: int
    since: float


class Told(msgspec.Struct):
    """What is remembered of one folder between looks. Names are relative paths, their bytes as Latin-1.

    `left`: brought in, and not to be moved away; `failed`: of those that wait, why they could not be read; `gone`: taken
    away before they could be read, each until a time; `refused`: what the last look and its work tell.
    """

    waiting: dict[str, Seen] = {}
    left: dict[str, Seen] = {}
    failed: dict[str, Refusal] = {}
    gone: list[tuple[float, Refusal]] = []
    refused: list[Refusal] = []
    looked_at: datetime | None = None
    batch: str = ""  # number of the last batch, and its id in hex
    batch_id: str = ""


def folders() -> list[str]:
    """The configured folders."""
    given: str | None = settings.PARICHA.drop_folder
    return [one for one in (given or "").split(os.pathsep) if one]


def officer_in_charge() -> Officer:
    """The officer under whose name files come in. Raises `Refused` INTAKE-DROP-OFFICER."""
    name: str | None = settings.PARICHA.drop_officer
    found = Officer.objects.select_related("unit").filter(active=True)
    one = found.filter(name=name).first() if name else found.filter(first=True).first()
    if one is None:
        raise Refused("INTAKE-DROP-OFFICER", _("There is no officer “{name}” for the drop folder.").format(name=name or "–"),
                      _("Set `drop_officer` to the name of an officer at work."))  # fmt: skip
    return one


# ---- looking ------------------------------------------------------------------------------------------------------
def look(*, at_once: bool = False) -> dict[str, Told]:
    """See what lies in each folder; have taken what has lain still, or with `at_once` all of it.

    Raises `Refused` INTAKE-DROP-OFFICER where nobody is there in whose name it could come in.
    """
    if not folders():
        return {}
    officer = officer_in_charge()
    with _memory(wait=at_once) as remembered:
        for folder in folders() if remembered is not None else []:
            told = remembered.setdefault(folder, Told())
            _look_into(folder, told)
            if at_once:
                for seen in told.waiting.values():
                    seen.since = 0.0
            if any(_is_still(seen) for seen in told.waiting.values()):
                enqueue(BRING_IN, {"folder": folder}, officer=officer, once=hashlib.sha256(folder.encode()).hexdigest())
        return remembered or {}


def _look_into(folder: str, told: Told) -> None:
    now = time.time()
    told.looked_at = timezone.now()
    told.gone = [one for one in told.gone if one[0] > now]
    told.refused = [refusal for _until, refusal in told.gone]
    found: dict[str, Seen] = {}
    try:
        for name, entry in _files(folder):
            if stat.S_ISLNK(entry.st_mode) or not stat.S_ISREG(entry.st_mode):
                told.refused.append(_odd(folder, name))
                continue
            seen = Seen(entry.st_size, entry.st_mtime_ns, now)
            if _same(told.left.get(name), seen):
                told.refused.append(_cannot_move(folder, name, None))
                continue
            before = told.waiting.get(name)
            found[name] = before if before is not None and _same(before, seen) else seen
    except OSError as error:
        told.refused.append(_unreadable(folder, "", error))
    told.waiting = found
    told.failed = {name: one for name, one in told.failed.items() if name in found}
    told.refused += told.failed.values()
    told.left = {name: seen for name, seen in told.left.items() if os.path.lexists(_path(folder, name))}


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """(relative path, its state) of every file that is no unfinished copy, in the byte order of their paths."""
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
    count = 0
    for at, inside, names in os.walk(folder):
        inside[:] = sorted(one for one in inside if not one.startswith(".") and not (at == folder and one == DONE))
        links = [one for one in inside if os.path.islink(os.path.join(at, one))]
        for name in sorted(names + links, key=os.fsencode):
            if name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED):
                continue
            path = os.path.join(at, name)
            count += 1
            if count > MOST_SEEN:
                return
            try:
                yield os.fsencode(os.path.relpath(path, folder)).decode("latin-1"), os.lstat(path)
            except FileNotFoundError:  # gone between the list and the look: a copy was renamed
                continue


def _path(folder: str, name: str) -> bytes:
    """The path of a remembered name."""
    return os.path.join(os.fsencode(folder), name.encode("latin-1"))


def _shown(name: str) -> str:
    return path_text(name.encode("latin-1"))


def _same(one: Seen | None, other: Seen) -> bool:
    return one is not None and (one.size, one.changed_ns) == (other.size, other.changed_ns)


def _is_still(seen: Seen) -> bool:
    return time.time() - seen.since >= STILL_S


# ---- taking -------------------------------------------------------------------------------------------------------
def bring_in(folder: str) -> dict[str, Any]:
    """Take what has lain still in a folder: kept, added to a batch, moved to `done/`. Gives `{"files", "known", "batch"}`.

    Kept first, then written into the batch in one transaction, then moved: a kill in between is made good by the next run,
    which finds the bytes in the batch and only moves the file.
    """
    officer = officer_in_charge()
    with _memory(wait=True) as remembered:
        assert remembered is not None
        told = remembered.setdefault(folder, Told())
        kept: list[Kept] = []
        taken: list[tuple[str, Seen]] = []
        files = known = size = 0
        for name, seen in sorted(told.waiting.items()):
            if not _is_still(seen) or files >= AT_ONCE or size >= AT_ONCE_BYTES:
                continue
            try:
                brought = _keep(folder, name, seen, officer)
            except _Changed:
                seen.since = time.time()
                continue
            except FileNotFoundError as error:
                told.waiting.pop(name)
                told.gone = [*told.gone[-19:], (time.time() + TOLD_S, _unreadable(folder, name, error))]
                told.refused.append(told.gone[-1][1])
                continue
            except OSError as error:
                told.failed[name] = _unreadable(folder, name, error)
                told.refused.append(told.failed[name])
                seen.since = time.time() + AGAIN_S - STILL_S
                continue
            taken.append((name, seen))
            kept += brought
            files, known, size = files + bool(brought), known + (not brought), size + seen.size
        batch = take_dropped(officer, path_text(Path(folder).name), kept, files=files) if kept else None
        if batch is not None:
            told.batch, told.batch_id = batch.number, batch.pk.hex()
        for name, seen in taken:
            told.waiting.pop(name, None)
            told.failed.pop(name, None)
            _move_away(folder, name, seen, told)
    return {"files": files, "known": known, "batch": batch.pk.hex() if batch else None}


class _Changed(Exception):
    """The file is not what the look saw; it waits on."""


def _keep(folder: str, name: str, seen: Seen, officer: Officer) -> list[Kept]:
    """The file's originals, kept; nothing for bytes that are in a batch of the unit already. Raises `OSError`, `_Changed`."""
    handle = os.open(_path(folder, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        _check(file, seen)
        digest = hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]
        if FileRead.objects.filter(original__sha256=digest, batch__unit=officer.unit).exists():
            return []
        file.seek(0)
        kept = keep_file(file, seen.size, name=_shown(name), unit=officer.unit)
        _check(file, seen)
        return kept


def _check(file: BinaryIO | Any, seen: Seen) -> None:
    now = os.fstat(file.fileno())
    if not stat.S_ISREG(now.st_mode) or (now.st_size, now.st_mtime_ns) != (seen.size, seen.changed_ns):
        raise _Changed


def _move_away(folder: str, name: str, seen: Seen, told: Told) -> None:
    """To `done/`, under a name that is free there; what cannot be moved is remembered as brought in."""
    source = Path(os.fsdecode(_path(folder, name)))
    target = Path(folder, DONE, os.fsdecode(name.encode("latin-1")))
    try:
        now = os.lstat(source)
        if (now.st_size, now.st_mtime_ns) != (seen.size, seen.changed_ns):
            return  # it was changed after it was kept: new bytes, which the next look sees
        target.parent.mkdir(parents=True, exist_ok=True)
        free, number = target, 1
        while os.path.lexists(free):
            number += 1
            free = target.with_name(f"{target.stem} ({number}){target.suffix}")
        os.rename(source, free)
    except FileNotFoundError:  # taken away by somebody meanwhile; its bytes are kept
        return
    except OSError as error:
        told.left[name] = seen
        told.refused.append(_cannot_move(folder, name, error))


# ---- what is told -------------------------------------------------------------------------------------------------
def _unreadable(folder: str, name: str, error: OSError) -> Refusal:
    what = _("The drop folder cannot be read: {why}.") if not name else _("The file cannot be read: {why}.")
    return Refusal(
        path_text(_path(folder, name)), None, what.format(why=error.strerror or error),
        _("Check that it is there and that the program may read it; it is tried again by itself."), "INTAKE-PATH",
    )  # fmt: skip


def _odd(folder: str, name: str) -> Refusal:
    return Refusal(
        path_text(_path(folder, name)), None, _("It is a link or no file; it was not followed."),
        _("Copy the file itself into the folder."), "INTAKE-PATH",
    )  # fmt: skip


def _cannot_move(folder: str, name: str, error: OSError | None) -> Refusal:
    why = f" ({error.strerror})" if error is not None and error.strerror else ""
    return Refusal(
        path_text(_path(folder, name)), None,
        _("It was brought in, and cannot be moved to “done”{why}; it lies where it was.").format(why=why),
        _("Let the program write in the folder, or take the file away by hand."), "INTAKE-DROP-LEFT",
    )  # fmt: skip


def status() -> dict[str, Any]:
    """What the command prints: each folder with its last look, what waits, and what could not be read."""
    remembered = _read_memory()
    lines, refusals = [], []
    for folder in folders():
        told = remembered.get(folder, Told())
        refusals += [one.to_plain() for one in told.refused]
        lines.append({
            "folder": path_text(folder), "looked_at": utc_text(told.looked_at) if told.looked_at else None,
            "waiting": len(told.waiting), "last_batch": told.batch or None, "refused": len(told.refused),
        })  # fmt: skip
    return {"schema": 1, "officer": settings.PARICHA.drop_officer, "folders": lines, "refusals": refusals}


def drop_folder_card(officer: Officer) -> dict[str, Any] | None:
    """What `intake/drop_folder_card.html` shows; None where no folder is watched. Only who sees the unit's files sees names."""
    if not folders():
        return None
    why = ""
    try:
        in_charge: Officer | None = officer_in_charge()
    except Refused as refused:
        in_charge, why = None, refused.refusal.what
    remembered = _read_memory()
    sees = in_charge is not None and in_charge.unit.path.startswith(officer.unit.path)
    lines = []
    for folder in folders():
        told = remembered.get(folder, Told())
        batch = Batch.objects.visible_to(officer).filter(pk=id_named(told.batch_id)).first()
        lines.append({
            "name": path_text(Path(folder).name), "looked_at": told.looked_at, "waiting": len(told.waiting),
            "batch": batch, "refused": told.refused[:5] if sees else [],
            "more": max(0, len(told.refused) - 5) if sees else 0,
        })  # fmt: skip
    return {"officer": in_charge, "why": why, "folders": lines}


# ---- memory -------------------------------------------------------------------------------------------------------
def _place() -> Path:
    return Path(settings.HOME) / "spool" / "drop-folder.json"


def _read_memory() -> dict[str, Told]:
    try:
        return msgspec.json.decode(_place().read_bytes(), type=dict[str, Told])
    except (OSError, msgspec.MsgspecError):  # none yet, or half written by a power cut: the next look makes it anew
        return {}


@contextmanager
def _memory(*, wait: bool) -> Iterator[dict[str, Told] | None]:
    """What is remembered, for one process at a time; written back whole, by renaming. Without `wait` None while it is held."""
    place = _place()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with open(place.with_suffix(".lock"), "a") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        remembered = _read_memory()
        try:
            yield remembered
        finally:
            half = place.with_suffix(".half")
            half.write_bytes(msgspec.json.encode(remembered))
            half.chmod(0o600)
            os.replace(half, place)
