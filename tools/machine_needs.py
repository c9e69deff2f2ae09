"""The programs of the machine that tests use, beyond Python and make: found, installed or named.

Run as a program it installs what is missing with Debian's apt when it may (root, apt-get there), and says what stays
missing. Imported, `find_program` and `missing` tell other tools and tests what is there. Standard library only.
"""

import os
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

# program -> (Debian package, what needs it)
NEEDS = {
    "initdb": ("postgresql", "the tests on PostgreSQL"),
    "chromium": ("chromium", "the browser journeys"),
    "pdftotext": ("poppler-utils", "reading our PDFs back with another program"),
    "qpdf": ("qpdf", "checking the structure of our PDFs"),
    "certutil": ("libnss3-tools", "trusting the unit's own authority in a browser"),
    "msgfmt": ("gettext", "compiling the translations"),
    "git": ("git", "tests that look at what is committed"),
}
OTHER_NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")}


def find_program(name: str) -> Path | None:
    """Where a program stands, or None. PostgreSQL's are looked for in Debian's own folders first, newest first:
    PATH may hold some of the programs (the client) and not others."""
    if name in ("initdb", "postgres", "pg_ctl"):
        versions = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda p: _version_of(p), reverse=True)
        if versions:
            return Path(versions[0])
    for other in OTHER_NAMES.get(name, (name,)):
        found = shutil.which(other)
        if found:
            return Path(found)
    return None


def without_network() -> list[str]:
    """The words before a command that take its network away; none where the machine gives no such namespace."""
    words = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    able = shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0
    return words if able else []


def missing() -> dict[str, tuple[str, str]]:
    """Program -> (Debian package, what needs it), for each that is not on this machine."""
    return {name: need for name, need in NEEDS.items() if find_program(name) is None}


def install(packages: list[str]) -> None:
    """Installs Debian packages. The lists are fetched first only where an installation without fails: they may never
    have been fetched, or be older than what the mirror still holds."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    # Debian's postgresql would start a cluster of its own at installation; tests start theirs in a private folder.
    if "postgresql" in packages:
        folder = Path("/etc/postgresql-common")
        if not (folder / "createcluster.conf").exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "createcluster.conf").write_text("create_main_cluster = false\n")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
    quiet = {"env": environment, "stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    if subprocess.run(command + packages, **quiet).returncode == 0:
        return
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    done = subprocess.run(command + packages, **quiet)
    if done.returncode != 0:
        print(done.stderr.strip()[-1500:], file=sys.stderr)


def main() -> int:
    lacking = missing()
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = sorted({package for package, _ in lacking.values()})
        print(f"Installing from Debian, for tests: {', '.join(packages)}", flush=True)
        install(packages)
        lacking = missing()
    for name, (package, reason) in lacking.items():
        print(f"Missing: {name} (Debian package {package}), needed for {reason}; that part will be skipped.")
    return 1 if lacking else 0


def _version_of(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/")[4].split(".") if part.isdigit())


if __name__ == "__main__":
    sys.exit(main())
