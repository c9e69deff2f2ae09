"""`{% load access %}`: `{% history thing %}`, what happened to a thing; `{% switcher %}`, made-up folders' choice of officer."""

from __future__ import annotations

from typing import Any

from django import template

from paricha.access.history import told_of
from paricha.access.house import made_up
from paricha.access.models import Officer

register = template.Library()


@register.inclusion_tag("access/history.html")
def history(thing: Any, limit: int = 50) -> dict[str, Any]:
    """The card “History” of a row (or of a 16-byte id): what the log says happened to it, newest first."""
    return {"told": told_of(thing, limit)}


@register.inclusion_tag("access/switcher.html", takes_context=True)
def switcher(context: template.Context) -> dict[str, Any]:
    """In a made-up folder: who one is, and a switch to another officer. Nothing in a real one."""
    request = context.get("request")
    officer = getattr(request, "officer", None)
    if officer is None or not made_up():
        return {"officers": []}
    others = Officer.objects.filter(active=True).select_related("unit").order_by("-first", "name")
    return {"officers": others, "now": officer, "request": request, "next": request.path}
