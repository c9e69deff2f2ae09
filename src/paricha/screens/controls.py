"""Things to press and to fill in: the primary button with its key or its reason why not, fields, dialogs, the undo toast."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from paricha.screens import shapes

NOTHING = mark_safe("")
UNDO_SECONDS = 10


def key_cap(key: str) -> SafeString:
    """The key as it is printed on a button."""
    return format_html("<kbd>{}</kbd>", "↵" if key == "Enter" else key) if key else NOTHING


def key_attribute(key: str) -> SafeString:
    """`data-key` for keys.ts, and aria-keyshortcuts for screen readers."""
    return format_html(' data-key="{}" aria-keyshortcuts="{}"', key, key) if key else NOTHING


def press(
    url: str,
    label: Any,
    *,
    key: str = "",
    style: str = "",
    why_not: Any = "",
    method: str = "get",
    token: str = "",
    confirm: str = "",
    icon: str = "",
) -> SafeString:
    """A button or link to `url`. `why_not` disables it and stands beside it; method `post` makes a small form;
    `confirm` opens the dialog of that id instead."""
    drawing = shapes.icon(icon) if icon else NOTHING
    if why_not:
        return format_html(
            '<span class="why-not">{}</span><button class="btn {}" type="button" disabled>{}{} {}</button>',
            why_not,
            style,
            drawing,
            label,
            key_cap(key),
        )
    inner = format_html("{}{} {}", drawing, label, key_cap(key))
    if confirm:
        return format_html(
            '<button class="btn {}" type="button" data-open="{}"{}>{}</button>',
            style,
            confirm,
            key_attribute(key),
            inner,
        )
    if method == "post":
        return format_html(
            '<form class="inline" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn {}"{}>{}</button></form>',
            url,
            token,
            style,
            key_attribute(key),
            inner,
        )
    return format_html('<a class="btn {}" href="{}"{}>{}</a>', style, url, key_attribute(key), inner)


def field(bound: Any, hint: Any = "") -> SafeString:
    """A Django form field: label, hint, input, its errors in words, joined by aria-describedby."""
    hint = hint or bound.help_text
    if bound.is_hidden:
        return format_html("{}", bound)
    name = bound.auto_id or bound.html_name
    ids = ([f"{name}_hint"] if hint else []) + ([f"{name}_error"] if bound.errors else [])
    attributes: dict[str, Any] = {}
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    help_line = format_html('<small id="{}_hint">{}</small>', name, hint) if hint else NOTHING
    wrong = (
        format_html(
            '<span class="err" id="{}_error">{} {}</span>',
            name,
            shapes.icon("stop"),
            " ".join(str(error) for error in bound.errors),
        )
        if bound.errors
        else NOTHING
    )
    if bound.use_fieldset:
        return _choices(bound, help_line, wrong)
    if kind == "checkbox":
        return format_html(
            '<div class="field"><label class="choice">{}<span>{}</span>{}</label>{}</div>',
            bound.as_widget(attrs=attributes),
            bound.label,
            help_line,
            wrong,
        )
    needed = NOTHING if bound.field.required else format_html(" <small>{}</small>", _("may stay empty"))
    return format_html(
        '<div class="field"><label for="{}">{}{}</label>{}{}{}</div>',
        bound.id_for_label,
        bound.label,
        needed,
        help_line,
        bound.as_widget(attrs=attributes),
        wrong,
    )


def _choices(bound: Any, help_line: SafeString, wrong: SafeString) -> SafeString:
    options = format_html_join(
        "", '<label class="choice">{}<b>{}</b></label>', ((option.tag(), option.choice_label) for option in bound)
    )
    described = (
        format_html(' aria-describedby="{}_error"', bound.auto_id or bound.html_name) if bound.errors else NOTHING
    )
    return format_html(
        '<fieldset class="field"{}><legend>{}</legend>{}<div class="lines">{}</div>{}</fieldset>',
        described,
        bound.label,
        help_line,
        options,
        wrong,
    )


def error_summary(form: Any, title: Any = "") -> SafeString:
    """What is wrong with a form, at its top: each line leads to its field. Nothing where nothing is wrong."""
    if not form.is_bound or not form.errors:
        return NOTHING
    lines = [(format_html("{}", error),) for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            lines.append(
                (format_html('<a href="#{}">{}</a>: {}', bound.id_for_label or bound.auto_id, bound.label, error),)
            )
    return format_html(
        '<div class="note stop" role="alert" tabindex="-1" data-focus><b>{} {}</b><ul class="lines">{}</ul></div>',
        shapes.icon("stop"),
        title or _("This could not be kept yet"),
        format_html_join("", "<li>{}</li>", lines),
    )


def undo_toast(words: Any, url: str = "", token: str = "", *, oob: bool = True) -> SafeString:
    """What was done, with a way back for ten seconds. With `oob` htmx puts it into the page's toast place by itself."""
    back = NOTHING
    if url:
        back = format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn small" data-key="u" aria-keyshortcuts="u">{} {} <kbd>u</kbd></button></form>',
            url,
            token,
            shapes.icon("undo"),
            _("Undo"),
        )
    inner = format_html('<span class="toast" role="status" data-stays="{}">{} {}</span>', UNDO_SECONDS, words, back)
    return format_html('<div hx-swap-oob="beforeend:#toasts">{}</div>', inner) if oob else inner
