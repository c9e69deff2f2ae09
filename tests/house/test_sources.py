"""What may not stand in the repository: real addresses, real mail, copyleft imports, a lock that has gone stale."""

import importlib.metadata
import ipaddress
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.house.test_rooms import ROOT, committed

TEXTS = {".py", ".md", ".toml", ".ts", ".html", ".json", ".jsonl", ".csv", ".txt", ".typ", ".po", ".svg"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# RFC 5737, 2544, 3849 and what is no one's: this machine, private networks, unspecified, multicast.
FREE = [
    ipaddress.ip_network(text)
    for text in (
        "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15 127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 "
        "100.64.0.0/10 169.254.0.0/16 0.0.0.0/8 224.0.0.0/4 255.0.0.0/8 240.0.0.0/4 192.0.0.0/24 192.88.99.0/24"
    ).split()
]
# Files that must name other addresses, each with why.
REAL_ADDRESSES = {"tests/operators/test_ranges.py": "the first address after the RFC 2544 block, as the end of a range"}
MAIL_DOMAINS = ("example", "example.com", "example.org", "example.net", "invalid", "test", "localhost")


def texts() -> list[tuple[str, str]]:
    lock_files = ("uv.lock", "package-lock.json", "NOTICE", "LICENSE")
    return [
        (name, (ROOT / name).read_text(errors="replace"))
        for name in committed()
        if Path(name).suffix in TEXTS and name not in lock_files
    ]


def test_addresses_are_those_set_aside_for_documentation():
    found = []
    for name, text in texts():
        if name in REAL_ADDRESSES:
            continue
        for match in re.finditer(r"(?<![\d.\w-])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.\w])", text):
            try:
                address = ipaddress.ip_address(match[1])
            except ValueError:
                continue
            if not any(address in network for network in FREE):
                found.append(f"{name}: {match[1]}")
    assert found == [], "use RFC 5737 or RFC 2544 addresses, or list the file with its reason"


def test_mail_addresses_are_of_no_one():
    found = {
        f"{name}: {match[0]}"
        for name, text in texts()
        for match in re.finditer(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})\b", text)
        if not any(f".{match[1].lower()}".endswith(f".{domain}") for domain in MAIL_DOMAINS)
    }
    assert found == set(), "use example.com"


def runtime_packages() -> set[str]:
    """What is installed with the program: its dependencies, and theirs."""
    left_out = {Requirement(line).name for line in PROJECT["tool"]["uv"]["override-dependencies"]}
    seen: set[str] = set(left_out)
    waiting = [("paricha", frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        for line in importlib.metadata.requires(name) or []:
            need = Requirement(line)
            environments = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if need.marker and not any(need.marker.evaluate(environment) for environment in environments):
                continue
            if need.name.lower() not in seen:
                seen.add(need.name.lower())
                waiting.append((need.name, frozenset(need.extras)))
    return seen - left_out


@pytest.mark.parametrize("package", sorted(runtime_packages()))
def test_no_library_under_gpl_or_agpl_comes_with_the_program(package: str):
    about = importlib.metadata.metadata(package)
    said = about.get("License-Expression") or " ".join(
        [(about.get("License") or "")[:200], *[c for c in about.get_all("Classifier") or [] if c.startswith("License")]]
    )
    # numpy and scipy name the GPL of libgfortran, which its runtime exception frees; LGPL may be imported.
    without = re.sub(r"\bLGPL[\w.-]*|GNU Lesser[\w ()+.]*|GPL-3.0[\w-]* WITH GCC-exception-3.1", "", said)
    assert not re.search(r"\bA?GPL|GNU (Affero )?General Public", without), said


def test_the_lock_file_holds_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    own = next(package for package in lock["package"] if package["name"] == "paricha")["metadata"]
    asked = {(Requirement(line).name, Requirement(line).specifier) for line in project["project"]["dependencies"]}
    assert {(need["name"], SpecifierSet(need.get("specifier", ""))) for need in own["requires-dist"]} == asked
    for group, lines in project["dependency-groups"].items():
        names = {Requirement(line).name for line in lines if isinstance(line, str)}
        included = {line["include-group"] for line in lines if isinstance(line, dict)}
        for other in included:
            names |= {Requirement(line).name for line in project["dependency-groups"][other]}
        assert {need["name"] for need in own["requires-dev"].get(group, [])} == names, f"run uv lock (group {group})"
