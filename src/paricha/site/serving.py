"""What `paricha serve` does: check, start the children, renew the certificate while it runs."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from paricha.grounds.refusals import Refused
from paricha.site import refusals as refusals
from paricha.site import tls
from paricha.site.supervisor import Supervisor, children_of_the_house

LOCAL = "localhost"
PLAIN_PORT = 8000
RENEWAL_LOOK_S = 3600


def address_of(host: str, port: int) -> str:
    """The workplace's address in a browser."""
    return f"http://{LOCAL}:{port}/" if host == LOCAL else f"https://{host}{'' if port == 443 else f':{port}'}/"


def serve(
    home: Path, host: str, port: int, *, bind: str | None = None, workers: int = 1,
    opened: Callable[[str], None] = lambda _address: None,
) -> int:  # fmt: skip
    """Serve until told to stop. `opened(address)` is called once the first page answers.

    Plain HTTP on 127.0.0.1 for `localhost`, else HTTPS with the certificate of `host` on every address, or `bind`.
    Raises `Refused` SITE-NO-CERTIFICATE, SITE-PORT-TAKEN, SITE-SERVES-ALREADY.
    """
    trust = None if host == LOCAL else certificate_of(home, host)
    address = bind or ("127.0.0.1" if trust is None else "0.0.0.0")  # noqa: S104  phones come from outside
    gate = only_once(home)
    (home / "static").mkdir(exist_ok=True)
    try:
        refuse_taken(address, port)
        environment = dict(os.environ) | {
            "PARICHA_HOME": str(home), "PARICHA_HOST": host, "PARICHA_PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "paricha.site.settings",
        }  # fmt: skip
        certificate, key = (trust.certificate, trust.key) if trust else (None, None)
        words = children_of_the_house(address, port, certificate=certificate, key=key, workers=workers)
        each_second = _Chores(trust, address, port, lambda: opened(address_of(host, port)))
        return Supervisor(words, environment, home).run(each_second)
    finally:
        os.close(gate)


def certificate_of(home: Path, host: str) -> tls.Trust:
    """The certificate of a name, renewed where due. Raises `Refused` SITE-NO-CERTIFICATE."""
    trust = tls.trust_of(home, host)
    if not trust.stands:
        raise Refused("SITE-NO-CERTIFICATE", f"There is no certificate for {host}.",
                      f"Run `paricha tls make {host}` first, and install its root on the phones.")  # fmt: skip
    tls.renew_if_due(trust, datetime.now(UTC))
    return trust


def only_once(home: Path) -> int:
    """A lock for the time of serving. Raises `Refused` SITE-SERVES-ALREADY."""
    gate = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(gate)
        raise Refused("SITE-SERVES-ALREADY", f"{home} is being served already.",
                      "Stop the other `paricha serve`, or use the workplace it serves.", file=str(home)) from error  # fmt: skip
    os.ftruncate(gate, 0)
    os.pwrite(gate, str(os.getpid()).encode(), 0)
    return gate


def refuse_taken(address: str, port: int) -> None:
    """Raises `Refused` SITE-PORT-TAKEN."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Refused("SITE-PORT-TAKEN", f"Port {port} on {address} cannot be used: {error.strerror}.",
                          "Choose another with --port, or end the program that uses it.") from error  # fmt: skip


class _Chores:
    """Once a second: tell when the workplace answers; once an hour: renew the certificate and have the web take it."""

    def __init__(self, trust: tls.Trust | None, address: str, port: int, opened: Callable[[], None]) -> None:
        self.trust, self.opened = trust, opened
        self.where = ("127.0.0.1" if address == "0.0.0.0" else address, port)  # noqa: S104
        self.told, self.looked = False, time.monotonic()

    def __call__(self, house: Supervisor) -> None:
        if not self.told and self._answers():
            self.told = True
            self.opened()
        if self.trust is not None and time.monotonic() - self.looked > RENEWAL_LOOK_S:
            self.looked = time.monotonic()
            if tls.renew_if_due(self.trust, datetime.now(UTC)):
                house.signal("web", signal.SIGHUP)

    def _answers(self) -> bool:
        try:
            if self.trust is not None:
                with socket.create_connection(self.where, 1):
                    return True
            asked = http.client.HTTPConnection(*self.where, timeout=2)
            try:
                asked.request("GET", "/trust/", headers={"Host": LOCAL})
                return asked.getresponse().status < 500
            finally:
                asked.close()
        except (OSError, http.client.HTTPException):
            return False
