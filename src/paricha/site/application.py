"""The one application of the one origin: `/events` are streams, everything else is Django."""

from __future__ import annotations

import os
from typing import Any

from paricha.site.supervisor import die_with_grandparent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paricha.site.settings")
if os.environ.get("PARICHA_SUPERVISED"):
    die_with_grandparent()  # before anything slow: an orphan would keep the port

from starlette.applications import Starlette
from starlette.routing import Route

from paricha.site.adapter import Receive, Send, WsgiInAsgi
from paricha.site.events import events
from paricha.site.wsgi import application as django_application

_pages = WsgiInAsgi(django_application, threads=int(os.environ.get("PARICHA_PAGE_THREADS", "16")))
_streams = Starlette(routes=[Route("/events", events)])


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: HTTP only; a stream by its path, a page by Django."""
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return
    if scope["type"] != "http":
        return
    if scope["path"] == "/events":
        await _streams(scope, receive, send)
    else:
        await _pages(scope, receive, send)
