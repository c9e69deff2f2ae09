"""What this machine lacks, each with a remedy. Reads only; says "not known" where it can't tell."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused

FREE_BYTES = 10 << 30
WARN_DAYS = 30  # before a certificate ends
BACKUP_HOURS = 26
SILENT_S = 120  # the clock notes itself every half minute


class Check(msgspec.Struct, frozen=True):
    """`state`: good, warn or lack. `words`: what was found; `remedy`: what to do, empty when good."""

    name: str
    state: str
    words: str
    remedy: str = ""

    def to_plain(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state, "words": self.words, "remedy": self.remedy}


def examine() -> list[Check]:
    """Every check, in the order in which an administrator would act."""
    return [check() for check in CHECKS]


# ---- the machine ------------------------------------------------------------------------------------------------
def disk_encryption() -> Check:
    """Whether the data folder lies on an encrypted block device (device mapper of kind CRYPT)."""
    home = Path(settings.HOME)
    device = home.stat().st_dev
    kind = _encrypted(f"{os.major(device)}:{os.minor(device)}")
    remedy = _("Move the data folder to a LUKS volume; originals are sealed, the database and the keys are not.")
    if kind is None:
        return Check(
            "disk encryption",
            "warn",
            _("It cannot be told whether the disk of {home} is encrypted.").format(home=home),
            remedy,
        )
    if kind:
        return Check("disk encryption", "good", _("The data folder lies on an encrypted disk."))
    return Check("disk encryption", "lack", _("The disk of {home} is not encrypted.").format(home=home), remedy)


def _encrypted(device: str) -> bool | None:
    node = Path("/sys/dev/block") / device
    if not node.exists():
        return None  # an overlay, a network disk: the kernel does not say
    uuid = node / "dm" / "uuid"
    if uuid.exists() and uuid.read_text().startswith("CRYPT-"):
        return True
    below = [
        found
        for slave in (node / "slaves").glob("*")
        if (found := _encrypted((slave / "dev").read_text().strip())) is not None
    ]
    return bool(below) and all(below)


def swap() -> Check:
    """What is swapped out holds keys and originals in clear."""
    try:
        lines = Path("/proc/swaps").read_text().splitlines()[1:]
    except OSError:
        lines = []
    open_ones = [name for name in (line.split()[0] for line in lines) if not _swap_is_closed(name)]
    if open_ones:
        return Check("swap", "lack", _("Memory is swapped to {name} in clear.").format(name=open_ones[0]),
                     _("Encrypt the swap, or switch it off with swapoff."))  # fmt: skip
    return Check("swap", "good", _("No memory is swapped out in clear."))


def _swap_is_closed(name: str) -> bool:
    if "zram" in name:
        return True
    try:
        state = os.stat(name)
    except OSError:
        return False
    device = state.st_rdev if stat.S_ISBLK(state.st_mode) else state.st_dev
    return _encrypted(f"{os.major(device)}:{os.minor(device)}") is True


def free_space() -> Check:
    usage = shutil.disk_usage(settings.HOME)
    words = _("{free} of {total} GB are free.").format(free=usage.free >> 30, total=usage.total >> 30)
    if usage.free < FREE_BYTES:
        return Check("free space", "lack", words, _("Make room: when the disk is full nothing new is kept."))
    return Check("free space", "good", words)


def clock() -> Check:
    """adjtimex(2): 5 means that nothing keeps the clock true."""
    buffer = ctypes.create_string_buffer(512)
    try:
        unsynchronised = ctypes.CDLL(None).adjtimex(buffer) == 5
    except (OSError, AttributeError):
        return Check(
            "clock",
            "warn",
            _("It cannot be told whether the clock is kept true."),
            _("Run chrony or systemd-timesyncd."),
        )
    if unsynchronised:
        return Check(
            "clock", "warn", _("Nothing keeps this machine’s clock true."), _("Run chrony or systemd-timesyncd.")
        )
    return Check("clock", "good", _("The machine’s clock is kept true."))


# ---- the data folder --------------------------------------------------------------------------------------------
def permissions() -> Check:
    """Keys are the owner's alone."""
    home = Path(settings.HOME)
    wide = [
        str(file.relative_to(home))
        for file in [
            home / "keys",
            *sorted((home / "keys").rglob("*")),
            home / "vault",
            *sorted((home / "vault").glob("*")),
        ]
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if wide:
        return Check("permissions", "lack", _("{file} is open to others.").format(file=", ".join(wide[:3])),
                     _("Run `chmod -R go= {folder}`.").format(folder=f"{home}/keys {home}/vault"))  # fmt: skip
    return Check("permissions", "good", _("Keys and originals are readable by their owner alone."))


def certificate() -> Check:
    from paricha.site import tls

    host = settings.PARICHA.host
    if host == "localhost":
        return Check("trusted name", "warn", _("The workplace is served on this machine only."),
                     _("`paricha tls make NAME` makes the name that phones and other desks need."))  # fmt: skip
    try:
        trust = tls.trust_of(settings.HOME, host)
    except Refused as refused:
        return Check("trusted name", "lack", refused.refusal.what, refused.refusal.remedy)
    if not trust.stands:
        return Check("trusted name", "lack", _("{host} has no certificate.").format(host=host),
                     _("Run `paricha tls make {host}`.").format(host=host))  # fmt: skip
    left = trust.until() - datetime.now(UTC)
    words = _("The certificate of {host} lasts {days} more days.").format(host=host, days=left.days)
    if left < timedelta(days=WARN_DAYS):
        # Renewed at two thirds by whoever serves: 30 days or less mean that nobody did.
        return Check(
            "trusted name",
            "lack",
            words,
            _("Start `paricha serve --host {host}`; phones send nothing once it is over.").format(host=host),
        )
    return Check("trusted name", "good", words)


def backup() -> Check:
    from paricha.audit.models import AuditRow
    from paricha.vault.events import Event

    last = AuditRow.objects.filter(event=str(Event.BACKUP_MADE)).order_by("-at_ns").first()
    remedy = _("Run `paricha backup --to FILE --recipient KEY` each night, and keep it elsewhere.")
    if last is None:
        return Check("backup", "lack", _("No backup of this folder was ever made."), remedy)
    hours = (time.time_ns() - last.at_ns) / 3.6e12
    words = _("The last backup was made {hours} hours ago.").format(hours=round(hours))
    return Check("backup", "lack", words, remedy) if hours > BACKUP_HOURS else Check("backup", "good", words)


def database() -> Check:
    from paricha.vault.upgrading import pending

    waiting = pending()
    if waiting:
        return Check("database", "lack", _("{n} changes of the database wait.").format(n=len(waiting)),
                     _("Make a backup, then run `paricha upgrade`."))  # fmt: skip
    return Check("database", "good", _("The database fits this program."))


def packs() -> Check:
    """Every pack of the journal lies in the folder."""
    from paricha.vault import packs as files
    from paricha.vault.models import Pack

    missing = [
        pack.name for pack in Pack.objects.filter(end__gt=0) if not all(f.exists() for f in files.paths(pack.name))
    ]
    if missing:
        return Check("originals", "lack", _("{n} packs of originals are missing.").format(n=len(missing)),
                     _("Run `paricha verify-originals`, and restore the vault from a backup."))  # fmt: skip
    return Check("originals", "good", _("Every pack of originals is there."))


# ---- the running house ------------------------------------------------------------------------------------------
def worker() -> Check:
    from paricha.jobs.models import Job, State, Tick

    tick = Tick.objects.filter(name="jobs:stamp").first()
    waiting = Job.objects.filter(state=State.WAITING, not_before__lt=timezone.now() - timedelta(minutes=10)).count()
    if tick is None or timezone.now() - tick.at > timedelta(seconds=SILENT_S):
        return Check(
            "serve", "warn", _("Nobody serves this folder now; the clock stands still."), _("Start `paricha serve`.")
        )
    if waiting:
        return Check("serve", "lack", _("{n} jobs have waited for more than ten minutes.").format(n=waiting),
                     _("Look at the list of jobs; start `paricha serve` with more --workers."))  # fmt: skip
    return Check("serve", "good", _("The clock runs, and no job waits."))


def scheduled() -> Check:
    from paricha.jobs.models import Tick

    failing = Tick.objects.exclude(why="").first()
    if failing is not None:
        return Check("scheduled work", "lack", _("{name} fails: {why}").format(name=failing.name, why=failing.why[:160]),
                     _("Find the reference in the log of `paricha serve`."))  # fmt: skip
    return Check("scheduled work", "good", _("No scheduled work fails."))


def stamped() -> Check:
    from paricha.audit.models import Unstamped

    first = Unstamped.objects.select_related("row").order_by("row__at_ns").first()
    if first is None:
        return Check("stamps", "good", _("Every row of the log is stamped."))
    minutes = (time.time_ns() - first.row.at_ns) / 6e10
    words = _("Rows of the log have waited {minutes} minutes for their stamp.").format(minutes=round(minutes, 1))
    return (
        Check("stamps", "lack", words, _("Start `paricha serve`; any command stamps too."))
        if minutes > 1
        else Check("stamps", "good", words)
    )


def first_officer() -> Check:
    from paricha.access.models import Officer
    from paricha.access.rights import Role

    first = Officer.objects.filter(first=True, active=True).first()
    if first is not None and len(first.roles) == len(Role):
        return Check("first officer", "warn", _("{name} still holds every role.").format(name=first.name),
                     _("Add officers, then give roles up: two signatures need two people."))  # fmt: skip
    return Check("first officer", "good", _("No officer holds every role."))


def server_keys() -> Check:
    from paricha.access.models import OfficerKey

    count = OfficerKey.objects.filter(on_server=True, revoked_at__isnull=True).count()
    if count:
        return Check("keys on the server", "warn", _("{n} officers’ keys lie in the data folder.").format(n=count),
                     _("Enrol passkeys or key files kept elsewhere, then revoke these; release and deletion refuse them."))  # fmt: skip
    return Check("keys on the server", "good", _("No officer’s key lies in the data folder."))


# ---- the program ------------------------------------------------------------------------------------------------
def fonts() -> Check:
    screens = Path(str(find_spec("paricha.screens").origin)).parent  # type: ignore[union-attr]
    lacking = [name for name in ("manjari-400.ttf", "inter-400.ttf") if not (screens / "fonts" / name).exists()]
    if lacking or not (screens / "static" / "built").is_dir():
        return Check(
            "fonts and scripts", "lack", _("Fonts or scripts of the pages are not built."), _("Run `make front`.")
        )
    return Check("fonts and scripts", "good", _("Fonts for Malayalam, Hindi and Latin letters are there."))


CHECKS: tuple[Callable[[], Any], ...] = (
    disk_encryption, swap, free_space, clock, permissions, certificate, backup, database, packs, worker, scheduled,
    stamped, first_officer, server_keys, fonts,
)  # fmt: skip
