"""Writes docs/reference/*.md from the code: commands, settings, refusals, rights, checks, formats, events.

`python tools/write_reference.py` writes them; with `--check` it names the pages that are not up to date and writes
nothing. What has no registry yet (a room that is not built) has no page.
"""

import atexit
import importlib
import inspect
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import check_types

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Written by tools/write_reference.py from the code; change it there and run `make docs`. -->"


def start_django() -> None:
    """Settings on an empty temporary folder, unless the caller (a test) has set Django up already."""
    import django
    from django.conf import settings

    if not settings.configured:
        home = tempfile.mkdtemp(prefix="paricha-docs-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        os.environ["PARICHA_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
        django.setup()


def all_modules(package: str = "paricha") -> Iterator[Any]:
    """Every module of ours in the rooms that are built, imported, so that what registers itself is registered."""
    from paricha.site import rooms

    unbuilt = {f"paricha.{room}" for room in set(rooms.ROAD) - set(rooms.built())}
    for name in check_types.modules():
        parts = name.split(".")
        inside = name == package or name.startswith(f"{package}.")
        if inside and parts[-1] != "__main__" and ".".join(parts[:2]) not in unbuilt:
            yield importlib.import_module(name)


def sentence(text: str | None) -> str:
    """The first sentence (paragraph) of a docstring, on one line."""
    return re.sub(r"\s+", " ", (text or "").strip().split("\n\n")[0])


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


# ---- one page each ----------------------------------------------------------------------------------------------
def commands_page() -> str:
    lines = [
        "# Commands",
        "",
        "`paricha --help` says the same in the terminal. Exit codes: 0 all done; 1 done, something refused (listed);",
        "2 wrong use; 3 could not start (disk, database, key, authority).",
        "",
    ]
    for name, command in walk_commands():
        lines += [f"## paricha {name}", "", sentence(command.help) or "(not described)", ""]
        options = sorted((o for o in command.params if not getattr(o, "hidden", False)), key=_order)
        if options:
            lines += ["| argument | meaning |", "|---|---|"]
            lines += [row(_spelling(option), _meaning(option)) for option in options]
            lines.append("")
    return "\n".join(lines)


def walk_commands() -> list[tuple[str, Any]]:
    """(`officers add`, command) for every command that does something; groups are only ways to them."""
    import click

    from paricha.cli import main as program

    program._collect()

    def walk(prefix: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            if command.invoke_without_command and prefix:
                yield prefix, command
            for name, below in sorted(command.commands.items()):
                yield from walk(f"{prefix} {name}".strip(), below)
        else:
            yield prefix, command

    return list(walk("", program.main))


SHARED_OPTIONS = {
    "as_json": "One object on stdout and nothing else; words for people go to stderr.",
    "key": "The key file of the officer who acts; also by `PARICHA_KEY`; else the first officer's key of the folder.",
    "as_name": "Made-up data only: act as the officer of this name (not for signatures).",
}


def _order(option: Any) -> int:
    """Arguments first, then the command's own options, then those that every command has."""
    import click

    return 0 if isinstance(option, click.Argument) else 2 if option.name in SHARED_OPTIONS else 1


def _spelling(option: Any) -> str:
    import click

    if isinstance(option, click.Argument):
        return f"`{option.human_readable_name}{'…' if option.nargs == -1 else ''}`"
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(click.Command('x')))}"
    return f"`{'`, `'.join(option.opts)}{value}`"


def _meaning(option: Any) -> str:
    words = SHARED_OPTIONS.get(option.name) or getattr(option, "help", None) or ""
    if option.required:
        words = f"{words} Required.".strip()
    return words


