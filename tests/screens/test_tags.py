"""Each tag says what it must: the place beside the value, two zones with the weekday, a word with every shape, nothing unescaped."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from paricha.grounds.instants import Instant, Precision, ZoneSource, read_instant
from paricha.grounds.provenance import Locator, LocatorKind, Reading
from paricha.grounds.refusals import CODES, Refused
from paricha.screens import moments, nav, places, shapes

SHA = "ab" * 32


def draw(text: str, **values) -> str:
    return Template("{% load paricha %}" + text).render(Context(values))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


def test_an_instant_shows_the_units_zone_with_weekday_and_utc():
    shown = words(draw("{% instant i %}", i=read_instant("2026-11-21 13:34:11 UTC")))
    assert shown == "Sat 21 Nov 2026, 19:04:11 IST 13:34:11 UTC, stated with zone"


def test_an_instant_near_midnight_names_the_other_day_in_utc():
    shown = words(draw("{% instant i %}", i=datetime(2026, 11, 21, 20, 10, tzinfo=UTC)))
    assert shown.startswith("Sun 22 Nov 2026, 01:40:00 IST Sat 21 Nov, 20:10:00 UTC")


def test_an_instant_is_never_finer_than_written():
    minute = Instant(datetime(2026, 11, 21, 13, 34, tzinfo=UTC), Precision.MINUTE, "13:34", ZoneSource.COLUMN)
    day = Instant(datetime(2026, 11, 20, 18, 30, tzinfo=UTC), Precision.DAY, "21/11/2026", ZoneSource.PROFILE)
    assert "19:04 IST" in words(draw("{% instant i %}", i=minute))
    assert words(draw("{% instant i %}", i=day)) == "Sat 21 Nov 2026 day only"


def test_an_instant_without_a_zone_keeps_its_writing_and_says_so():
    shown = words(draw("{% instant i %}", i=read_instant("2026-11-21 13:34:11")))
    assert shown == "2026-11-21 13:34:11 no zone stated"


def test_no_instant_is_not_stated_and_a_naive_one_is_an_error():
    assert words(draw("{% instant i %}", i=None)) == "not stated"
    with pytest.raises(ValueError, match="zone"):
        moments.instant(datetime(2026, 11, 21))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("kind", "at", "said"),
    [
        ("json_pointer", "/a/0", "JSON /a/0"),
        ("json_pointer", [3, "/a"], "line 3, JSON /a"),
        ("cell", ["Sheet1", "C7"], "Sheet1, C7"),
        ("cell", ["", "C7"], "cell C7"),
        ("page_rect", [4, 1, 2, 3, 4], "PDF p. 4"),
        ("line", 12, "line 12"),
        ("row", ["tip", "x"], "tip, row x"),
        ("entry", ["A. Menon", "2026-11-21T13:34:11Z"], "typed by A. Menon"),
    ],
)
def test_a_locator_is_said_as_officers_read_it(kind, at, said):
    assert places.words({"original": SHA, "kind": kind, "at": at}) == said


def test_a_value_stands_beside_its_place_and_links_there():
    reading = Reading("203.0.113.47", Locator(SHA, LocatorKind.CELL, ["Sheet1", "C7"]), "x/1")
    shown = draw("{% value r %}", r=reading)
    assert words(shown) == "203.0.113.47 Sheet1, C7"
    plain = draw("{% value r %}", r=reading.to_plain())
    assert plain == shown
    address = places.original_url(reading.locator)
    if address:  # once the vault stands
        assert address == f"/vault/original/{SHA}/?kind=cell&at=%5B%22Sheet1%22%2C+%22C7%22%5D"
        assert "C7%22%5D" in shown


def test_values_that_are_markup_stay_text():
    evil = "<img src=x onerror=alert(1)>"
    reading = {"value": evil, "locator": {"original": SHA, "kind": "json_pointer", "at": evil}}
    template = (
        "{% value r %}{% facts f %}{% reasons w %}{% checks c %}{% told t %}{% note 'stop' e %}{{ e }}{% endnote %}"
        "{% state e 'good' %}{% chain s %}{% empty e e %}"
    )
    check = {"code": evil, "outcome": "hold", "words": evil, "src": evil, "decided_by": evil}
    step = {"label": evil, "head": evil, "lines": [evil], "src": evil}
    told = {"at": evil, "words": evil, "by": evil}
    everything = draw(
        template, r=reading, f=[(evil, evil)], w=[(evil, evil), evil], e=evil, t=[told], c=[check], s=[step]
    )
    assert "<img" not in everything


def test_nothing_a_tag_draws_needs_an_inline_style_or_script():
    drawn = draw(
        "{% axes a %}{% bar 3 4 'warn' %}{% pct 78 %}{% tiles t %}{% progress j %}",
        a=[1, None, 100, 7],
        t=[{"name": "x", "done": 1, "of": 2}],
        j={"done": 3, "total": 9},
    )
    assert "style=" not in drawn and "onclick" not in drawn


def test_every_state_has_a_shape_and_an_unknown_grade_is_an_error():
    for grade in ("good", "warn", "hold", "stop", "live", "neutral"):
        assert "<svg" in shapes.state("Word", grade) and "Word" in shapes.state("Word", grade)
    with pytest.raises(ValueError, match="grade"):
        shapes.state("Word", "red")


def test_a_check_speaks_its_outcome():
    shown = draw("{% checks c %}", c=[{"code": "C20", "outcome": "block", "words": "The reply ends before"}])
    assert 'aria-label="blocked"' in shown and "C20" in shown


def test_an_axis_not_known_is_no_zero():
    shown = draw("{% axes a %}", a={"child_at_risk": 74, "solvability": None, "seriousness": 0, "history_access": 1})
    assert "solvability not known yet" in shown and ">–<" in shown and "seriousness and scale 0" in shown


def test_a_refusal_shows_file_place_what_remedy_and_code():
    refused = Refused(next(iter(CODES)), "The port is 4011.", "Write it again.", file="reply.xlsx", place="Sheet1, C7")
    shown = words(draw("{% refusal r %}", r=refused))
    assert shown == f"The port is 4011. reply.xlsx, Sheet1, C7 Write it again. code {next(iter(CODES))}"


class Form(forms.Form):
    at = forms.CharField(label="Entry time", help_text="In IST")
    order = forms.ChoiceField(
        label="Order", choices=[("d", "Day"), ("m", "Month")], widget=forms.RadioSelect, required=False
    )
    sure = forms.BooleanField(label="I have looked")


def test_a_field_in_error_is_described_by_its_words():
    form = Form({"order": "x"})
    shown = draw("{% error_summary form %}{% field form.at %}{% field form.order %}{% field form.sure %}", form=form)
    assert 'aria-describedby="id_at_hint id_at_error"' in shown and 'aria-invalid="true"' in shown
    assert shown.count('id="id_at_error"') == 1 and 'href="#id_at"' in shown
    assert shown.count('type="radio"') == 2 and "<legend>Order</legend>" in shown


def test_a_disabled_primary_stands_beside_its_reason_and_has_no_key():
    shown = draw("{% primary '/x/' 'Sign' key='g' disabled_reason=why %}", why="You signed first.")
    assert "disabled" in shown and "You signed first." in shown and "data-key" not in shown
    assert 'data-key="g"' in draw("{% primary '/x/' 'Sign' key='g' %}")


def test_a_post_button_carries_the_token(rf):
    request = rf.get("/")
    shown = draw("{% primary '/x/' 'Take' method='post' %}", request=request)
    assert 'method="post"' in shown and re.search(r'csrfmiddlewaretoken" value="\w{64}"', shown)


def test_a_reason_dialog_keeps_a_reason():
    shown = draw("{% reason_dialog 'd' 'Override C26' '/o/' 'Override' %}<p>More</p>{% endreason_dialog %}")
    assert '<dialog class="dialog" id="d"' in shown and 'minlength="20"' in shown and "<p>More</p>" in shown


def test_malayalam_pages_speak_malayalam():
    with override("ml"):
        assert words(draw("{% not_stated %}")) == "പറഞ്ഞിട്ടില്ല"
        assert "കുട്ടി ഇപ്പോൾ അപകടത്തിൽ" in draw("{% axes a %}", a=[1, 2, 3, 4])


def officer(*rights):
    return SimpleNamespace(name="A. Menon", may=lambda right: right in rights)


@pytest.fixture
def menu(monkeypatch):
    monkeypatch.setattr(nav, "_entries", {})
    return nav


def test_the_menu_keeps_the_roads_order_and_hides_what_is_not_built(menu):
    menu.register("audit", "Audit log", "seal", "screens:states")
    menu.register("triage", "Queue", "rank", "screens:states", count=lambda officer: 214)
    menu.register("intake", "Intake", "tray", "screens:states")
    menu.register("trends", "Trends", "trend", "nowhere:at-all")
    shown = menu.items(officer(), "/")
    assert [item["room"] for item in shown] == ["intake", "triage", "audit"]
    assert [item["count"] for item in shown] == [None, 214, None]


def test_an_entry_needs_its_right(menu):
    menu.register("triage", "Queue", "rank", "screens:states", right="read")
    assert menu.items(officer(), "/") == [] and menu.items(None, "/") == []
    assert len(menu.items(officer("read"), "/")) == 1


def test_a_room_that_is_not_on_the_road_is_refused(menu):
    with pytest.raises(ValueError, match="road"):
        menu.register("kitchen", "Kitchen", "box", "x")
