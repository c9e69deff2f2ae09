"""What an officer sees when nothing stands at an address, a form is stale, or we have failed: words, a way on, no innards."""

import logging
import re

import pytest

from paricha.screens import pages


def test_nothing_at_an_address_does_not_say_why(rf):
    answer = pages.not_found(rf.get("/records/tip/0/"))
    assert answer.status_code == 404
    assert "not yours to see" in answer.content.decode()


def test_a_stale_form_is_said_and_nothing_is_kept(rf):
    answer = pages.not_allowed(rf.post("/x/"), reason="CSRF token missing.")
    text = answer.content.decode()
    assert answer.status_code == 403 and "Nothing was kept" in text and "CSRF" not in text.replace("csrf", "")


def test_our_fault_shows_a_number_that_stands_in_the_log_and_nothing_else(rf, caplog):
    with caplog.at_level(logging.ERROR):
        try:
            raise KeyError("a secret of ours")
        except KeyError:
            answer = pages.fault(rf.get("/queue/"))
    text = answer.content.decode()
    number = re.search(r'class="mono">([0-9A-F]{8})<', text)[1]
    assert answer.status_code == 500 and "a secret" not in text
    assert number in caplog.text and "a secret of ours" in caplog.text


@pytest.mark.parametrize(
    ("onward", "goes"),
    [("/queue/?q=1", "/queue/?q=1"), ("https://example.com/", "/"), ("//example.com", "/"), ("javascript:1", "/")],
)
def test_the_choice_of_light_goes_back_to_this_house_only(rf, onward, goes):
    answer = pages.look(rf.post("/screens/look/", {"next": onward, "light": "dark", "language": "ml"}))
    assert answer["Location"] == goes
    assert answer.cookies["paricha_light"].value == "dark" and answer.cookies["django_language"].value == "ml"


def test_a_language_or_light_that_is_not_ours_is_not_kept(rf):
    answer = pages.look(rf.post("/screens/look/", {"light": "'><script>", "language": "xx"}))
    assert not answer.cookies


def test_the_sheet_of_components_is_not_in_a_real_folder(rf, monkeypatch):
    from django.http import Http404

    monkeypatch.setattr(pages.unit, "is_synthetic", lambda: False)
    with pytest.raises(Http404):
        pages.states(rf.get("/screens/states/"))
