"""The queue on a real database: it follows the feed, keeps its order, and never lets two officers work unaware."""

import pytest
from django.db import transaction
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.feed import consume_due
from paricha.audit.stamp import stamp_all
from paricha.grounds.refusals import Refused
from paricha.records.models import Tip
from paricha.records.verbs import decide_conflict
from paricha.triage import queries, rebuild, verbs
from paricha.triage.jobs import rank_waiting
from paricha.triage.models import Decision, Rank, State, Taking, Verdict
from paricha.triage.scoring import TOP
from tests.records.conftest import bring, store  # noqa: F401  fixtures
from tests.records.documents import leaf, seen, suspect, tip, write_reports

pytestmark = pytest.mark.django_db


def due() -> None:
    """What the scheduler does until nothing is left: stamps and consumers."""
    for _ in range(3):
        stamp_all()
        consume_due()


def rank_of(number: str) -> Rank:
    return Rank.objects.select_related("tip").get(tip__report_number=number)


@pytest.fixture
def tips(bring, tmp_path):  # noqa: F811
    """Three tips in the order of their ranks: 1 to the top by a rule, 2, 3."""
    write_reports(tmp_path / "a", 990000001, priority="1")
    write_reports(tmp_path / "b", 990000002, priority="2", handle="other_one")
    write_reports(tmp_path / "c", 990000003, priority="4", handle="third_one")
    bring(tmp_path)
    due()
    return [Tip.objects.get(report_number=f"99000000{n}") for n in (1, 2, 3)]


def test_ranks_follow_stored_tips_and_are_the_same_when_told_twice(tips):
    before = list(Rank.objects.order_by("id16").values_list("id16", "rank", "state", "reasons"))
    assert len(before) == 3
    assert rank_of("990000001").rank >= TOP > rank_of("990000002").rank > rank_of("990000003").rank
    with transaction.atomic():
        verbs.rank_changed_tips([told("records:tips:stored", *tips)] * 2)
    assert list(Rank.objects.order_by("id16").values_list("id16", "rank", "state", "reasons")) == before


def told(event, *tips, at_ns=1, **facts):
    """An event of the feed as the consumers get it."""
    from paricha.audit.feed import FeedEvent

    return FeedEvent(1, bytes(16), event, None, at_ns, [("tip", one.id16) for one in tips], facts)


def test_a_decided_conflict_moves_the_rank(store, officer):  # noqa: F811
    from paricha.triage.ranking import rank_tips

    store(tip(priority_stated=leaf("3")), tip(form="csv", priority_stated=leaf("1")))
    row = Tip.objects.get()
    with transaction.atomic():
        rank_tips([row.id16])
    low = rank_of("990000001").rank
    decide_conflict(officer, row, "priority.stated", reading=1, reason="The sheet was corrected by telephone.")
    due()
    assert rank_of("990000001").rank >= TOP > low


def test_a_link_found_later_moves_the_rank_of_the_older_tip(bring, tmp_path):  # noqa: F811
    write_reports(tmp_path / "one", 990000001, handle="kite_fly_88", **{"more": {}})
    bring(tmp_path / "one")
    due()
    alone = rank_of("990000001")
    assert "T18" not in [one.code for one in queries.reasons_of(alone)]
    report = (tmp_path / "one" / "report-990000001.json").read_text().replace("990000001", "990000002", 1)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "second.json").write_text(report)  # the same account of the same service
    bring(tmp_path / "two")
    due()
    assert "T18" in [one.code for one in queries.reasons_of(rank_of("990000001"))]
    assert rank_of("990000001").history_access > alone.history_access


def test_an_imported_table_of_operators_judges_every_tip_again(tips, officer):
    from datetime import date

    from paricha.jobs.due import run_due_jobs
    from paricha.operators.verbs import import_file

    def solvability():
        return rank_of("990000002").solvability

    before = solvability()
    snapshot = b"prefix,asn,as_name,country\n203.0.113.0/24,64500,Example Relay,IN\n"
    for source in ("one", "two"):
        import_file(officer, snapshot, name=f"{source}.csv", as_of=date(2026, 4, 1), source=source)
    exits = b"prefix,kind,list\n203.0.113.0/24,vpn,example-list\n"
    import_file(officer, exits, name="exits.csv", as_of=date(2026, 4, 1), source="list")
    due()
    run_due_jobs()
    assert solvability() == before - 20
    assert "T10" in [one.code for one in queries.reasons_of(rank_of("990000002"))]


def test_the_queue_shows_the_waiting_by_rank_and_leaves_the_folded_out(tips, officer, client):
    assert [str(row.tip) for row in queries.queue(officer).order_by("-rank", "-id")] == [
        "990000001", "990000002", "990000003"
    ]  # fmt: skip
    client.force_login(officer.user)
    page = client.get(reverse("triage:queue")).content.decode()
    places = [page.index(f"<b>99000000{n}</b>") for n in (1, 2, 3)]
    assert places == sorted(places)
    assert "First priority" in page
    top = client.get(reverse("triage:queue"), {"view": "top"}).content.decode()
    assert "<b>990000001</b>" in top and "<b>990000002</b>" not in top
    Tip.objects.filter(report_number="990000003").update(folded_into=tips[0].id16)
    assert queries.waiting(officer) == 2
    assert "<b>990000003</b>" not in client.get(reverse("triage:queue")).content.decode()


