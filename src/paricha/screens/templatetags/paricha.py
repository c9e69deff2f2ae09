"""The tag library: `{% load paricha %}`. Each tag draws one component of the design; `docs/how-to/a-page.md` shows them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from paricha.screens import controls, lists, moments, nav, parts, places, roles, shapes, unit

register = template.Library()

DRAWN: dict[str, Callable[..., Any]] = {
    "icon": shapes.icon,
    "state": shapes.state,
    "bar": shapes.bar,
    "not_stated": shapes.not_stated,
    "value": places.value,
    "show": places.show,
    "place": places.place,
    "place_words": places.words,
    "locator_url": places.original_url,
    "instant": moments.instant,
    "reason": parts.reason,
    "reasons": parts.reasons,
    "facts": parts.facts,
    "checks": parts.checks,
    "chain": parts.chain,
    "figure": parts.figure,
    "tiles": parts.tiles,
    "axes": parts.axes,
    "axes_head": parts.axes_head,
    "pct": parts.share,
    "told": parts.told,
    "hands": parts.hands,
    "empty": parts.empty,
    "refusal": parts.refusal,
    "progress": parts.progress,
    "field": controls.field,
    "error_summary": controls.error_summary,
    "key": controls.key_cap,
    "found_words": lists.found_words,
}
for name, drawn in DRAWN.items():
    register.simple_tag(drawn, name=name)


def _token(context: template.Context) -> str:
    request = context.get("request")
    return get_token(request) if request is not None else ""


@register.filter
def in_words(held: Any) -> str:
    """A role, or several, in the unit's words and the road's order."""
    return roles.in_words(held)


@register.simple_tag(takes_context=True)
def primary(
    context: template.Context,
    url: str,
    label: Any,
    key: str = "",
    disabled_reason: Any = "",
    method: str = "get",
    confirm: str = "",
    icon: str = "",
) -> SafeString:
    """The one primary button of a page; with `disabled_reason` it is dashed and the reason stands beside it."""
    return controls.press(
        url,
        label,
        key=key,
        style="main",
        why_not=disabled_reason,
        method=method,
        token=_token(context),
        confirm=confirm,
        icon=icon,
    )


@register.simple_tag(takes_context=True)
def action(
    context: template.Context,
    url: str,
    label: Any,
    key: str = "",
    disabled_reason: Any = "",
    method: str = "get",
    confirm: str = "",
    style: str = "",
    icon: str = "",
) -> SafeString:
    """Any other button: `style` is one of small, bare, stop, or empty."""
    return controls.press(
        url,
        label,
        key=key,
        style=style,
        why_not=disabled_reason,
        method=method,
        token=_token(context),
        confirm=confirm,
        icon=icon,
    )


@register.simple_tag(takes_context=True)
def undo(context: template.Context, words: Any, url: str = "", oob: bool = True) -> SafeString:
    """The undo toast, for a page drawn by htmx."""
    return controls.undo_toast(words, url, _token(context), oob=oob)


class Block(template.Node):
    """A tag with content: `draw(content, context, *values)`."""

    def __init__(self, content: template.NodeList, draw: Any, values: list[Any], named: dict[str, Any]) -> None:
        self.content, self.draw, self.values, self.named = content, draw, values, named

    def render(self, context: template.Context) -> str:
        values = [value.resolve(context) for value in self.values]
        named = {name: value.resolve(context) for name, value in self.named.items()}
        return self.draw(SafeString(self.content.render(context)), context, *values, **named)


def block(name: str, draw: Any) -> None:
    """Register `{% name … %}…{% endname %}`."""

    def parse(parser: template.base.Parser, token: template.base.Token) -> Block:
        values, named = [], {}
        for bit in token.split_contents()[1:]:
            label, is_named, text = bit.partition("=")
            if is_named and label.isidentifier():
                named[label] = parser.compile_filter(text)
            else:
                values.append(parser.compile_filter(bit))
        content = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return Block(content, draw, values, named)

    register.tag(name, parse)


def draw_note(content: SafeString, context: template.Context, grade: str, title: Any) -> SafeString:
    """A note: grade, bold sentence, then what to do."""
    known = shapes.grade_of(grade if grade != "plain" else "")
    body = format_html("<span>{}</span>", content) if content.strip() else ""
    return format_html(
        '<div class="note {}"><b>{} {}</b>{}</div>',
        known or "plain",
        shapes.icon(shapes.GRADE_ICON[known]),
        title,
        body,
    )


def draw_card(
    content: SafeString, context: template.Context, title: Any, aside: Any = "", foot: Any = "", bare: bool = False
) -> SafeString:
    """A card: title left, one quiet fact right. With bare=True the content stands at the edges (tables, lists)."""
    inner = content if bare else format_html('<div class="in">{}</div>', content)
    quiet = (
        aside
        if isinstance(aside, SafeString)
        else (format_html('<span class="quiet">{}</span>', aside) if aside else "")
    )
    below = format_html("<footer>{}</footer>", foot) if foot else ""
    return format_html('<section class="card"><header><h2>{}</h2>{}</header>{}{}</section>', title, quiet, inner, below)


def draw_reason_dialog(
    content: SafeString,
    context: template.Context,
    name: str,
    title: Any,
    url: str,
    label: Any,
    least: int = 20,
    leave: Any = "",
) -> SafeString:
    """A dialog that keeps a reason for ever: posts `reason` to `url`; opened by `data-open="name"`."""
    return format_html(
        '<dialog class="dialog" id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{title}</h2>{content}'
        '<form class="stack" method="post" action="{url}"><input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        '<label class="field">{word}<textarea name="reason" rows="3" required minlength="{least}" '
        'aria-describedby="{name}-hint"></textarea>'
        '<small id="{name}-hint">{hint}</small></label><footer class="r">'
        '<button class="btn end" type="button" data-close>{leave} <kbd>Esc</kbd></button>'
        '<button class="btn main">{label}</button></footer></form></dialog>',
        name=name, title=title, content=content, url=url, token=_token(context), word=_("Reason"), least=least, label=label,
        leave=leave or _("Leave it as it is"),
        hint=_("At least {letters} letters. It can’t be changed later; you can add to it.").format(letters=least),
    )  # fmt: skip


block("note", draw_note)
block("card", draw_card)
block("reason_dialog", draw_reason_dialog)


@register.inclusion_tag("screens/road.html", takes_context=True)
def road(context: template.Context) -> dict[str, Any]:
    """The menu, the unit's name, language and light."""
    request = context.get("request")
    items = nav.items(getattr(request, "officer", None), request.path) if request is not None else []
    return {
        "along": [item for item in items if not item["beside"]],
        "beside": [item for item in items if item["beside"]],
        "unit_name": unit.unit_name(),
        "synthetic": unit.is_synthetic(),
        "request": request,
    }


