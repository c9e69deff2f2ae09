"""Links on a real database: both directions, hubs weaken and vanish, an officer's word outlives a rebuild."""

import pytest
from django.db import transaction
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused
from paricha.linking import proposing, queries, rebuild, verbs
from paricha.linking.models import Link, LinkDecision, Verdict
from paricha.records import bulk
from paricha.records.models import Tip
from tests.records.conftest import store  # noqa: F401  a fixture
from tests.records.documents import suspect, tip

pytestmark = pytest.mark.django_db


def number(n: int) -> str:
    return str(990000000 + n)


def same_account(*numbers: int, user_id="70001"):
    return [tip(number(n), people=[suspect(service="Example Share", user_id=user_id, handle=f"h{n}")]) for n in numbers]


def linked() -> set[bytes]:
    """Make the links of all tips anew; gives the tips touched."""
    with transaction.atomic():
        return proposing.propose_for(Tip.objects.values_list("id16", flat=True))


@pytest.fixture
def pair(store):  # noqa: F811
    store(*same_account(1, 2))
    linked()
    return Tip.objects.get(report_number=number(1)), Tip.objects.get(report_number=number(2))


def test_both_tips_know_of_their_link_with_rule_and_strength(pair, officer):
    for one in pair:
        found = queries.links_of(officer, one).get()
        assert (found.rule, found.strength, found.sharing, found.word) == ("L01", 98, 2, None)
    assert queries.linked_counts([one.pk for one in pair]) == {pair[0].pk: 1, pair[1].pk: 1}


def test_told_twice_the_links_are_the_same(pair):
    before = rebuild.digest()
    linked()
    assert rebuild.digest() == before and Link.objects.count() == 1


def test_a_service_is_part_of_an_account(store):  # noqa: F811
    store(*same_account(1), tip(number(2), people=[suspect(service="Example Mail", user_id="70001", handle="x")]))
    assert linked() == set() and not Link.objects.exists()


def test_a_hub_weakens_and_a_shop_of_fifty_proposes_nothing(store):  # noqa: F811
    store(*same_account(*range(1, 31)))
    linked()
    assert set(Link.objects.values_list("strength", "sharing")) == {(98 * 20 // 40, 30)}
    store(*same_account(*range(31, 51)))
    touched = linked()
    assert not Link.objects.exists()
    assert len(touched) == 30  # those that lost their links are ranked again too


def test_only_tips_that_won_or_lost_a_link_are_named(store):  # noqa: F811
    store(*same_account(1, 2))
    linked()
    store(*same_account(3))
    ids = {tip.report_number: tip.id16 for tip in Tip.objects.all()}
    assert linked() == {ids[number(1)], ids[number(3)]}
    assert set(Link.objects.values_list("sharing", flat=True)) == {3}
    assert linked() == set()


def test_an_officers_word_outlives_a_rebuild(pair, officer):
    verbs.decide_link(
        officer, queries.links_of(officer, pair[0]).get(), verdict=Verdict.SAME, reason="Same phone in both."
    )
    before = rebuild.digest()
    rebuild.forget()
    assert not Link.objects.exists()
    rebuild.again()
    assert rebuild.digest() == before
    assert queries.links_of(officer, pair[1]).get().word == Verdict.SAME
    assert queries.undecided(officer) is None


def test_a_later_word_replaces_the_first_and_both_are_kept(pair, officer):
    for verdict in (Verdict.SAME, Verdict.DIFFERENT):
        verbs.decide_link(officer, queries.links_of(officer, pair[0]).get(), verdict=verdict, reason="Looked again.")
    assert queries.links_of(officer, pair[0]).get().word == Verdict.DIFFERENT
    assert LinkDecision.objects.count() == 2
    with pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
        verbs.decide_link(officer, queries.links_of(officer, pair[0]).get(), verdict=Verdict.SAME, reason=" ")


def test_the_links_of_a_deleted_tip_go_with_it(pair):
    bulk.delete_where(Tip, "id", [pair[1].pk])
    with transaction.atomic():
        assert proposing.drop_loose() == {pair[0].id16}
    assert not Link.objects.exists()


def test_a_link_into_another_district_is_seen_by_those_above_only(pair, officer, make_officer, client):
    kallar = add_unit(officer, "Kallar", under=officer.unit, kind=UnitKind.DISTRICT)
    Tip.objects.filter(pk=pair[0].pk).update(unit=kallar)
    mine = make_officer("Analyst of Kallar", Role.ANALYST, unit=kallar)
    link = Link.objects.get()
    assert not queries.links(mine).exists() and queries.undecided(mine) is None
    client.force_login(mine.user)
    assert number(2) not in client.get(reverse("linking:list")).content.decode()
    assert client.get(reverse("linking:one", args=[link.id16])).status_code >= 400
    assert (
        client.post(reverse("linking:decide", args=[link.id16]), {"verdict": "same", "reason": "x"}).status_code >= 400
    )
    tab = client.get(reverse("records:tip", args=[pair[0].id16]), {"tab": "links"}).content.decode()
    assert number(1) in tab and number(2) not in tab
    assert queries.links(officer).count() == 1


def test_a_link_is_decided_on_its_page_where_the_value_stands_in_both(pair, officer, client):
    client.force_login(officer.user)
    link = Link.objects.get()
    assert number(2) in client.get(reverse("linking:list")).content.decode()
    page = client.get(reverse("linking:one", args=[link.id16])).content.decode()
    assert page.count("70001") >= 3 and "strength 98 % (uncalibrated), shared by 2 tips" in page
    assert AuditRow.objects.filter(event="linking:link:read", touches__thing=pair[0].id16).exists()
    assert client.post(reverse("linking:decide", args=[link.id16]), {"reason": "x"}).status_code >= 400
    done = client.post(
        reverse("linking:decide", args=[link.id16]), {"verdict": "same", "reason": "One account id."}, follow=True
    )
    assert "One account id." in done.content.decode()
    tab = client.get(reverse("records:tip", args=[pair[0].id16]), {"tab": "links"}).content.decode()
    assert "Judged by rule" in tab and number(2) in tab
