"""A team's phone in Python: the real protocol (keys, enrolment, two locks, signed chain), for the demo and for tests.

phone = FieldPhone("https://paricha.example:8443", "KLR-01")      # over HTTP
phone = FieldPhone(label="KLR-01")                                # through the application, in this process
phone.enrol(code); package = phone.packages()[0]; phone.open(package)
phone.sign("entered", site=package_site_id); phone.send()
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pyrage
from nacl.signing import SigningKey

from paricha.audit.fields import new_id
from paricha.field.envelope import PREFIX, START, text_hash
from paricha.grounds.refusals import Refused
from paricha.operations.sealing import commitment, open_sealed
from paricha.operations.verbs.devices import enrol_statement

Call = Callable[[str, str, dict[str, str], bytes], tuple[int, bytes]]
WAIT_S = 30.0
A_CALL = 50


class NoAnswer(Exception):
    """The server did not answer; what was signed is kept and sent again."""


def over_http(address: str, trust: ssl.SSLContext | None = None) -> Call:
    """Calls to a server at `https://NAME:PORT`; `trust` for an authority of one's own."""

    def call(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        request = urllib.request.Request(
            address.rstrip("/") + path, data=body if method == "POST" else None, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S, context=trust) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            raise NoAnswer(str(error)) from error

    return call


def in_process() -> Call:
    """Calls through the application itself: its middleware, its addresses, its database, without a socket."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

    handler = WSGIHandler()
    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host not in ("", "*")]
    host = hosts[0] if hosts else "localhost"

    def call(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "", "SERVER_NAME": host,
            "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "https", "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": host, "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        for name, value in headers.items():
            word = name.upper().replace("-", "_")
            environ["CONTENT_TYPE" if word == "CONTENT_TYPE" else f"HTTP_{word}"] = value
        response = handler.get_response(WSGIRequest(environ))
        body_out = bytes(response.content)
        return response.status_code, body_out

    return call


class FieldPhone:
    """One phone: its keys, its chain of events and what of it the server has. `clock_ahead_s`: how wrong its clock is."""

    def __init__(self, base: str | Call | None = None, label: str = "phone", *, clock_ahead_s: int = 0) -> None:
        self.call = over_http(base) if isinstance(base, str) else base or in_process()
        self.label, self.clock_ahead_s = label, clock_ahead_s
        self.signing, self.identity = SigningKey.generate(), pyrage.x25519.Identity.generate()
        self.device: str | None = None
        self.events: list[dict[str, Any]] = []  # id, seq, text, signature, sent, refused
        self.offset_s: int | None = None

    @property
    def recipient(self) -> str:
        """The phone's age recipient."""
        return str(self.identity.to_public())

    def now(self) -> datetime:
        """The time by the phone's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s)

    def enrol(self, code: str) -> str:
        """Enrol with a one-time code; returns the device's id (32 hex). Raises `Refused` as the server answers."""
        body = {
            "code": code,
            "public": bytes(self.signing.verify_key).hex(),
            "recipient": self.recipient,
            "label": self.label,
            "proof": self.signing.sign(enrol_statement(code, self.recipient)).signature.hex(),
        }
        told = self._heard(
            *self.call("POST", "/field/api/enrol", {"Content-Type": "application/json"}, json.dumps(body).encode())
        )
        self.device = str(told["device"])
        return self.device

    def packages(self) -> list[dict[str, Any]]:
        """What the server tells of this phone's packages: state, release key once it is out, stops."""
        return list(self._signed_call("GET", "/field/api/packages")["packages"])

    def sealed(self, package: dict[str, Any] | str) -> bytes:
        """The sealed bytes of a package."""
        told = self._signed_call("GET", f"/field/api/packages/{_id(package)}")
        return base64.b64decode(told["sealed"])

    def open(
        self, package: dict[str, Any] | str, sealed: bytes | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Open both locks and sign the receipt; returns the content. `key`: a release key that was read out (hex).

        Raises ValueError before release and where a lock does not open.
        """
        if isinstance(package, str):
            package = next(one for one in self.packages() if one["package"] == package)
        told = key or package["release_key"]
        if told is None:
            raise ValueError("not released")
        opening = bytes.fromhex(told)
        if commitment(opening).hex() != package["commitment"]:
            raise ValueError("the key is another package's")
        data = sealed if sealed is not None else self.sealed(package)
        content: dict[str, Any] = json.loads(
            open_sealed(data, opening, bytes.fromhex(package["package"]), str(self.identity))
        )
        self.sign("opened", package=package["package"], payload={"words": ""})
        return content

    def sign(
        self, kind: str, site: str | None = None, package: dict[str, Any] | str | None = None,
        payload: dict[str, Any] | None = None, at: datetime | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Sign one event and chain it to the one before; it waits until `send`. `at`: by the phone's clock."""
        if self.device is None:
            raise ValueError("not enrolled")
        moment = (at or self.now()).astimezone(UTC).replace(microsecond=0)
        before = self.events[-1] if self.events else None
        envelope = {
            "id": new_id().hex(), "device": self.device, "seq": len(self.events) + 1,
            "previous": text_hash(before["text"]) if before else START, "kind": kind,
            "at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "payload": {} if payload is None else payload, "site": site,
            "package": _id(package) if package else None, "offset_s": self.offset_s,
        }  # fmt: skip
        text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        signature = self.signing.sign(PREFIX + text.encode()).signature.hex()
        event = {
            "id": envelope["id"],
            "seq": envelope["seq"],
            "text": text,
            "signature": signature,
            "sent": False,
            "refused": None,
        }
        self.events.append(event)
        return event

    def waiting(self) -> list[dict[str, Any]]:
        """Signed events of which the server has not said that it has them or refuses them."""
        return [event for event in self.events if not event["sent"] and event["refused"] is None]

    def send(self, lose_answers: bool = False) -> list[dict[str, Any]]:
        """Send what waits, oldest first; returns the answers. With `lose_answers` they are thrown away, as by a bad
        network: the events wait on and are sent again. Raises `NoAnswer` when nobody answers."""
        answers: list[dict[str, Any]] = []
        waiting = self.waiting()
        for start in range(0, len(waiting), A_CALL):
            some = waiting[start : start + A_CALL]
            told = self.post([{"text": one["text"], "signature": one["signature"]} for one in some])
            if lose_answers:
                continue
            for event, answer in zip(some, told, strict=True):
                event["sent"] = bool(answer["stored"])
                event["refused"] = None if answer["stored"] else answer["code"]
            answers += told
        return answers

    def post(self, events: list[dict[str, str]]) -> list[dict[str, Any]]:
        """Send these envelopes as they are, one's own or a colleague's; returns an answer for each."""
        return list(self._signed_call("POST", "/field/api/events", {"events": events})["answers"])

    def _signed_call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else b""
        seconds = str(int(time.time()) + self.clock_ahead_s)
        said = f"paricha-call/1|{method}|{path}|{seconds}|{hashlib.sha256(data).hexdigest()}"
        signature = self.signing.sign(said.encode()).signature.hex()
        headers = {
            "Authorization": f"Paricha-Device {self.device} {seconds} {signature}",
            "Content-Type": "application/json",
        }
        return self._heard(*self.call(method, path, headers, data))

    def _heard(self, status: int, data: bytes) -> dict[str, Any]:
        try:
            body: dict[str, Any] = json.loads(data)
        except ValueError as error:
            raise NoAnswer(f"{status}: {data[:200]!r}") from error
        if "now" in body:
            there = datetime.strptime(body["now"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            self.offset_s = round((self.now() - there).total_seconds())
        if status >= 400:
            told = body.get("refusal") or {}
            raise Refused(
                told.get("code") or "FIELD-UNREADABLE", told.get("what") or f"HTTP {status}", told.get("remedy") or ""
            )
        return body


def _id(package: dict[str, Any] | str) -> str:
    return package if isinstance(package, str) else str(package["package"])
