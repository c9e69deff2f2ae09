"""Why a tip was found; and one corpus whose answers are written down, so that both databases give the same."""

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.access.rights import Role
from paricha.audit.models import AuditRow
from paricha.grounds.folding import query_tokens
from paricha.records.deriving import words_of
from paricha.records.search import Asked, search
from paricha.records.search_reasons import marked, reasons, texts_of
from tests.records.documents import file, leaf, seen, suspect, tip, when

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(store):
    """Eight tips; the letter of each stands in its number."""
    people = {
        1: suspect(names=["അനുമോദ് കെ"], phones=["1000000417"], handle="kite_1", service="Example Share"),
        2: suspect(names=["Anumodh K"], emails=["K2@example.com"]),
        3: suspect(names=["Sreedharan P"]), 4: suspect(names=["ശ്രീധരന്‍ പി"]), 5: suspect(names=["ശ്രീധരൻ പി"]),
        6: suspect(names=["José Straße"]), 7: suspect(names=["राजेश"]), 8: suspect(names=["ＲＡＪＥＳＨ"]),
    }  # fmt: skip
    store(*[
        tip(
            f"77000{n}", form="csv" if n % 2 else "json", people=[person], reporter_name=leaf("Example Mail" if n < 5 else "Ärger Chat"),
            received_at=when(f"2026-05-0{n}T10:00:00Z"), sightings=[seen(f"203.0.113.{n}")] if n < 3 else [],
            files=[file(f"plan_{n}.bin", f"{n}" * 8 + "ab" * 12)],
        )
        for n, person in people.items()
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (Asked("anumod"), "21"), (Asked("അനുമോദ്"), "21"), (Asked("sreedharan"), "543"), (Asked("ശ്രീധരൻ"), "543"),
        (Asked("ശ്രീധരന്‍"), "543"), (Asked("rajesh"), "87"), (Asked("jose"), "6"), (Asked("STRASSE"), "6"), (Asked("plan bin"), "87654321"),
        (Asked("7700"), "12345678"), (Asked("770003"), "3"), (Asked("10000-00417"), "1"), (Asked("k2@EXAMPLE.com"), "2"),
        (Asked("11111111ab"), "1"), (Asked("plan bin", form="csv"), "7531"), (Asked("plan bin", reporter="ärger"), "8765"),
        (Asked("plan bin", reporter="ÄRGER chat"), "8765"), (Asked("plan bin", received_from="2026-05-03", received_to="2026-05-04"), "43"),
        (Asked("plan bin", has="phone"), "1"), (Asked("plan bin", has="address"), "21"), (Asked("plan bin", has="device"), ""),
        (Asked("plan bin", unit="999999"), ""), (Asked("anumod sreedharan"), ""), (Asked("%_"), ""), (Asked("' OR 1=1 --"), ""),
        (Asked('"plan" NEAR bin*'), ""), (Asked("\x00plan"), "87654321"), (Asked("7" * 400), ""),
    ],
    ids=lambda value: value.text[:20] if isinstance(value, Asked) else "",
)  # fmt: skip
def test_the_corpus_gives_the_answers_that_are_written_down(corpus, officer, asked, numbers):
    assert "".join(str(one)[-1] for one in search(officer, asked).tips) == numbers


def test_pages_of_words_go_on_where_the_last_ended(corpus, officer):
    found, below = [], None
    while True:
        page = search(officer, "plan bin", limit=3, below=below)
        found += [str(one)[-1] for one in page.tips]
        below = page.below
        if below is None:
            break
    assert "".join(found) == "87654321"


def test_a_word_is_marked_as_written_with_its_place_and_a_sound_is_said_to_be_one():
    document = tip(
        "1", people=[suspect(names=["അനുമോദ് കെ"])], incident_description=leaf("By night, Anumod wrote", "/summary")
    )
    first, second = reasons(document, query_tokens("anumod"))
    assert (first.pieces, first.alike, first.place["at"]) == (
        [("By night, ", False), ("Anumod", True), (" wrote", False)],
        False,
        "/summary",
    )
    assert (second.pieces, second.alike, second.label) == ([("അനുമോദ്", True), (" കെ", False)], True, "Suspect 1")


def test_old_chillu_is_marked_whole():
    assert marked("ശ്രീധരന്‍ പി", {"ശ്രീധരൻ"}) == [("ശ്രീധരന്‍", True), (" പി", False)]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.text(max_size=12))
def test_marking_loses_no_letter_of_what_it_shows(text, asked):
    wanted = {token for any_of in query_tokens(asked) for token in any_of}
    pieces = marked(text, wanted)
    assert "".join(piece for piece, _ in pieces).strip("…") in text or "…" in text


def test_every_word_that_is_indexed_can_be_shown():
    document = tip("1", people=[suspect(names=["Anil K"], handle="kite fly")], incident_type=leaf("Upload"), reporter_name=leaf("Example"),
                   incident_description=leaf("രണ്ട് ഫയലുകൾ"), files=[file("plan_9.bin", "a" * 32)])  # fmt: skip
    shown = {leaf.value for _label, leaf in texts_of(document) if leaf is not None}
    for word in words_of(document):
        assert any(marked(value, {word}) for value in shown), word


def test_the_page_says_why_keeps_filters_and_writes_down_numbers_but_no_words(corpus, officer, client):
    client.force_login(officer.user)
    page = client.get(
        reverse("records:search"), {"q": "anumod", "form": "csv", "received_from": "2026-05-01"}
    ).content.decode()
    assert "<mark>അനുമോദ്</mark>" in page and "written alike" in page and 'value="2026-05-01"' in page
    row = AuditRow.objects.get(event="records:search:asked")
    assert "anumod" not in row.facts and '"tips": 1' in row.facts
    sheet = client.get(reverse("records:search"), {"q": "plan bin", "export": "csv"})
    assert b"".join(sheet.streaming_content).count(b"\r\n") == 9


@pytest.mark.parametrize("query", [{"q": "plan", "received_from": "yesterday"}, {"q": "plan", "below": "x"}, {"q": "plan", "has": "x"},
                                   {"q": "plan", "unit": "x"}, {"form": "csv"}])  # fmt: skip
def test_broken_values_in_the_address_are_answered_in_words(corpus, officer, client, query):
    client.force_login(officer.user)
    assert client.get(reverse("records:search"), query).status_code == 200


def test_saved_searches_are_not_another_officers(officer, make_officer, client):
    client.force_login(officer.user)
    client.post(reverse("records:save_search"), {"q": "night", "name": "mine"})
    url = client.post(reverse("records:save_search"), {"q": "night", "name": "other"})["Location"]
    assert client.get(url).status_code == 200
    client.force_login(make_officer("Basil", Role.ANALYST).user)
    assert client.get(url).status_code == 404
    assert client.post(url + "mute/").status_code == 404
    assert "mine" not in client.get(reverse("records:search")).content.decode()
