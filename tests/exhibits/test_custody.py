"""Exhibits on a real database: from field events once, from hand to hand without a gap, clocks shown late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from paricha.audit.feed import FeedEvent
from paricha.audit.models import AuditRow
from paricha.exhibits import queries, verbs
from paricha.exhibits.labels import label_text
from paricha.exhibits.models import Clock, Custody, Exhibit, MarkDecision
from paricha.exhibits.pages import clock_words
from paricha.field.models import FieldEvent
from paricha.grounds.refusals import Refused
from tests.exhibits.conftest import EXHIBIT

pytestmark = pytest.mark.django_db


def told(*events) -> list[FeedEvent]:
    """Feed events that touch these field events, in this order."""
    return [
        FeedEvent(n, bytes(16), "field:event:stored", None, n, [("fieldevent", one.id)], {})
        for n, one in enumerate(events)
    ]


def test_a_thing_on_the_phones_list_becomes_one_exhibit_with_the_districts_number(evening):
    exhibit = evening.exhibit()
    assert (exhibit.number, exhibit.mark, exhibit.unit_id) == ("E-0001", "P1", evening.kallar.pk)
    assert exhibit.witnesses == "First Witness\nSecond Witness" and exhibit.copy_given is True
    verbs.hear_of_the_morning(told(exhibit.event) * 2)
    assert Exhibit.objects.count() == 1
    assert AuditRow.objects.filter(event="exhibits:exhibit:taken-in", touches__thing=exhibit.id).count() == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_told_by_telephone_and_by_phone_is_one_exhibit_in_any_order(evening, order):
    entry = evening.by_telephone("exhibit-taken", EXHIBIT | {"room": "told by telephone"})
    evening.by_phone("exhibit-taken", EXHIBIT)
    own = FieldEvent.objects.get(confirms=entry)
    verbs.hear_of_the_morning(told(*[(entry, own)[n] for n in order]))
    found = Exhibit.objects.get()
    assert found.event_id == own.pk and found.room == "first floor, table" and not found.clash


def test_the_phones_words_replace_those_of_the_telephone(evening):
    evening.by_telephone("exhibit-taken", EXHIBIT | {"room": "told by telephone"})
    evening.due()
    before = Exhibit.objects.get()
    evening.by_phone("exhibit-taken", EXHIBIT)
    evening.due()
    after = Exhibit.objects.get()
    assert (after.pk, after.number) == (before.pk, before.number)
    assert (before.room, after.room) == ("told by telephone", "first floor, table")


def test_joined_by_the_control_room_two_become_one(evening):
    from paricha.field.verbs import say_same

    entry = evening.by_telephone("exhibit-taken", EXHIBIT | {"number": "P 1"})
    evening.by_phone("exhibit-taken", EXHIBIT)
    evening.due()
    assert Exhibit.objects.filter(clash=True).count() == 2
    own = FieldEvent.objects.get(device__isnull=False, kind="exhibit-taken")
    say_same(evening.officer, own, entry)
    evening.due()
    standing = queries.exhibits(evening.first).get()
    assert standing.event_id == own.pk and not standing.clash
    assert Exhibit.objects.count() == 2  # nothing is lost: the other row points to it


def test_a_mark_given_twice_keeps_both_and_asks(evening):
    one = evening.exhibit()
    two = evening.exhibit(serial="another thing", imei="")
    assert set(Exhibit.objects.values_list("clash", flat=True)) == {True} and one.pk != two.pk
    with evening.acting_as(evening.first):
        with pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
            verbs.decide_mark(evening.first, two, mark="P2", reason="")
        verbs.decide_mark(evening.first, two, mark="P2", reason="The second list repeated P1.")
    assert set(Exhibit.objects.values_list("mark", "clash")) == {("P1", False), ("P2", False)}
    kept = MarkDecision.objects.get()
    assert (kept.before, kept.after, kept.reason) == ("P1", "P2", "The second list repeated P1.")
    assert '"number": "P1"' in two.event.payload  # the signed report stays as it was


def label(exhibit) -> str:
    return label_text(verbs.digest_key(), exhibit.id)


def hand(evening, exhibit, giver, to):
    with evening.acting_as(giver):
        return verbs.hand_over(giver, exhibit, to=to, purpose="safe keeping", place="locker 2")


def take(evening, move, officer, **given):
    given = {"label": label(move.exhibit), "seal": "KL-0417-22"} | given
    with evening.acting_as(officer):
        return verbs.receive(officer, move, **given)


def test_custody_goes_by_two_hands_and_counts_with_the_giver_until_both_have_confirmed(evening):
    exhibit = evening.exhibit()
    assert queries.holder(exhibit) == "N. Babu"
    move = hand(evening, exhibit, evening.investigator, evening.first)
    assert queries.holder(queries.exhibit_seen(evening.first, exhibit.id)) == "N. Babu"
    with pytest.raises(Refused, match="EXHIBIT-MOVING"):
        hand(evening, exhibit, evening.first, evening.second)
    with pytest.raises(Refused, match="EXHIBIT-ONE-HAND"):
        take(evening, move, evening.second)
    take(evening, move, evening.first)
    take(evening, move, evening.first)  # again changes nothing
    assert queries.holder(queries.exhibit_seen(evening.first, exhibit.id)) == "V. Lekha"
    with pytest.raises(Refused, match="EXHIBIT-NOT-HOLDER"):
        hand(evening, exhibit, evening.second, evening.investigator)
    with pytest.raises(Refused, match="EXHIBIT-ONE-HAND"):
        hand(evening, exhibit, evening.first, evening.first)
    assert Custody.objects.count() == 1


@pytest.mark.parametrize(
    "spoil",
    [lambda text: text[:-3], lambda text: text.replace(text[20:24], "0000"), lambda text: "https://example.com/"],
)
def test_a_torn_or_foreign_label_is_refused(evening, spoil):
    move = hand(evening, evening.exhibit(), evening.investigator, evening.first)
    with pytest.raises(Refused, match="EXHIBIT-LABEL"):
        take(evening, move, evening.first, label=spoil(label(move.exhibit)))
    assert Custody.objects.get().received_at is None


def test_the_label_of_another_exhibit_is_refused(evening):
    one, two = evening.exhibit(), evening.exhibit(number="P2", imei="")
    move = hand(evening, one, evening.investigator, evening.first)
    with pytest.raises(Refused, match="EXHIBIT-LABEL"):
        take(evening, move, evening.first, label=label(two))


def test_a_seal_that_differs_needs_words_and_is_the_seal_from_then_on(evening):
    exhibit = evening.exhibit()
    move = hand(evening, exhibit, evening.investigator, evening.first)
    with pytest.raises(Refused, match="EXHIBIT-SEAL") as refused:
        take(evening, move, evening.first, seal="KL-0433-08")
    assert "KL-0417-22" in refused.value.refusal.what and "KL-0433-08" in refused.value.refusal.what
    take(
        evening,
        move,
        evening.first,
        seal="KL-0433-08",
        seal_words="Broken for the image before two officers, sealed again.",
    )
    assert verbs.last_seal(exhibit) == "KL-0433-08"
    back = hand(evening, exhibit, evening.first, evening.second)
    take(evening, back, evening.second, seal="KL-0433-08")
    assert [one["seal_found"] for one in queries.plain_exhibit(queries.exhibit_seen(evening.second, exhibit.id))["custody"]] == [
        "KL-0433-08", "KL-0433-08"
    ]  # fmt: skip


def test_a_time_before_the_seizure_or_ahead_is_refused(evening):
    exhibit = evening.exhibit()
    for at in (exhibit.seized_at - timedelta(minutes=1), timezone.now() + timedelta(hours=1)):
        with evening.acting_as(evening.investigator), pytest.raises(Refused, match="EXHIBIT-TIME"):
            verbs.hand_over(evening.investigator, exhibit, to=evening.first, purpose="x", place="y", at=at)


def test_both_clocks_run_from_the_search_and_the_48_hours_show_late(evening):
    evening.by_phone("entered", at=timezone.now() - timedelta(hours=50, minutes=1))
    evening.due()
    copies, video = Clock.objects.get(kind="185-5"), Clock.objects.get(kind="105")
    assert copies.due_at - copies.since == timedelta(hours=48) and video.due_at is None
    now = timezone.now()
    assert clock_words(copies, now) == "3 h late" and clock_words(video, now) == "Runs for 50 h"
    assert queries.late(evening.first) == [copies] and queries.waiting(evening.first) == 1
    with evening.acting_as(evening.first):
        verbs.clock_done(evening.first, copies, at=now, words="Copies to the Magistrate at Made-up Town.")
    copies.refresh_from_db()
    assert clock_words(copies, now) == "Done late" and queries.late(evening.first) == []
    with evening.acting_as(evening.first), pytest.raises(Refused, match="EXHIBIT-CLOCK"):
        verbs.clock_done(evening.first, copies, at=now, words="Again.")


def test_a_search_told_of_later_but_done_earlier_moves_the_clock_back(evening):
    evening.by_phone("entered")
    evening.due()
    first = Clock.objects.get(kind="185-5").since
    event = FieldEvent.objects.get(kind="entered")
    FieldEvent.objects.filter(pk=event.pk).update(at=event.at - timedelta(hours=1))
    verbs.hear_of_the_morning(told(event))
    clock = Clock.objects.get(kind="185-5")
    assert first - clock.since == timedelta(hours=1) and clock.due_at == clock.since + timedelta(hours=48)
    assert Clock.objects.count() == 2


def test_another_districts_custodian_sees_no_exhibit_no_clock_and_no_name_to_hand_it_to(evening, client):
    exhibit = evening.exhibit()
    evening.by_phone("entered")
    evening.due()
    assert not queries.exhibits(evening.stranger).exists() and not queries.clocks(evening.stranger).exists()
    assert queries.waiting(evening.stranger) is None
    client.force_login(evening.stranger.user)
    assert "E-0001" not in client.get(reverse("exhibits:list")).content.decode()
    for name in ("one", "label", "part-a"):
        assert client.get(reverse(f"exhibits:{name}", args=[exhibit.id])).status_code == 404, name
    assert client.get(reverse("exhibits:seizure", args=[exhibit.site_id])).status_code == 404
    assert client.get(reverse("exhibits:clock", args=[Clock.objects.first().id])).status_code == 404
    client.force_login(evening.first.user)
    client.force_login(evening.investigator.user)
    page = client.get(reverse("exhibits:one", args=[exhibit.id])).content.decode()
    form = page[page.index('id="hand-over"') :]
    assert "F. Antony" in form and "P. Suresh" not in form


def test_what_is_handed_to_an_officer_he_sees_wherever_it_comes_from(evening, client):
    from paricha.access.rights import Role

    state = evening.make_officer("State lab", Role.EXAMINER)
    exhibit = evening.exhibit()
    hand(evening, exhibit, evening.investigator, state)
    client.force_login(state.user)
    assert client.get(reverse("exhibits:one", args=[exhibit.id])).status_code == 200


def test_custody_is_walked_on_the_pages(evening, client):
    exhibit = evening.exhibit()
    client.force_login(evening.investigator.user)
    assert "Bring it in for the team" in client.get(reverse("exhibits:one", args=[exhibit.id])).content.decode()
    given = {"to": evening.first.pk, "purpose": "safe keeping", "place": "locker 2"}
    assert client.post(reverse("exhibits:hand-over", args=[exhibit.id]), given).status_code == 302
    move = Custody.objects.get()
    client.force_login(evening.first.user)
    assert "waits for your hand" in client.get(reverse("exhibits:list")).content.decode()
    wrong = client.post(reverse("exhibits:receive", args=[move.id]), {"label": "torn", "seal": "KL-0417-22"})
    assert wrong.status_code == 409 and "EXHIBIT-LABEL" in wrong.content.decode()
    right = client.post(
        reverse("exhibits:receive", args=[move.id]), {"label": label(exhibit), "seal": "KL-0417-22"}, follow=True
    )
    page = right.content.decode()
    assert "Seal whole" in page and "R. Devi to V. Lekha" in page and "In custody" in page


def test_the_clock_is_stopped_on_its_page(evening, client):
    evening.by_phone("entered")
    evening.due()
    clock = Clock.objects.get(kind="105")
    client.force_login(evening.first.user)
    assert evening.site.operation.number in client.get(reverse("exhibits:clocks")).content.decode()
    page = reverse("exhibits:clock", args=[clock.id])
    ahead = client.post(page, {"at": "2099-01-01T10:00", "words": "Sent."})
    assert ahead.status_code == 409 and "EXHIBIT-TIME" in ahead.content.decode()
    from zoneinfo import ZoneInfo

    here = (timezone.now() + timedelta(seconds=0)).astimezone(ZoneInfo("Asia/Kolkata"))
    Clock.objects.filter(pk=clock.pk).update(since=clock.since - timedelta(minutes=5))
    assert (
        client.post(page, {"at": f"{here:%Y-%m-%dT%H:%M}", "words": "Uploaded, SID 1234567812345678."}).status_code
        == 302
    )
    clock.refresh_from_db()
    assert clock.done_by_id == evening.first.pk and clock_words(clock, timezone.now()) == "Done in time"
