"""Cases on a real database: an outcome once, corrected openly; numbers once; the law of that day; the sums agree."""

from datetime import timedelta

import pytest
from django.urls import reverse

from paricha.cases import queries, verbs
from paricha.cases.models import Case, CaseKind, NotSearched, Section
from paricha.grounds.refusals import Refused
from paricha.operations.models import OperationState
from tests.exhibits.conftest import EXHIBIT, evening  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def today():
    from paricha.dispatch.queries import today as day

    return day()


@pytest.fixture
def searched(evening):  # noqa: F811
    """The evening with its site entered and a phone seized."""
    evening.by_phone("entered")
    evening.by_phone("exhibit-taken", EXHIBIT)
    evening.due()
    return evening


def register(evening, site=None, **given):  # noqa: F811
    given = {"kind": CaseKind.FIR, "station": "Kallar Cyber", "reference": "12/2026", "on": today()} | given
    with evening.acting_as(evening.investigator):
        return verbs.open_case(evening.investigator, site or evening.site, **given)


def test_a_search_becomes_a_case_with_sections_of_that_day(searched):
    case = register(searched)
    assert (case.number, case.unit_id) == ("C-0001", searched.kallar.pk)
    sections = {(one.act, one.section) for one in case.sections.all()}
    assert sections == {("Information Technology Act, 2000", "67B"), ("POCSO Act, 2012", "15")}
    assert all(one.proposed for one in case.sections.all())


def test_a_site_that_nobody_entered_has_no_outcome(evening):  # noqa: F811
    with pytest.raises(Refused, match="CASE-NOT-SEARCHED"):
        register(evening)


def test_a_fir_number_is_registered_once_a_station_and_year(searched):
    register(searched)
    _operation, other, phone = searched.enter_the_road()
    searched.by_phone("entered", phone=phone, site=other)
    for written in ("12/2026", " 12 / 2026", "12/2026 "):
        with pytest.raises(Refused, match="CASE-NUMBER-TWICE"):
            register(searched, other, station="kallar  cyber", reference=written)
    with pytest.raises(Refused, match="CASE-NUMBER-MISSING"):
        register(searched, other, reference=" ")
    assert register(searched, other, station="Another station").number == "C-0002"


@pytest.mark.parametrize("days", [1, -3])
def test_a_day_ahead_or_before_the_search_is_refused(searched, days):
    with pytest.raises(Refused, match="CASE-DAY"):
        register(searched, on=today() + timedelta(days=days))


def test_a_section_that_was_not_in_force_is_refused(searched, monkeypatch):
    from datetime import date

    from paricha.cases.law import LawLine

    case = register(searched)
    ended = LawLine("Old Act", "9", "repealed", date(1990, 1, 1), date(2024, 6, 30), "fir", "made for this test")
    monkeypatch.setattr(verbs, "law_lines", lambda: [*queries.law_lines(), ended])
    with searched.acting_as(searched.investigator):
        for act, section in (("Old Act", "9"), ("Information Technology Act, 2000", "999")):
            with pytest.raises(Refused, match="CASE-SECTION"):
                verbs.set_section(searched.investigator, case, act=act, section=section)
        row = verbs.set_section(searched.investigator, case, act="POCSO Act, 2012", section="15", out=True)
    assert row.out and Section.objects.filter(case=case).count() == 2  # taken out stays, marked


def test_a_correction_names_what_it_corrects_and_both_are_kept(searched):
    first = register(searched)
    with searched.acting_as(searched.investigator):
        verbs.set_section(searched.investigator, first, act="POCSO Act, 2012", section="14")
        verbs.set_section(searched.investigator, first, act="POCSO Act, 2012", section="15", out=True)
    with pytest.raises(Refused, match="CASE-SITE"):
        register(searched, reference="13/2026")
    second = register(searched, reference="12/2026", words="The day was wrong.", corrects=first)
    assert Case.objects.count() == 2 and list(queries.cases(searched.investigator)) == [second]
    assert {(one.section, one.out) for one in second.sections.all()} == {("67B", False), ("14", False), ("15", True)}
    with pytest.raises(Refused, match="CASE-SITE"):
        register(searched, reference="14/2026", corrects=first)


