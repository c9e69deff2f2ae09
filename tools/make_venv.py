"""Makes the virtual environment and puts uv into it: `make_venv.py .venv 0.13.9`. Standard library only.

Debian splits `ensurepip` off into python3-venv; where it is missing and we are root, it is installed, else named.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path


def main() -> int:
    folder, uv_version = Path(sys.argv[1]), sys.argv[2]
    if sys.version_info < (3, 11):  # noqa: UP036  (this file runs before any requirement is checked)
        return stop(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    python = folder / "bin" / "python"
    if not has_pip(python):
        if not has_ensurepip() and not install_ensurepip():
            return stop(
                f"{sys.executable} can't make virtual environments: its module ensurepip is missing. "
                f"Install it (Debian: apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv)."
            )
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    # A lent network can stall once; pip's own retries cover single requests, not a broken index page.
    for _ in range(3):
        done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", f"uv=={uv_version}"])
        if done.returncode == 0:
            return 0
    return stop("uv could not be installed from PyPI; the lines above say why.")


def has_pip(python: Path) -> bool:
    return python.exists() and subprocess.run([str(python), "-c", "import pip"], capture_output=True).returncode == 0


def has_ensurepip() -> bool:
    return (
        bool(venv) and subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode == 0
    )


def install_ensurepip() -> bool:
    if os.geteuid() != 0 or not Path("/usr/bin/apt-get").exists():
        return False
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing from Debian, for virtual environments: {package}", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return has_ensurepip()


def stop(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