def test_two_officers_never_have_one_tip_unaware(tips, officer, make_officer, acting_as):
    other = make_officer("Basil", Role.ANALYST)
    verbs.take_tip(officer, tips[0])
    verbs.take_tip(officer, tips[0])  # his own again: fine
    with acting_as(other), pytest.raises(Refused) as refused:
        verbs.take_tip(other, tips[0])
    assert refused.value.refusal.code == "TRIAGE-TAKEN"
    assert "Anila Kurian" in refused.value.refusal.what
    with acting_as(other), pytest.raises(Refused, match="TRIAGE-TAKEN"):
        verbs.decide_tip(other, tips[0], verdict=Verdict.DOOR)
    assert Taking.objects.filter(given_back_at=None).count() == 1
    row = rank_of("990000001")
    assert (row.state, row.taken_by_id) == (State.TAKEN, officer.pk)
    verbs.give_back(officer, tips[0])
    assert rank_of("990000001").state == State.UNREAD
    with acting_as(other):
        assert verbs.take_tip(other, tips[0]).officer_id == other.pk


def test_the_database_itself_refuses_a_second_open_taking(tips, officer):
    from django.db import IntegrityError
    from django.utils import timezone

    verbs.take_tip(officer, tips[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Taking.objects.create(tip=tips[0].id16, officer=officer, at=timezone.now())


def test_a_verdict_leaves_the_hands_and_can_be_taken_back(tips, officer):
    verbs.take_tip(officer, tips[0])
    made = verbs.decide_tip(officer, tips[0], verdict=Verdict.DOOR)
    row = rank_of("990000001")
    assert (row.state, row.taken_by_id) == (State.DECIDED, None)
    assert queries.next_after(officer, None).tip_id == tips[1].pk
    verbs.undo_decision(officer, made)
    row = rank_of("990000001")
    assert (row.state, row.taken_by_id) == (State.TAKEN, officer.pk)
    assert Decision.objects.get().undone_at is not None
    with pytest.raises(Refused, match="TRIAGE-NOT-TAKEN"):
        verbs.undo_decision(officer, made)


def test_putting_a_tip_away_needs_a_reason(tips, officer):
    for verdict in (Verdict.NOT_HERE, Verdict.DUPLICATE, Verdict.NOTHING, Verdict.LATER):
        with pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
            verbs.decide_tip(officer, tips[0], verdict=verdict, reason="  ")
    assert not Decision.objects.exists()


def test_a_newer_version_opens_a_decided_tip_again(tips, officer, bring, tmp_path):  # noqa: F811
    verbs.decide_tip(officer, tips[2], verdict=Verdict.NOTHING, reason="No address, no account.")
    write_reports(
        tmp_path / "later",
        990000003,
        priority="4",
        handle="third_one",
        phone="+91 00000 00999",
        made="2026-05-09T08:00:00Z",
    )
    bring(tmp_path / "later")
    due()
    row = rank_of("990000003")
    assert row.tip.version == 2 and row.state == State.AGAIN
    assert row in list(queries.queue(officer).filter(state__in=[State.AGAIN]))
    verbs.decide_tip(officer, row.tip, verdict=Verdict.DOOR)
    assert rank_of("990000003").state == State.DECIDED


def test_what_was_said_last_leads_a_district_or_the_officer(tips, officer):
    import time

    now = time.time_ns()
    verbs.hear_of_districts([told("dispatch:tip:sent", tips[0], at_ns=now)])
    assert rank_of("990000001").state == State.SENT
    verbs.hear_of_districts([told("dispatch:report:received", tips[0], at_ns=now + 1000, outcome="going-on")])
    assert rank_of("990000001").state == State.SENT
    verbs.hear_of_districts([told("dispatch:tip:returned", tips[0], at_ns=now + 1000)])  # within one microsecond
    assert rank_of("990000001").state == State.BACK
    verbs.hear_of_districts([told("dispatch:tip:sent", tips[0], at_ns=now)])  # told again: older
    assert rank_of("990000001").state == State.BACK
    verbs.decide_tip(officer, tips[0], verdict=Verdict.NOT_HERE, reason="Two districts returned it.")
    assert rank_of("990000001").state == State.DECIDED


def test_another_districts_officer_sees_no_row_and_no_count(tips, officer, make_officer, client):
    from paricha.triage.ranking import rank_tips

    kallar = add_unit(officer, "Kallar", under=officer.unit, kind=UnitKind.DISTRICT)
    puzha = add_unit(officer, "Puzha", under=officer.unit, kind=UnitKind.DISTRICT)
    Tip.objects.filter(pk=tips[0].pk).update(unit=kallar)
    with transaction.atomic():
        rank_tips([tips[0].id16])
    stranger = make_officer("Chief of Puzha", Role.ANALYST, unit=puzha)
    assert queries.waiting(stranger) is None and not queries.queue(stranger).exists()
    client.force_login(stranger.user)
    page = client.get(reverse("triage:queue"))
    assert page.status_code == 200 and "990000001" not in page.content.decode()
    assert client.get(reverse("triage:preview", args=[tips[0].id16])).status_code == 404
    assert client.post(reverse("triage:take", args=[tips[0].id16])).status_code == 404
    mine = make_officer("Analyst of Kallar", Role.ANALYST, unit=kallar)
    assert [str(row.tip) for row in queries.queue(mine)] == ["990000001"]


def test_the_queue_is_worked_through_on_its_pages(tips, officer, client):
    client.force_login(officer.user)
    preview = client.get(reverse("triage:preview", args=[tips[0].id16])).content.decode()
    assert 'data-key="t"' in preview and "kite_fly_88" in preview
    taken = client.post(reverse("triage:take", args=[tips[0].id16]), follow=True).content.decode()
    assert "Decide, and open the next" in taken and "Back into the queue" in taken
    empty = client.post(reverse("triage:decide", args=[tips[0].id16]), {})
    assert empty.status_code in (409, 422, 400) and "TRIAGE-VERDICT" in empty.content.decode()
    after = client.post(reverse("triage:decide", args=[tips[0].id16]), {"verdict": "door"}, follow=True)
    assert after.redirect_chain[-1][0] == reverse("records:tip", args=[tips[1].id16])
    made = Decision.objects.get()
    assert reverse("triage:undo", args=[made.id]) in after.content.decode()
    undone = client.post(reverse("triage:undo", args=[made.id]))
    assert undone.status_code == 302 and Decision.objects.get().undone_at is not None
    assert client.get(reverse("triage:next", args=[tips[1].id16])).url == reverse("records:tip", args=[tips[2].id16])
    assert client.get(reverse("triage:previous", args=[tips[1].id16])).url == reverse(
        "records:tip", args=[tips[0].id16]
    )
    assert client.get(reverse("triage:start")).url == reverse("records:tip", args=[tips[0].id16])
    assert client.get(reverse("triage:rules")).status_code == 200


def test_looking_at_the_queue_and_a_preview_is_written_down(tips, officer, client):
    from paricha.audit.models import AuditRow

    client.force_login(officer.user)
    client.get(reverse("triage:queue"))
    client.get(reverse("triage:queue"), {"new": "1", "seen": "3"}, HTTP_HX_REQUEST="true")  # the watch shows no row
    client.get(reverse("triage:preview", args=[tips[0].id16]))
    assert AuditRow.objects.filter(event="triage:queue:read", touches__thing=tips[0].id16).count() == 1
    assert AuditRow.objects.filter(event="triage:preview:read", touches__thing=tips[0].id16).count() == 1


def test_a_rebuild_of_the_ranks_is_equal_and_keeps_verdicts(tips, officer):
    verbs.take_tip(officer, tips[1])
    verbs.decide_tip(officer, tips[0], verdict=Verdict.DOOR)
    before = rebuild.digest()
    rebuild.forget()
    assert rebuild.digest() != before and not Rank.objects.exists()
    rebuild.again()
    assert rebuild.digest() == before
    assert rank_of("990000001").state == State.DECIDED and rank_of("990000002").taken_by_id == officer.pk


def test_each_day_the_waiting_are_judged_again(tips, officer):
    from paricha.jobs.due import run_due_jobs
    from paricha.jobs.models import Job

    verbs.decide_tip(officer, tips[0], verdict=Verdict.DOOR)
    rank_waiting()
    run_due_jobs()
    assert Job.objects.get(kind="triage:rank-all").done == 2


def test_the_export_carries_each_axis_reason_and_place(tips):
    told_of = queries.triage_of([tips[0].id16])[tips[0].id16]
    assert set(told_of) == {"axes", "completeness", "rank", "rules_version", "reasons"}
    assert set(told_of["axes"]) == {"child_at_risk", "solvability", "seriousness", "history_access"}
    assert all(set(one) == {"axis", "points", "words", "locators"} for one in told_of["reasons"])
    first = next(one for one in told_of["reasons"] if one["points"] == 40)
    assert first["axis"] == "child_at_risk"
    assert first["locators"][0]["kind"] == "json_pointer"
    assert first["locators"][0]["at"].endswith("/additionalNcmecInformation/priority/priorityId")
    assert len(first["locators"][0]["original"]) == 64
    unknown = [one for one in told_of["reasons"] if one["points"] == 0]
    assert unknown and all(one["words"].startswith("Not known yet: ") for one in unknown)


def test_ranking_many_tips_asks_the_database_no_more_for_each(store, officer, django_assert_max_num_queries):  # noqa: F811
    from paricha.triage.ranking import rank_tips

    store(*[
        tip(str(990000100 + n), people=[suspect(handle=f"h{n}")], sightings=[seen("203.0.113.9", "2026-05-01T13:34:11Z", 4000 + n)])
        for n in range(40)
    ])  # fmt: skip
    with transaction.atomic(), django_assert_max_num_queries(20):
        assert rank_tips(list(Tip.objects.values_list("id16", flat=True))) == 40
