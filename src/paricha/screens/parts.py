"""Components made of several values: facts, checks, chains, histories, figures. Each takes plain dicts and gives HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paricha.screens import moments, places, shapes
from paricha.screens.moments import part

OUTCOME_GRADE = {
    "pass": "good",
    "warn": "warn",
    "hold": "hold",
    "block": "stop",
    "not applicable": "",
    "not_applicable": "",
}
AXES = ("child_at_risk", "solvability", "seriousness", "history_access")
NOTHING = mark_safe("")
ISO_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def plain(word: Any) -> str:
    """The text of an enum member, or of anything else."""
    return str(getattr(word, "value", "" if word is None else word))


def link(words: Any, url: str = "") -> SafeString:
    """`words`, as a link where `url` is given."""
    return format_html('<a href="{}">{}</a>', url, words) if url else format_html("{}", words)


def reason(item: Any) -> SafeString:
    """One reason: the rule in bold, the fact after it. Takes text, (rule, fact) or a dict with rule, fact/words, points."""
    if isinstance(item, str):
        return format_html('<span class="why"><b>{}</b></span>', item)
    if isinstance(item, list | tuple):
        rule, fact, points = item[0], item[1] if len(item) > 1 else "", None
    else:
        rule, fact, points = part(item, "rule", "name"), part(item, "fact", "words"), part(item, "points")
        if not rule:
            rule, fact = fact, ""
    sign = f"{points:+d}".replace("-", "−") if isinstance(points, int) else ""
    return format_html('<span class="why"><b>{}</b> {} {}</span>', rule or "", fact or "", sign)


def reasons(items: Iterable[Any]) -> SafeString:
    """All reasons in a row that wraps."""
    return format_html(
        '<span class="whys">{}</span>', format_html_join("", "{}", ((reason(item),) for item in items or ()))
    )


def facts(pairs: Any) -> SafeString:
    """A `dl` of labels and values; values as `places.show` takes them. `pairs`: a dict, or (label, value) pairs."""
    rows = pairs.items() if isinstance(pairs, dict) else pairs
    return format_html(
        '<dl class="facts">{}</dl>',
        format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((label, places.show(value)) for label, value in rows)),
    )


def outcome_words(outcome: str) -> str:
    """A check's outcome for screen readers."""
    return {
        "pass": _("passed"),
        "warn": _("warning"),
        "hold": _("held"),
        "block": _("blocked"),
        "not applicable": _("does not apply"),
    }.get(outcome.replace("_", " "), outcome)


SHOWN_PLACES = 3


def _evidence(at: list[Any]) -> SafeString:
    """The first places a check stands on; the rest opens below them."""
    first = format_html_join(" · ", "{}", ((places.place(one),) for one in at[:SHOWN_PLACES]))
    if len(at) <= SHOWN_PLACES:
        return first
    rest = format_html_join(" · ", "{}", ((places.place(one),) for one in at[SHOWN_PLACES:]))
    more = ngettext("{n} more place", "{n} more places", len(at) - SHOWN_PLACES).format(n=len(at) - SHOWN_PLACES)
    return format_html("{}<details><summary>{}</summary>{}</details>", first, more, rest)


def checks(items: Iterable[Any]) -> SafeString:
    """One line a check: shape, code, sentence, places. Dicts with code, outcome, words, evidence (locators) or src, decided_by."""
    lines = []
    for item in items or ():
        outcome = plain(part(item, "outcome"))
        grade = OUTCOME_GRADE.get(outcome, "")
        where = _evidence(list(part(item, "evidence") or ()))
        if part(item, "src"):
            where = format_html('<span class="src">{}</span>', part(item, "src"))
        decided = part(item, "decided_by")
        by = (
            format_html("<br><small>{}</small>", _("decided by {officer}").format(officer=decided))
            if decided
            else NOTHING
        )
        lines.append(
            (
                grade,
                shapes.icon(shapes.GRADE_ICON[grade], outcome_words(outcome)),
                part(item, "code") or "",
                part(item, "words") or "",
                by,
                where,
            )
        )
    return format_html(
        '<ul class="checks">{}</ul>',
        format_html_join(
            "", '<li><span class="{}">{}</span><span class="src">{}</span><span>{}{}</span><span>{}</span></li>', lines
        ),
    )


