"""The walk of the demo, step by step; and its totals, each counted from rows."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from paricha.cli.frame import do_what_is_due
from paricha.grounds import unit as settings_file
from paricha.grounds.refusals import Refused
from paricha.synthetic.state import write_state


def refuse_real_folder() -> None:
    """The demo walks only in a folder of made-up data. Raises `Refused` HOUSE-MARK."""
    from django.conf import settings

    home: Path = settings.HOME
    if settings_file.load(home).installation and not settings.PARICHA.synthetic:
        raise Refused(
            "HOUSE-MARK", "This folder was made for real work; the demo does not walk in it.",
            "Name another folder in PARICHA_HOME.", file=str(home),
        )  # fmt: skip


def walk(*, seed: int, tips: int, say: Any) -> dict[str, Any]:
    """Walk the whole road. Steps already walked in this folder with this seed are not repeated."""
    from django.conf import settings
    from django.core.management import call_command

    from paricha.access.verbs import make_first_officer, make_house_keys
    from paricha.cli.house import _alone, _mark

    home: Path = settings.HOME
    began = time.monotonic()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home):
        _mark(home, True)
        make_house_keys(home)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        first, _key = make_first_officer(home, "First officer", settings.PARICHA.unit_name)
    state = home / "demo" / f"state-{seed}-{tips}"
    mark = home / "demo" / "walked"
    if mark.exists():
        say("The made-up State has walked here already.")
        return {"failed": False, "summary": _summary(seed, 0.0)}
    say(f"A made-up State of {tips} tips is written (seed {seed})")
    write_state(state, tips, seed)
    pack = home / "pack"
    shutil.copytree(state / "files" / "pack", pack, dirs_exist_ok=True)
    _use_pack(home)
    _steps(first, state, pack, say)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{seed} {tips}\n", encoding="utf-8")
    return {"failed": False, "summary": _summary(seed, time.monotonic() - began)}


def _use_pack(home: Path) -> None:
    """The made-up State's pack overrides the shipped one: districts, stations, ranks, operators, services."""
    import msgspec
    from django.conf import settings

    settings.PARICHA = msgspec.structs.replace(settings.PARICHA, pack_override="pack")
    settings_file.save(home, settings.PARICHA)


def _steps(first: Any, state: Path, pack: Path, say: Any) -> None:
    from paricha.cli.demo import evening, morning, road
    from paricha.cli.demo.cast import make_officers, make_units

    say("Units and officers")
    make_units(first, pack)
    cast = make_officers(first, pack)
    do_what_is_due()
    say("Intake")
    road.bring_in(cast, state, say)
    say("Operators")
    road.load_operators(cast, state, say)
    say("The queue")
    road.send_some(cast, say)
    say("Requests and replies")
    road.ask_and_hear(cast, state, say)
    say("Doors")
    road.look_at_doors(cast, state, say)
    say("The operation")
    operation = morning.plan(cast, pack, say)
    say("The morning")
    morning.play(cast, operation, state, say)
    say("The evening")
    evening.close(cast, operation, state, say)
    do_what_is_due()


def totals_of(seed: int) -> dict[str, Any]:
    """The promised object of `paricha demo --json`: every total counted from rows."""
    from paricha.attribution.models import Door, ReplyFile, Request
    from paricha.cases.models import Case
    from paricha.exhibits.models import Exhibit
    from paricha.field.models import FieldEvent
    from paricha.intake.models import FileRead, StoredRefusal
    from paricha.operations.models import Package, Site, Team
    from paricha.records.models import Sighting, Tip

    return {
        "schema": 1,
        "seed": seed,
        "files": FileRead.objects.count(),
        "tips": Tip.objects.count(),
        "sightings": Sighting.objects.count(),
        "requests": Request.objects.count(),
        "replies": ReplyFile.objects.count(),
        "doors": Door.objects.filter(joined_to=None).count(),
        "sites": Site.objects.count(),
        "teams": Team.objects.count(),
        "packages": Package.objects.count(),
        "events": FieldEvent.objects.filter(confirmed_by__isnull=True).count(),
        "exhibits": Exhibit.objects.count(),
        "cases": Case.objects.filter(corrected_by__isnull=True).count(),
        "refused": StoredRefusal.objects.count(),
    }


def _summary(seed: int, seconds: float) -> str:
    """One screen: what came in, what came out, what was refused."""
    from collections import Counter

    from paricha.attribution.models import Door
    from paricha.intake.models import StoredRefusal

    totals = totals_of(seed)
    width = max(len(name) for name in totals)
    rows = [f"  {name:<{width}}  {value:>8}" for name, value in totals.items() if name not in ("schema", "seed")]
    refused = Counter(StoredRefusal.objects.values_list("code", flat=True))
    doors = Counter(Door.objects.filter(joined_to=None).values_list("state", flat=True))
    brief = sorted(Path(os.environ.get("PARICHA_HOME") or settings_file.home_folder()).glob("demo/*brief*.pdf"))
    return "\n".join(
        [
            f"Made-up State, seed {seed}"
            + (f", {seconds:.0f} s" if seconds else "")
            + f", in {settings_file.home_folder()}",
            *rows,
            "  doors:   " + ", ".join(f"{n} {state}" for state, n in sorted(doors.items())),
            "  refused: " + ", ".join(f"{n} {code}" for code, n in sorted(refused.items())),
            *(f"  {file}" for file in brief),
        ]
    )
