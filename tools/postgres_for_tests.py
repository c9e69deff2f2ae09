"""A PostgreSQL of its own for one run of tests, in a temporary folder, on a socket only; gone afterwards.

`python tools/postgres_for_tests.py COMMAND…` runs the command with PARICHA_DATABASE_URL set to it. As root the server
runs as Debian's user `postgres`, since it refuses root. Standard library only.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent))
from machine_needs import find_program


@contextlib.contextmanager
def postgres_for_tests(database: str = "paricha", seconds: float = 30.0) -> Iterator[str]:
    """Yields a database URL. Durability is off (`-F`): a power cut may lose a test's data, nothing else differs.
    Raises FileNotFoundError where no server is installed, RuntimeError with its log where it doesn't start."""
    initdb, postgres = find_program("initdb"), find_program("postgres")
    if initdb is None or postgres is None:
        raise FileNotFoundError("no PostgreSQL server is installed (Debian package postgresql)")
    who = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="paricha-pg-"))
    try:
        if who:
            shutil.chown(folder, who, who)
        as_server = {"user": who, "group": who, "extra_groups": []} if who else {}
        data, log = folder / "data", folder / "log"
        subprocess.run(
            [initdb, "-N", "-D", data, "-U", "paricha", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True, cwd="/", stdout=subprocess.DEVNULL, **as_server,
        )  # fmt: skip
        settings = ["listen_addresses=", "max_connections=200", "shared_buffers=256MB", "full_page_writes=off",
                    "synchronous_commit=off", "max_wal_size=2GB"]  # fmt: skip
        options = [word for setting in settings for word in ("-c", setting)]
        with log.open("wb") as written:
            server = subprocess.Popen(
                [postgres, "-D", data, "-k", folder, "-F", *options],
                cwd="/", stdin=subprocess.DEVNULL, stdout=written, stderr=written, **as_server,
            )  # fmt: skip
        try:
            _wait_until_it_answers(server, folder, log, seconds)
            _create_database(folder, database, as_server)
            yield f"postgresql://paricha@/{database}?host={quote(str(folder), safe='')}"
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: open connections are ended
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(server: subprocess.Popen, folder: Path, log: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    ready = "database system is ready to accept connections"
    while ready not in log.read_text(errors="replace"):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-2000:])
        time.sleep(0.02)


def _create_database(folder: Path, database: str, as_server: dict) -> None:
    psql = find_program("postgres").with_name("psql")
    program = psql if psql.exists() else Path(shutil.which("psql") or "psql")
    subprocess.run(
        [program, "-h", folder, "-U", "paricha", "-d", "postgres", "-q", "-c", f'create database "{database}"'],
        check=True, cwd="/", **as_server,
    )  # fmt: skip


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with postgres_for_tests() as url:
            return subprocess.run(sys.argv[1:], env=os.environ | {"PARICHA_DATABASE_URL": url}).returncode
    except (FileNotFoundError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
