"""Home: what waits by role, what runs out, what changed for those who may see it; notices told once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.feed import FeedEvent
from paricha.audit.models import AuditRow
from paricha.desk import queries, verbs
from paricha.desk.models import Notice
from paricha.desk.running import running
from paricha.desk.waits import waits
from paricha.dispatch.models import Dispatch
from paricha.dispatch.queries import today
from paricha.dispatch.verbs import send_tip
from paricha.records.models import Tip
from paricha.triage.verbs import take_tip
from tests.exhibits.conftest import EXHIBIT, evening  # noqa: F401  a fixture
from tests.records.conftest import bring  # noqa: F401  a fixture
from tests.records.documents import write_reports

pytestmark = pytest.mark.django_db


def said(officer) -> dict[str, int]:
    return {wait.what: wait.count for wait in waits(officer)}


@pytest.fixture
def tips(bring, tmp_path, officer):  # noqa: F811
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all

    bring(write_reports(tmp_path / "in", 990000001, 990000002))
    stamp_all()
    consume_due()
    return list(Tip.objects.order_by("report_number"))


@pytest.mark.parametrize("role", list(Role))
def test_home_opens_for_every_role_and_its_lines_lead_somewhere(role, officer, make_officer, tips, client):
    who = make_officer(f"Officer {role}", role)
    client.force_login(who.user)
    page = client.get(reverse("desk:home"))
    assert page.status_code == 200
    for wait in waits(who):
        assert client.get(wait.url).status_code == 200, wait.what
    for one in running(who):
        assert client.get(one.url).status_code == 200, one.what


def test_what_waits_is_asked_only_where_the_right_reaches(tips, officer, make_officer):
    analyst, auditor = make_officer("Analyst", Role.ANALYST), make_officer("Auditor", Role.AUDITOR)
    assert said(analyst) == {"unread tips": 2}
    assert said(auditor) == {}
    take_tip(officer, tips[0])
    assert said(officer)["tips in your hands"] == 1 and said(analyst) == {"unread tips": 1}


def test_the_evening_waits_for_custodian_investigator_and_district(evening):  # noqa: F811
    evening.by_phone("entered", at=None)
    evening.by_phone("exhibit-taken", EXHIBIT)
    evening.due()
    assert said(evening.investigator)["searched sites without an outcome"] == 1
    assert said(evening.stranger) == {}
    ends = running(evening.first)
    assert [one.grade for one in ends] == ["neutral", "neutral"] and ends[-1].ends == "without delay"


def test_a_dispatch_runs_out_for_sender_and_receiver_by_the_units_day(tips, officer, make_officer):
    kallar = add_unit(officer, "Kallar", under=officer.unit, kind=UnitKind.DISTRICT)
    chief = make_officer("Chief of Kallar", Role.DISTRICT, unit=kallar)
    sent = send_tip(officer, tips[0], to=kallar, due_on=today() + timedelta(days=2), enclosed=["report"])
    for who in (officer, chief):
        assert [(one.left, one.grade) for one in running(who)] == [("2 days", "warn")]
    assert said(chief) == {"tips of headquarters to report on": 1}
    Dispatch.objects.filter(pk=sent.pk).update(due_on=today() - timedelta(days=1))
    assert [(one.left, one.grade) for one in running(chief)] == [("1 day over", "stop")]
    assert said(officer)["dispatches past their date"] == 1 and said(chief) == {
        "tips of headquarters past their date": 1
    }


def told(event, officer, *touched, n=1, at_ns=None):
    import time

    return FeedEvent(
        n, n.to_bytes(16, "big"), event, officer.id16 if officer else None, at_ns or time.time_ns(), list(touched), {}
    )


def test_an_outcome_is_told_once_to_those_who_acted_and_not_to_those_who_looked(
    tips, officer, make_officer, acting_as, client
):
    analyst, reader, doer = (make_officer(name, Role.ANALYST) for name in ("Acts", "Looks", "Reports"))
    with acting_as(analyst):
        take_tip(analyst, tips[0])
    client.force_login(reader.user)
    assert client.get(reverse("records:tip", args=[tips[0].id16])).status_code == 200
    unit = ("unit", officer.unit.id.to_bytes(16, "big"))
    event = told("dispatch:report:received", doer, ("tip", tips[0].id16), ("dispatch", bytes(16)), unit)
    verbs.tell([event])
    verbs.tell([event])
    assert [one.officer_id for one in Notice.objects.all()] == [analyst.pk]
    client.force_login(analyst.user)
    home = client.get(reverse("desk:home")).content.decode()
    assert "A district reported back: Tip 990000001" in home
    assert "A district reported back" in client.get(reverse("desk:notices")).content.decode()
    client.post(reverse("desk:notices-seen"))
    assert Notice.objects.get().seen_at is not None
    assert AuditRow.objects.filter(event="desk:notice:seen", officer=analyst.id16).count() == 1


def test_a_notice_names_its_thing_only_while_it_may_be_seen(tips, officer, make_officer, acting_as):
    analyst = make_officer("Acts", Role.ANALYST)
    with acting_as(analyst):
        take_tip(analyst, tips[0])
    verbs.tell([told("dispatch:tip:returned", officer, ("tip", tips[0].id16))])
    puzha = add_unit(officer, "Puzha", under=officer.unit, kind=UnitKind.DISTRICT)
    analyst.unit = puzha
    analyst.save()
    shown = queries.notices_shown(analyst, queries.notices(analyst))
    assert [(one["words"], one["url"]) for one in shown] == [("A district returned a tip", "")]


def test_what_changed_shows_nothing_of_an_operation_that_one_is_not_in(evening, client):  # noqa: F811
    outsider = evening.make_officer("Analyst", Role.ANALYST, Role.SUPERVISOR)
    from paricha.operations.verbs.stops import stop

    stop(evening.officer, evening.operation, site=evening.site, reason="The occupant moved away.")
    assert not any("stopped" in str(one["words"]) for one in queries.changed(outsider, None))
    client.force_login(outsider.user)
    assert evening.operation.number not in client.get(reverse("desk:home")).content.decode()


def test_one_goes_on_where_one_left(tips, officer, client):
    client.force_login(officer.user)
    client.get(reverse("records:tip", args=[tips[1].id16]))
    home = client.get(reverse("desk:home")).content.decode()
    assert "Tip 990000002" in home and "Continue" in home
    assert client.get(reverse("desk:search"), {"q": "kite"}).url.endswith("?q=kite")