@register.inclusion_tag("screens/top.html", takes_context=True)
def top(context: template.Context) -> dict[str, Any]:
    """Search, clock, who acts."""
    request = context.get("request")
    officer = getattr(request, "officer", None)
    now = timezone.now()
    return {
        "search_url": address("desk:search"),
        "me_url": address("access:me"),
        "sign_out_url": address("access:sign_out") or address("account_logout"),
        "query": request.GET.get("q", "") if request is not None and request.path == address("desk:search") else "",
        "clock": moments.clock_line(now),
        "zone": str(unit.zone()),
        "officer": officer,
        "role": roles.words(officer),
        "synthetic": unit.is_synthetic(),
        "request": request,
    }


@register.inclusion_tag("screens/look.html", takes_context=True)
def look(context: template.Context) -> dict[str, Any]:
    """Language and light, as buttons."""
    names = {"en": "English", "ml": "മലയാളം", "hi": "हिन्दी"}
    request = context.get("request")
    now = get_language() or "en"
    return {
        "look_url": address("screens:look"),
        "tongues": [
            {"code": code, "name": names.get(code, code), "now": now.split("-")[0] == code} for code in unit.languages()
        ],
        "light": light(context),
        "next": request.get_full_path() if request is not None else "/",
        "request": request,
        "token": _token(context),
    }


@register.simple_tag(takes_context=True)
def light(context: template.Context) -> str:
    """`dark`, `light`, or empty for what the machine prefers; from the cookie the officer's choice left."""
    request = context.get("request")
    chosen = request.COOKIES.get("paricha_light", "") if request is not None else ""
    return chosen if chosen in ("dark", "light") else ""


@register.simple_tag
def is_synthetic() -> bool:
    """Whether this folder holds made-up data."""
    return unit.is_synthetic()


@register.simple_tag
def unit_name() -> str:
    """The unit's name."""
    return unit.unit_name()


def address(url_name: str) -> str:
    """The address of `url_name`, or an empty string where that page is not built."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def maybe_url(url_name: str, *values: Any) -> str:
    """Like `{% url %}`, but empty where that page is not built."""
    try:
        return reverse(url_name, args=values)
    except NoReverseMatch:
        return ""
