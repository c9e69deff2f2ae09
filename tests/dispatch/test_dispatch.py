"""A tip to a district and the report back: rules, refusals, what the receiver sees, the letter read back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.feed import consume_due
from paricha.audit.models import AuditRow
from paricha.audit.stamp import stamp_all
from paricha.desk.models import Notice
from paricha.dispatch import queries, verbs
from paricha.dispatch.letter import covering_letter
from paricha.dispatch.models import Dispatch, Outcome, State
from paricha.grounds.refusals import Refused
from paricha.records.models import Tip
from paricha.screens import papers
from paricha.triage.models import Rank
from paricha.triage.models import State as TipState
from tests.records.conftest import bring  # noqa: F401  a fixture
from tests.records.documents import write_reports

pytestmark = pytest.mark.django_db


class Desk:
    """`tip` of the State; districts with a chief each."""

    def __init__(self, officer, make_officer, acting_as, tip):
        self.officer, self.acting_as, self.tip = officer, acting_as, tip
        self.kallar = add_unit(officer, "Kallar", under=officer.unit, kind=UnitKind.DISTRICT)
        self.puzha = add_unit(officer, "Puzha", under=officer.unit, kind=UnitKind.DISTRICT)
        self.chief = make_officer("Chief of Kallar", Role.DISTRICT, unit=self.kallar)
        self.other = make_officer("Chief of Puzha", Role.DISTRICT, unit=self.puzha)

    def send(self, **given):
        given = {
            "to": self.kallar,
            "due_on": queries.today() + timedelta(days=15),
            "enclosed": ["report", "people"],
        } | given
        return verbs.send_tip(self.officer, self.tip, **given)

    def report(self, dispatch, outcome=Outcome.NOTHING, **given):
        with self.acting_as(self.chief):
            return verbs.report_back(
                self.chief, dispatch, outcome=outcome, **({"words": "Visited, nobody known."} | given)
            )


def words_of(pdf: bytes) -> str:
    """All the text of a letter."""
    return "\n".join(papers.text_of(pdf))


def due() -> None:
    for _ in range(3):
        stamp_all()
        consume_due()


@pytest.fixture
def desk(officer, make_officer, acting_as, bring, tmp_path):  # noqa: F811
    bring(write_reports(tmp_path / "in", 990000001))
    due()
    return Desk(officer, make_officer, acting_as, Tip.objects.get())


def test_a_dispatch_goes_out_and_its_report_comes_back(desk):
    sent = desk.send()
    due()
    assert sent.number == "S-0001" and Rank.objects.get().state == TipState.SENT
    with desk.acting_as(desk.chief):
        verbs.acknowledge(desk.chief, sent)
        verbs.acknowledge(desk.chief, sent)
    desk.report(sent, Outcome.GOING_ON)
    due()
    sent.refresh_from_db()
    assert sent.state == State.ACKNOWLEDGED and Rank.objects.get().state == TipState.SENT
    desk.report(sent, Outcome.CHILD_SAFE)
    due()
    sent.refresh_from_db()
    assert sent.state == State.REPORTED and Rank.objects.get().state == TipState.DECIDED
    told = Notice.objects.filter(officer=desk.officer, event="dispatch:report:received")
    assert told.count() == 2 and {one.kind for one in told} == {"dispatch"}  # one a report, however much it touched
    assert not Notice.objects.filter(officer=desk.chief, event="dispatch:report:received").exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"due_on": "today"}, "DISPATCH-DUE-PAST"),
        ({"enclosed": []}, "DISPATCH-NOTHING-ENCLOSED"),
        ({"enclosed": ["password"]}, "DISPATCH-NOTHING-ENCLOSED"),
        ({"to": "state"}, "DISPATCH-TO-SENDER"),
    ],
)
def test_a_wrong_dispatch_is_refused(desk, given, code):
    if "due_on" in given:
        given = {"due_on": queries.today()}
    if given.get("to") == "state":
        given = {"to": desk.officer.unit}
    with pytest.raises(Refused, match=code):
        desk.send(**given)
    assert not Dispatch.objects.exists()


def test_a_tip_that_is_out_is_not_sent_again(desk):
    desk.send()
    with pytest.raises(Refused, match="DISPATCH-ALREADY-OUT") as refused:
        desk.send(to=desk.puzha)
    assert "Kallar" in refused.value.refusal.what and "S-0001" in refused.value.refusal.what


def test_a_returned_tip_comes_back_with_its_reason_and_the_letter_stays(desk):
    sent = desk.send(words="Please visit with a woman officer.")
    letter = words_of(covering_letter(sent))
    with desk.acting_as(desk.chief), pytest.raises(Refused, match="ACCESS-REASON-NEEDED"):
        verbs.return_tip(desk.chief, sent, reason=" ")
    with desk.acting_as(desk.chief):
        verbs.return_tip(desk.chief, sent, reason="The house lies in Puzha.")
    due()
    sent.refresh_from_db()
    assert sent.state == State.RETURNED and sent.words == "Please visit with a woman officer."
    kept = sent.reports.get()
    assert (kept.outcome, kept.words) == (Outcome.NOT_OURS, "The house lies in Puzha.")
    assert words_of(covering_letter(sent)) == letter
    assert Rank.objects.get().state == TipState.BACK
    with pytest.raises(Refused, match="DISPATCH-REPORTED"):
        desk.report(sent)
    assert desk.send(to=desk.puzha).number == "S-0002"


def test_a_second_report_must_correct_the_one_that_stands(desk):
    sent = desk.send()
    first = desk.report(sent)
    with pytest.raises(Refused, match="DISPATCH-REPORTED"):
        desk.report(sent, Outcome.CASE, case_number="12/2026")
    with pytest.raises(Refused, match="DISPATCH-NUMBER"):
        desk.report(sent, Outcome.CASE, corrects=first)
    second = desk.report(sent, Outcome.CASE, case_number="12/2026", corrects=first)
    assert second.corrects_id == first.pk and sent.reports.count() == 2
    with pytest.raises(Refused, match="DISPATCH-REPORTED"):
        desk.report(sent, corrects=first)  # no longer the one that stands


def test_another_district_neither_sees_nor_answers_it(desk, client):
    sent = desk.send()
    with desk.acting_as(desk.other), pytest.raises(Refused, match="DISPATCH-NOT-SENT"):
        verbs.acknowledge(desk.other, sent)
    assert queries.waiting(desk.other) is None and queries.pending_by_unit(desk.other) == []
    client.force_login(desk.other.user)
    assert "S-0001" not in client.get(reverse("dispatch:list")).content.decode()
    for name in ("one", "letter"):
        assert client.get(reverse(f"dispatch:{name}", args=[sent.id])).status_code == 404
    for name in ("acknowledge", "report", "return"):
        assert client.post(reverse(f"dispatch:{name}", args=[sent.id]), {"reason": "x"}).status_code == 404
    assert client.get(reverse("dispatch:send", args=[desk.tip.id16])).status_code == 403


def test_the_receiver_sees_what_is_enclosed_and_no_way_to_the_rest(desk, client):
    sent = desk.send(enclosed=["sightings"])
    client.force_login(desk.chief.user)
    page = client.get(reverse("dispatch:one", args=[sent.id])).content.decode()
    assert "203.0.113.47" in page and "51820" in page and "sourceCaptures" in page
    for closed in ("kite_fly_88", "Example Share", "അനുമോദ്", "00417", "holiday_plan", "/vault/original/", "/records/"):
        assert closed not in page.split("<main")[1].split("</main>")[0], closed
    assert client.get(reverse("records:tip", args=[desk.tip.id16])).status_code == 404
    letter = words_of(covering_letter(sent))
    assert "203.0.113.47" in letter and "kite_fly_88" not in letter and "holiday_plan" not in letter
    client.force_login(desk.officer.user)
    page = client.get(reverse("dispatch:one", args=[sent.id])).content.decode()
    assert "/vault/original/" in page and reverse("records:tip", args=[desk.tip.id16]) in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Tip for action: S-0001", "It is a lead, not evidence", "Suspect 1: Screen name", "Kallar", "Report due"]),
        ("ml", ["നടപടിക്കുള്ള സൂചന: S-0001", "ഇത് ഒരു സൂചനയാണ്, തെളിവല്ല", "സംശയിക്കുന്നയാൾ 1: സ്ക്രീൻ നാമം", "Kallar", "റിപ്പോർട്ട് നൽകേണ്ടത്"]),
    ],
)  # fmt: skip
def test_the_letter_reads_back_in_its_language(desk, language, words):
    sent = desk.send(
        enclosed=["report", "people", "sightings", "files", "places"], language=language, words="ദയവായി വേഗം നോക്കുക."
    )
    pdf = covering_letter(sent)
    for said in (
        *words,
        "kite_fly_88",
        "അനുമോദ്",
        "ദയവായി വേഗം നോക്കുക.",
        "19:04:11 IST",
        "203.0.113.47",
        f"{990000001:032x}",
    ):
        assert papers.says(pdf, said), said
    assert pdf == covering_letter(sent)  # the same dispatch and record: the same bytes


def test_no_sentence_of_the_malayalam_letter_is_left_in_english(desk):
    sent = desk.send(enclosed=["report", "people", "sightings", "files", "places"])
    english = {line.strip() for line in words_of(covering_letter(sent)).splitlines()}
    sent.language = "ml"
    lines = [line for line in words_of(covering_letter(sent)).splitlines() if line.strip() in english]
    left = [line for line in lines if sum(word.isalpha() for word in line.split()) > 3]
    assert left == []


def test_the_road_of_a_dispatch_on_its_pages(desk, client):
    client.force_login(desk.officer.user)
    form = client.get(reverse("dispatch:send", args=[desk.tip.id16])).content.decode()
    assert "Kallar" in form and "Puzha" in form
    given = {"to": desk.kallar.pk, "due_on": "2000-01-01", "enclosed": ["people"], "language": "ml", "words": ""}
    past = client.post(reverse("dispatch:send", args=[desk.tip.id16]), given)
    assert past.status_code == 409 and "DISPATCH-DUE-PAST" in past.content.decode()
    given["due_on"] = (queries.today() + timedelta(days=3)).isoformat()
    assert client.post(reverse("dispatch:send", args=[desk.tip.id16]), given).status_code == 302
    sent = Dispatch.objects.get()
    client.force_login(desk.chief.user)
    assert "S-0001" in client.get(reverse("dispatch:list")).content.decode()
    assert client.post(reverse("dispatch:acknowledge", args=[sent.id])).status_code == 302
    answer = {"outcome": "case", "case_number": "", "words": "Registered."}
    missing = client.post(reverse("dispatch:report", args=[sent.id]), answer)
    assert missing.status_code == 409 and "DISPATCH-NUMBER" in missing.content.decode()
    assert (
        client.post(reverse("dispatch:report", args=[sent.id]), answer | {"case_number": "77/2026"}).status_code == 302
    )
    page = client.get(reverse("dispatch:one", args=[sent.id])).content.decode()
    assert "77/2026" in page and "Correct the report" in page and "The receiver has it" in page
    corrected = answer | {"case_number": "78/2026", "corrects": sent.reports.get().id.hex()}
    assert client.post(reverse("dispatch:report", args=[sent.id]), corrected).status_code == 302
    assert "Corrects the one before" in client.get(reverse("dispatch:one", args=[sent.id])).content.decode()
    pdf = client.get(reverse("dispatch:letter", args=[sent.id]))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert AuditRow.objects.filter(event="dispatch:letter:read", touches__thing=sent.id).count() == 1


def test_what_is_past_its_date_is_counted_for_the_unit(desk):
    sent = desk.send()
    Dispatch.objects.filter(pk=sent.pk).update(due_on=queries.today() - timedelta(days=2))
    assert [one.pk for one in queries.overdue(desk.officer)] == [sent.pk]
    assert queries.pending_by_unit(desk.chief) == [
        {"unit__name": "Kallar", "open": 1, "overdue": 1, "reported": 0, "returned": 0}
    ]  # fmt: skip