def test_each_site_is_searched_or_has_its_reason_or_is_named_as_open(searched, officer):
    operation = searched.operation
    sums = queries.sums_of(operation)
    assert sums.agrees and (sums.identified, sums.searched, sums.open) == (1, 1, [])
    other, site, _phone = searched.enter_the_road()
    assert queries.sums_of(other).open == ["site 1"] and queries.sums_of(other).agrees
    with searched.acting_as(searched.investigator):
        with pytest.raises(Refused, match="CASE-SEARCHED"):
            verbs.say_why_not(searched.investigator, None, site=searched.site, reason=NotSearched.MOVED)
        verbs.say_why_not(searched.investigator, None, site=site, reason=NotSearched.NOBODY)
        verbs.say_why_not(searched.investigator, None, site=site, reason=NotSearched.LATER, words="Tomorrow at six.")
    sums = queries.sums_of(other)
    assert sums.not_searched == {"later": 1} and sums.open == [] and sums.agrees


def test_a_stop_is_a_reason_by_itself(searched, officer):
    from paricha.operations.verbs.stops import stop

    other, site, _phone = searched.enter_the_road()
    stop(officer, other, site=site, reason="The occupant moved away.")
    assert queries.sums_of(other).not_searched == {"stopped": 1}
    third, _site, _phone = searched.enter_the_road()
    stop(officer, third, site=None, reason="The whole operation waits.")
    assert queries.sums_of(third).not_searched == {"stopped": 1}


def test_before_release_nobody_outside_the_operation_learns_of_a_site(evening, client):  # noqa: F811
    assert not queries.sites_of(evening.investigator).exists()
    client.force_login(evening.investigator.user)
    assert client.get(reverse("cases:site", args=[evening.site.id])).status_code == 404
    evening.operation.state = OperationState.RELEASED
    evening.operation.save()
    assert list(queries.sites_of(evening.investigator)) == [evening.site]
    assert queries.without_reason(evening.investigator) == [evening.site]
    assert not queries.sites_of(evening.stranger).exists()


def test_the_districts_investigator_says_the_outcome_on_his_page(searched, client):
    client.force_login(searched.investigator.user)
    assert "1 searched site has no outcome yet" in client.get(reverse("cases:list")).content.decode()
    page = reverse("cases:site", args=[searched.site.id])
    given = {"kind": "fir", "station": "Kallar Cyber", "reference": "12/2026", "on": today().isoformat(), "words": ""}
    made = client.post(page, given, follow=True)
    assert "Case C-0001" in made.content.decode() and "67B" in made.content.decode()
    # another officer's form, opened before that: it corrects nothing that he has not seen
    stale = client.post(page, given | {"reference": "13/2026", "corrects": ""})
    assert stale.status_code == 409 and "CASE-SITE" in stale.content.decode()
    seen = given | {"kind": "s106", "reference": "S-9/2026", "corrects": Case.objects.get().id.hex()}
    assert client.post(page, seen).status_code == 302
    assert queries.cases(searched.investigator).get().kind == CaseKind.S106
    assert client.post(reverse("cases:section", args=[queries.cases(searched.investigator).get().id]),
                       {"section": "POCSO Act, 2012|15"}).status_code == 302  # fmt: skip


def test_another_district_sees_no_case_and_no_count(searched, client):
    case = register(searched)
    assert not queries.cases(searched.stranger).exists() and queries.waiting(searched.stranger) is None
    client.force_login(searched.stranger.user)
    assert "C-0001" not in client.get(reverse("cases:list")).content.decode()
    assert client.get(reverse("cases:one", args=[case.id])).status_code == 404
    assert client.get(reverse("cases:site", args=[searched.site.id])).status_code == 404


def test_the_site_line_counts_once_what_was_told_twice(searched):
    searched.by_telephone("person-arrested", {"name": "Made-up Person"})
    searched.by_phone("person-arrested", {"name": "Made-up Person"})
    searched.due()
    line = next(queries.plain_sites([searched.site]))
    assert (line["searched"], line["exhibits"], line["arrests"], line["outcome"], line["why_not"]) == (
        True,
        1,
        1,
        None,
        None,
    )