def chain(steps: Iterable[Any]) -> SafeString:
    """From the first thing to the last: dicts with label, head, lines (list), src or locator, url, mono."""
    cells = []
    for step in steps or ():
        lines = format_html_join(mark_safe("<br>"), "{}", ((places.show(line),) for line in part(step, "lines") or ()))
        where = NOTHING
        if part(step, "locator"):
            where = places.place(part(step, "locator"))
        elif part(step, "src"):
            where = (
                format_html('<a class="src" href="{}">{}</a>', part(step, "url"), part(step, "src"))
                if part(step, "url")
                else format_html('<span class="src">{}</span>', part(step, "src"))
            )
        mono = mark_safe(' class="mono"') if part(step, "mono") else NOTHING
        head = part(step, "head")
        cells.append((part(step, "label"), mono, head if head else shapes.not_stated(), lines, where))
    return format_html(
        '<ol class="chain">{}</ol>', format_html_join("", "<li><h3>{}</h3><b{}>{}</b><small>{}</small>{}</li>", cells)
    )


def figure(number: Any, label: Any, url: str = "") -> SafeString:
    """A number that opens its rows."""
    shown = shapes.not_stated() if number is None else format_html("{}", number)
    if url:
        return format_html('<a class="stat" href="{}"><b>{}</b><span class="quiet">{}</span></a>', url, shown, label)
    return format_html('<div class="stat"><b>{}</b><span class="quiet">{}</span></div>', shown, label)


def tiles(items: Iterable[Any]) -> SafeString:
    """Tiles, each opening its rows: dicts with name, done, of, words, grade, url."""
    shown = []
    for item in items or ():
        grade = shapes.grade_of(plain(part(item, "grade")))
        done, of = part(item, "done") or 0, part(item, "of") or 0
        small = format_html(
            "<small>{}{}</small>",
            shapes.icon(shapes.GRADE_ICON[grade]) if grade else NOTHING,
            part(item, "words") or "",
        )
        inner = format_html(
            '<b>{}</b><span class="row"><span>{}</span>{}</span>{}',
            part(item, "name"),
            _("{done} of {of}").format(done=done, of=of),
            small,
            shapes.bar(done, of),
        )
        url = part(item, "url")
        shown.append(
            (
                format_html('<a class="tile {}" href="{}">{}</a>', grade, url, inner)
                if url
                else format_html('<div class="tile {}">{}</div>', grade, inner),
            )
        )
    return format_html('<div class="tiles">{}</div>', format_html_join("", "{}", shown))


def axis_words(axis: str) -> str:
    """The four axes by their full names."""
    return {
        "child_at_risk": _("child at risk now"),
        "solvability": _("solvability"),
        "seriousness": _("seriousness and scale"),
        "history_access": _("history and access"),
    }[axis]


def axes(scores: Any) -> SafeString:
    """The four scores, 0 to 100, each with its bar; `scores` is a dict by axis or four numbers; None is not known yet."""
    if not isinstance(scores, dict):
        scores = dict(zip(AXES, scores or (), strict=False))
    unknown = _("not known yet")
    spoken = ", ".join(f"{axis_words(axis)} {unknown if scores.get(axis) is None else scores[axis]}" for axis in AXES)
    cells = ((scores[axis] if scores.get(axis) is not None else "–", shapes.bar(scores.get(axis))) for axis in AXES)
    return format_html(
        '<span class="axes" role="img" aria-label="{}">{}</span>',
        spoken,
        format_html_join("", "<span>{}{}</span>", cells),
    )


def axes_head() -> SafeString:
    """The heading above `axes`."""
    short = (_("Risk"), _("Solve"), _("Grave"), _("Past"))
    return format_html(
        '<span class="axes h">{}</span>', format_html_join("", "<span>{}</span>", ((word,) for word in short))
    )


def share(done: float | None, of: float = 100, grade: str = "") -> SafeString:
    """`78 %` with its bar."""
    if done is None or not of:
        return shapes.not_stated()
    return format_html(
        '<span class="pct"><span class="nw">{} %</span>{}</span>', round(100 * done / of), shapes.bar(done, of, grade)
    )


def told_at(at: Any) -> SafeString:
    """The short time of a history line: text as given, or day and time of an instant in the unit's zone."""
    if at is None or (isinstance(at, str) and not ISO_INSTANT.fullmatch(at)):
        return format_html("<time>{}</time>", at or "")
    known = moments.moment(at)
    if known.utc is None:
        return format_html("<time>{}</time>", known.as_written)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        known.utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        moments.utc_words(known.utc),
        moments.short_words(known.utc),
    )


