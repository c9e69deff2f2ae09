"""`/events`: a stream of what happened, for pages that change by themselves (Server-Sent Events).

Each message carries names of events and ids of things, only those the officer of the session may see; never values.
A stream reads the feed by position: with `Last-Event-ID` it goes on where it stood, whatever was lost on the way.
One watcher a process notices that the log grew (SQLite: `data_version` of a connection of its own; PostgreSQL: the
last position); every stream then reads on.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

LOOK_EVERY_S = 0.1
PING_EVERY_S = 15.0  # also: whether the officer is still signed in
AT_ONCE = 500
TOO_FAR = 5000  # a page that was away for longer is told to load again


class Watcher:
    """Knows the last position of the feed and wakes those who wait for a later one."""

    def __init__(self) -> None:
        self.position = 0
        self._grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="events")

    async def start(self) -> None:
        """Begin watching, once."""
        if self._task is None or self._task.done():
            self.position = await self.run(_last_position)
            self._task = asyncio.create_task(self._watch())

    async def run(self, work: Callable[..., Any], *args: Any) -> Any:
        """Database work in a thread; its connection is closed when too old or broken."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, _with_connection, work, *args)

    async def later_than(self, position: int, wait_s: float) -> bool:
        """Wait until the feed is beyond `position`; False when the time is up."""
        if self.position > position:
            return True
        try:
            await asyncio.wait_for(self._grown.wait(), wait_s)
        except TimeoutError:
            return False
        return self.position > position

    async def _watch(self) -> None:
        changed = _change_teller()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if not changed():
                continue
            try:
                last = await self.run(_last_position)
            except Exception:  # noqa: BLE001  the boundary of the watcher: a database away for a while must not end all streams
                await asyncio.sleep(1)
                continue
            if last > self.position:
                self.position = last
                woken, self._grown = self._grown, asyncio.Event()
                woken.set()


def _with_connection(work: Callable[..., Any], *args: Any) -> Any:
    from django.db import close_old_connections

    close_old_connections()
    try:
        return work(*args)
    finally:
        close_old_connections()


def _last_position() -> int:
    from paricha.audit.models import Position

    return Position.objects.order_by("-position").values_list("position", flat=True).first() or 0


def _change_teller() -> Callable[[], bool]:
    """Whether another connection wrote since the last call. On PostgreSQL: worth a look twice a second."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        reader = sqlite3.connect(
            f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, check_same_thread=False
        )
        seen = [-1]

        def told() -> bool:
            version = reader.execute("PRAGMA data_version").fetchone()[0]
            changed, seen[0] = version != seen[0], version
            return changed

        return told
    looked = [0.0]

    def due() -> bool:
        now = time.monotonic()
        if now - looked[0] < 0.5:
            return False
        looked[0] = now
        return True

    return due


# ---- who sees what ----------------------------------------------------------------------------------------------
def officer_of(cookies: dict[str, str]) -> Any:
    """The active officer of a session cookie, or None."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    from paricha.access.models import Officer

    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(cookies.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)  # checks the session's hash of the password too
    if not user.is_authenticated:
        return None
    return Officer.objects.select_related("unit").filter(user_id=user.pk, active=True).first()


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    """Kind in the log → table whose rows have `visible_to`."""
    from django.apps import apps

    return {
        model._meta.model_name: model
        for model in apps.get_models()
        if model.__module__.startswith("paricha.") and hasattr(model.objects, "visible_to")
    }


def visible_ids(officer: Any, kind: str, ids: set[bytes]) -> set[bytes]:
    """Which of these things the officer may see; a kind without scope is seen by nobody here."""
    table = _tables().get(kind)
    if kind == "officer":
        return {officer.id16} & ids
    if table is None:
        return set()
    fields = {field.name for field in table._meta.get_fields()}
    if "id16" in fields:
        name = "id16"
    elif table._meta.pk.get_internal_type() == "Id16Field":
        name = table._meta.pk.name
    else:
        return set()
    found = table.objects.visible_to(officer).filter(**{f"{name}__in": list(ids)[:AT_ONCE]})
    return set(found.values_list(name, flat=True))


def seen_by(officer: Any, after: int) -> tuple[int, list[dict[str, Any]]]:
    """(position read up to, events after it that the officer may see)."""
    from paricha.audit import feed

    batch = feed.read(after, AT_ONCE)
    if not batch:
        return after, []
    wanted: dict[str, set[bytes]] = {}
    for event in batch:
        for kind, thing in event.touched:
            wanted.setdefault(kind, set()).add(thing)
    seen = {kind: visible_ids(officer, kind, ids) for kind, ids in wanted.items()}
    shown = []
    for event in batch:
        touched = [[kind, thing.hex()] for kind, thing in event.touched if thing in seen[kind]]
        if touched:
            shown.append({"position": event.position, "event": event.event, "touched": touched})
    return batch[-1].position, shown


class Shared:
    """One reading of the feed serves all streams of an officer that stand at the same position."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[int, int, int], asyncio.Future[Any]] = OrderedDict()

    async def get(self, watcher: Watcher, officer: Any, after: int) -> tuple[int, list[dict[str, Any]]]:
        key = (officer.pk, after, watcher.position)
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(watcher.run(seen_by, officer, after))
            while len(self._made) > 256:
                self._made.popitem(last=False)
        try:
            return await asyncio.shield(self._made[key])
        except Exception:
            self._made.pop(key, None)
            raise


watcher: Watcher | None = None
shared = Shared()


async def events(request: Request) -> Response:
    """The stream of the officer who is signed in; 401 for nobody."""
    global watcher
    if watcher is None:
        watcher = Watcher()
    await watcher.start()
    officer = await watcher.run(officer_of, request.cookies)
    if officer is None:
        return PlainTextResponse("Sign in first.\n", 401)
    after = _asked_from(request)
    start = watcher.position if after is None else min(after, watcher.position)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(request, watcher, officer, start), media_type="text/event-stream", headers=headers)


def _asked_from(request: Request) -> int | None:
    given = request.headers.get("last-event-id") or request.query_params.get("after") or ""
    return int(given) if given.isdecimal() and len(given) < 19 else None


async def _stream(request: Request, watcher: Watcher, officer: Any, position: int) -> AsyncIterator[str]:
    yield f"retry: 2000\nid: {position}\n\n"
    if watcher.position - position > TOO_FAR:
        position = watcher.position
        yield f"event: again\nid: {position}\ndata: {{}}\n\n"
    checked = time.monotonic()
    while True:
        grown = await watcher.later_than(position, PING_EVERY_S)
        if time.monotonic() - checked >= PING_EVERY_S:
            checked = time.monotonic()
            officer = await watcher.run(officer_of, request.cookies)
            if officer is None:
                return
        if not grown:
            yield ": still here\n\n"
            continue
        position, shown = await shared.get(watcher, officer, position)
        if shown:
            yield f"event: happened\nid: {position}\ndata: {json.dumps(shown, separators=(',', ':'))}\n\n"
        else:
            yield f"id: {position}\n\n"