def settings_page() -> str:
    from paricha.grounds.unit import UnitSettings

    lines = ["# Settings", "",
             "One file, `paricha.toml`, in the data folder (`PARICHA_HOME`, default `~/.local/share/paricha`). A variable",
             "`PARICHA_` + the name in capitals overrides it; lists are separated by commas.", "",
             "| setting | default | variable |", "|---|---|---|"]  # fmt: skip
    fields = UnitSettings.__struct_fields__
    defaults = dict(
        zip(fields[-len(UnitSettings.__struct_defaults__) :], UnitSettings.__struct_defaults__, strict=True)
    )
    for name in fields:
        variable = "–" if name == "synthetic" else f"`PARICHA_{name.upper()}`"
        lines.append(row(f"`{name}`", f"`{_toml(defaults.get(name))}`", variable))
    words = re.sub(r"\s+", " ", (UnitSettings.__doc__ or "").split("\n\n", 1)[-1])
    described = dict(re.findall(r"`(\w+)`: (.*?)(?= `\w+`: |$)", words.strip()))
    for name in fields:
        lines += ["", f"## {name}", "", _capital(described.get(name) or PLAIN_SETTINGS.get(name, ""))]
    lines += ["", "## The environment", "", "| variable | meaning |", "|---|---|"]
    lines += [row(f"`{name}`", words) for name, words in ENVIRONMENT.items()]
    return "\n".join(lines) + "\n"


PLAIN_SETTINGS = {
    "unit_name": "name of the unit, as it stands on screens and papers.",
    "port": "port that `paricha serve` listens on.",
    "drop_folder": "folder whose new files are read by themselves; not set: none is watched.",
}
ENVIRONMENT = {
    "PARICHA_HOME": "The data folder.",
    "PARICHA_DATABASE_URL": "`postgresql://user@host/name`, or `…?host=/socket/folder`; empty: SQLite in the data folder.",
    "PARICHA_KEY": "The key file of the officer who acts on the command line.",
    "PARICHA_KEY_PASSPHRASE": "Its passphrase, where it has one.",
    "PARICHA_NO_SERVE": "`1`: `paricha demo` ends with its totals and serves nothing.",
}