def told(items: Iterable[Any]) -> SafeString:
    """A history, newest first: dicts with at (instant or text), words, by, url."""
    lines = []
    for item in items or ():
        by = (
            format_html(" <small>{}</small>", _("by {officer}").format(officer=part(item, "by")))
            if part(item, "by")
            else NOTHING
        )
        lines.append((told_at(part(item, "at")), link(part(item, "words"), part(item, "url") or ""), by))
    return format_html('<ol class="told">{}</ol>', format_html_join("", "<li>{}<span>{}{}</span></li>", lines))


def hands(items: Iterable[Any]) -> SafeString:
    """Custody, oldest first: dicts with at, icon, who, rest, words, state, grade, seal, now."""
    lines = []
    for item in items or ():
        status = shapes.state(part(item, "state"), plain(part(item, "grade"))) if part(item, "state") else NOTHING
        seal = format_html('<br><span class="src">{}</span>', part(item, "seal")) if part(item, "seal") else NOTHING
        lines.append(
            (
                mark_safe(' class="now"') if part(item, "now") else NOTHING,
                told_at(part(item, "at")),
                shapes.icon(part(item, "icon") or "hand"),
                part(item, "who") or "",
                part(item, "rest") or "",
                part(item, "words") or "",
                status,
                seal,
            )
        )
    return format_html(
        '<ol class="hands">{}</ol>',
        format_html_join(
            "",
            '<li{}><small>{}</small>{}<span><b>{}</b> {}<br><small>{}</small></span><span class="hand-state">{}{}</span></li>',
            lines,
        ),
    )


def empty(title: Any, todo: Any, url: str = "", label: Any = "") -> SafeString:
    """An empty page: what is so, what to do next, and the way there."""
    way = format_html('<a class="btn" href="{}">{}</a>', url, label) if url else NOTHING
    return format_html('<div class="empty"><b>{}</b><span>{}</span>{}</div>', title, todo, way)


def refusal_place(thing: Any) -> str:
    """File and place of a refusal in one line."""
    file, place = part(thing, "file"), part(thing, "place")
    if place is not None and not isinstance(place, str):
        place = places.words(place)
    if file and place:
        return _("{file}, {place}").format(file=file, place=place)
    return str(file or place or "")


def refusal(thing: Any) -> SafeString:
    """A refusal in full: file and place, what, remedy, code. Takes a Refusal, a Refused, or their dict."""
    inner = part(thing, "refusal") or thing
    head = refusal_place(inner)
    return format_html(
        '<div class="note stop refusal" role="alert"><b>{} {}</b>{}<span>{}</span>'
        '<span class="quiet">{} <span class="mono">{}</span></span></div>',
        shapes.icon("stop"),
        part(inner, "what") or "",
        format_html("<span>{}</span>", head) if head else NOTHING,
        part(inner, "remedy") or "",
        _("code"),
        plain(part(inner, "code")),
    )


def progress(job: Any) -> SafeString:
    """Long work: `34 of 46 files`, its bar, its state. Dict or record with done, total, unit/what, state, words."""
    done, total = part(job, "done") or 0, part(job, "total") or part(job, "of")
    what = part(job, "what") or part(job, "unit") or ""
    state = plain(part(job, "state") or "")
    if total:
        count = _("{done} of {total} {what}").format(done=f"{done:,}", total=f"{total:,}", what=what)
    else:
        count = _("{done} {what} so far").format(done=f"{done:,}", what=what)
    meter = format_html(
        '<span role="progressbar" aria-label="{}" aria-valuemin="0" aria-valuenow="{}" aria-valuemax="{}">{}</span>',
        what or _("progress"),
        done,
        total or done,
        shapes.bar(done, total or 0, big=True),
    )
    words = part(job, "words") or (
        _("you can leave this page, the work goes on") if state in ("", "running", "queued") else ""
    )
    return format_html(
        '<div class="lines progress"><div class="r"><b>{}</b><span class="quiet end">{}</span></div>{}</div>',
        count.strip(),
        words,
        meter,
    )


def rows_found(shown: int, total: int) -> str:
    """`11 of 187 rows`."""
    return ngettext("{shown} of {total} row", "{shown} of {total} rows", total).format(
        shown=f"{shown:,}", total=f"{total:,}"
    )
