"""Runs mypy, strict, on all pure code: every module of ours that reaches no Django, also not through another module.

`python tools/check_types.py --list` only names the modules. A module can't slip out of strictness unseen: what turns
impure in a folder that must be pure fails in `lint-imports`.
"""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
# Pure modules that are not typed strictly, each with why.
NOT_STRICT = {"paricha.audit.audit_verifier": "a stand-alone program, kept short enough to be read in court"}
FRAMEWORKS = {"django", "ninja", "allauth", "django_htmx"}


def modules() -> dict[str, Path]:
    """Dotted name -> file, for all of `paricha` but migrations."""
    found = {}
    for file in sorted((SOURCE / "paricha").rglob("*.py")):
        if "migrations" in file.parts:
            continue
        parts = file.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(file: Path) -> set[str]:
    """What a module imports, at any depth of its code (an import inside a function is still a dependency)."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def pure_modules() -> dict[str, Path]:
    """The modules that reach no framework."""
    files = modules()
    reaches = {name: imported(file) for name, file in files.items()}
    impure = {name for name, names in reaches.items() if any(n.split(".")[0] in FRAMEWORKS for n in names)}
    while True:
        more = {name for name, names in reaches.items() if name not in impure and names & impure}
        if not more:
            return {name: file for name, file in files.items() if name not in impure}
        impure |= more


def main() -> int:
    pure = pure_modules()
    if "--list" in sys.argv[1:]:
        print("\n".join(pure))
        return 0
    files = [str(file.relative_to(ROOT)) for name, file in pure.items() if name not in NOT_STRICT]
    mypy = Path(sys.executable).parent / "mypy"
    return subprocess.run([mypy, "--strict", "--no-warn-unused-ignores", *files], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