def _toml(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def refusals_page() -> str:
    from paricha.grounds.refusals import CODES

    list(all_modules())
    lines = ["# Refusals", "",
             "A refusal says what could not be done, in which file and place, and what to do about it. Its code is stable:",
             "scripts may depend on it. The original is kept in every case.", ""]  # fmt: skip
    room = ""
    for code in sorted(CODES):
        if code.split("-")[0] != room:
            room = code.split("-")[0]
            lines += [f"## {room.capitalize()}", ""]
        lines += [f"### {code}", "", CODES[code], ""]
    return "\n".join(lines)


def rights_page() -> str:
    from paricha.access.rights import ROLE_RIGHTS, Right

    list(all_modules())
    verbs = verbs_by_right()
    lines = ["# Rights and roles", "",
             "A role is a job in the unit; a right is a thing one may do. What an officer *sees* follows his unit and his",
             "compartments, whatever his rights are.", "", "| role | rights |", "|---|---|"]  # fmt: skip
    lines += [
        row(role.value, ", ".join(sorted(right.value for right in rights))) for role, rights in ROLE_RIGHTS.items()
    ]
    for right in Right:
        roles = ", ".join(role.value for role, rights in ROLE_RIGHTS.items() if right in rights) or "no role"
        lines += ["", f"## {right.value}", "", f"Held by: {roles}."]
        for name, words, signed in verbs.get(right, []):
            lines.append(f"- `{name}`: {words}{' Signed with the officer’s own key.' if signed else ''}")
    return "\n".join(lines) + "\n"


def verbs_by_right() -> dict[Any, list[tuple[str, str, bool]]]:
    """Right -> (name, first sentence, signed) of each verb that needs it."""
    found: dict[Any, set[tuple[str, str, bool]]] = {}
    for name, module in list(sys.modules.items()):
        if not name.startswith("paricha."):
            continue
        for act in vars(module).values():
            if callable(act) and hasattr(act, "verb_right") and act.__module__ == name:
                spelled = f"{name.removeprefix('paricha.')}.{act.__name__}"
                found.setdefault(act.verb_right, set()).add((spelled, sentence(act.__doc__), act.verb_signed))
    return {right: sorted(acts) for right, acts in found.items()}


def events_page() -> str:
    from paricha.audit.events import EventName

    list(all_modules())
    lines = ["# Events", "",
             "Each verb and each audited read leaves one event in the log, which is also the feed that rooms follow.",
             "An event carries ids, counts and codes, never values of a case.", ""]  # fmt: skip
    kinds = {kind.__module__: kind for kind in EventName.__subclasses__()}
    for module in sorted(kinds):
        lines += [f"## {module.split('.')[1].capitalize()}", ""]
        lines += [f"- `{event.value}`" for event in kinds[module]]
        lines.append("")
    return "\n".join(lines)


def all_checks() -> dict[str, Any]:
    """The checks of a door: the dictionary of code -> check that a module of `attribution` keeps."""
    for _, module in modules_of("paricha.attribution"):
        for value in vars(module).values():
            if isinstance(value, dict) and value and all(re.fullmatch(r"C\d\d", str(code)) for code in value):
                return {str(code): check for code, check in value.items()}
    return {}


def checks_page() -> str | None:
    registry = all_checks()
    if not registry:
        return None
    lines = [
        "# Checks of a door",
        "",
        "Each check passes, warns, holds (for a named human) or blocks, always with its reason. A check that is not in",
        "this list is not built: it is absent from a door, never passed.",
        "",
    ]
    grades = {"B": "blocks", "H": "holds", "W": "warns"}
    for code, found in sorted(registry.items()):
        rule = found if inspect.isfunction(found) else _first(found, "rule", "function", "run", "judge", "act")
        words = sentence(_first(found, "words", "title") or getattr(rule, "__doc__", None) or found.__doc__)
        lines += [f"## {code}", "", words]
        severity, source = _first(found, "severity"), _first(found, "source")
        if severity is not None:
            grade = str(getattr(severity, "value", severity))
            lines += ["", f"When it does not pass, it {grades.get(grade, grade)} at most."]
        if source:
            lines += ["", f"Source: {str(source).rstrip('.')}."]
        lines.append("")
    return "\n".join(lines)


def _first(thing: Any, *names: str) -> Any:
    return next((value for name in names if (value := getattr(thing, name, None)) is not None), None)


def all_readers() -> list[tuple[str, int, str]]:
    """(name, version, what it reads) of each reader: a class with `name` and `version`, or a module with NAME, VERSION."""
    found = set()
    for where, module in modules_of("paricha.intake.readers"):
        if isinstance(getattr(module, "NAME", None), str) and isinstance(getattr(module, "VERSION", None), int):
            found.add((module.NAME, module.VERSION, sentence(module.__doc__)))
        for kind in vars(module).values():
            own = isinstance(kind, type) and kind.__module__ == where
            if own and isinstance(getattr(kind, "name", None), str) and isinstance(getattr(kind, "version", None), int):
                found.add((kind.name, kind.version, sentence(kind.__doc__)))
    return sorted(found)


def formats_page() -> str | None:
    readers = all_readers()
    if not readers:
        return None
    lines = ["# Formats that are read", "", "A file is recognised by its content, never by its name.", ""]
    for name, version, words in readers:
        lines += [f"## {name}", "", f"Version {version}. {words}", ""]
    return "\n".join(lines)


def modules_of(package: str) -> list[tuple[str, Any]]:
    """(name, module) of a room's modules, imported; none where the room is not built."""
    return [(module.__name__, module) for module in all_modules(package)]


WRITERS: dict[str, Callable[[], str | None]] = {
    "commands": commands_page,
    "settings": settings_page,
    "refusals": refusals_page,
    "rights": rights_page,
    "checks": checks_page,
    "formats": formats_page,
    "events": events_page,
}


def pages() -> dict[Path, str]:
    """File -> text of every reference page that can be written now."""
    start_django()
    written = {PAGES / f"{name}.md": write() for name, write in WRITERS.items()}
    return {file: f"{MADE}\n\n{text.rstrip()}\n" for file, text in written.items() if text is not None}


def main() -> int:
    stale = []
    for file, text in pages().items():
        if not file.exists() or file.read_text() != text:
            stale.append(file.relative_to(ROOT))
            if "--check" not in sys.argv[1:]:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
    for name in stale:
        print(f"{name}: {'not up to date; run `make docs`' if '--check' in sys.argv[1:] else 'written'}")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
