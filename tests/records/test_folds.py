"""Folding: one row for a family of viral tips, its members under it; a tip kept alone by decision; nothing deleted."""

import pytest
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused
from paricha.intake.document import Leaf, Noted
from paricha.records import rebuild
from paricha.records.models import Tip
from paricha.records.verbs import fold_again, hand_tip, stand_alone
from tests.records.documents import file, tip, when

pytestmark = pytest.mark.django_db


def viral(number: str, day: int = 1, md5: str = "a" * 32, marks=("viral",), **given):
    return tip(number, received_at=when(f"2026-05-{day:02}T00:00:00Z"), files=[file("plan.bin", md5)],
               marks=[Noted(mark, Leaf(True, "/viral")) for mark in marks], **given)  # fmt: skip


@pytest.fixture
def family(store) -> dict[str, Tip]:
    store(viral("1", 1), viral("2", 2), viral("3", 3), tip("9"))
    return {str(one): one for one in Tip.objects.all()}


def heads() -> dict[str, str | None]:
    """Report number → the number of the tip it is folded into."""
    numbers = {one.id16: str(one) for one in Tip.objects.all()}
    return {str(one): one.folded_into and numbers[one.folded_into] for one in Tip.objects.all()}


def test_a_tip_kept_alone_leaves_its_family_and_can_fold_again(family, officer):
    assert heads() == {"1": None, "2": "1", "3": "1", "9": None}
    stand_alone(officer, family["2"], reason="Another child is named in it.")
    assert heads() == {"1": None, "2": None, "3": "1", "9": None}
    fold_again(officer, family["2"], reason="It was the same one after all.")
    assert heads() == {"1": None, "2": "1", "3": "1", "9": None}
    names = list(AuditRow.objects.filter(event__startswith="records:tip:").values_list("event", flat=True))
    assert sorted(names) == ["records:tip:folds-again", "records:tip:stands-alone"]


def test_the_head_kept_alone_gives_its_family_another_head(family, officer):
    stand_alone(officer, family["1"], reason="It is looked at on its own.")
    assert heads() == {"1": None, "2": None, "3": "2", "9": None}


def test_a_decision_outlives_a_later_delivery_and_a_further_member(family, officer, store):
    stand_alone(officer, family["2"], reason="Another child is named in it.")
    store(viral("2", 2, form="xml"), viral("4", 4))
    assert heads() == {"1": None, "2": None, "3": "1", "4": "1", "9": None}


def test_a_tip_that_lost_its_mark_or_its_file_folds_no_more(family, store):
    store(viral("2", 2, marks=(), original="newer"))
    assert heads()["2"] is None
    store(viral("3", 3, md5="c" * 32, original="newer"))
    assert heads()["3"] is None
    store(viral("1", 1, marks=(), original="newer"), viral("5", 5), viral("6", 6))
    assert (heads()["1"], heads()["6"]) == (None, "5")


@pytest.mark.parametrize(
    "which, reason, code", [("9", "Why not.", "RECORDS-NOT-FOLDED"), ("2", " ", "ACCESS-REASON-NEEDED")]
)
def test_a_decision_that_says_nothing_is_refused(family, officer, which, reason, code):
    with pytest.raises(Refused) as refused:
        stand_alone(officer, family[which], reason=reason)
    assert refused.value.refusal.code == code
    with pytest.raises(Refused):
        fold_again(officer, family["2"], reason="It folds already.")


def test_a_decided_family_is_the_same_when_the_record_is_made_again_in_another_order(family, officer, store):
    stand_alone(officer, family["1"], reason="Another child is named in it.")
    before = heads()
    rebuild.forget()
    assert Tip.objects.count() == 0
    store(viral("3", 3), tip("9"))
    store(viral("1", 1))
    store(viral("2", 2))
    assert heads() == before


# ---- pages ------------------------------------------------------------------------------------------------------
def test_the_list_shows_a_family_as_one_row_and_says_how_many_more(family, officer, client):
    client.force_login(officer.user)
    text = client.get(reverse("records:tips")).content.decode()
    assert "2 folded" in text and "2 more tips are folded into these" in text
    assert text.count("data-row") == 2
    rows = client.get(reverse("records:family", args=[family["1"].id16])).content.decode()
    assert rows.count("data-row") == 2 and reverse("records:tip", args=[family["3"].id16]) in rows
    assert (
        client.get(reverse("records:tips"), {"family": family["1"].id16.hex()}).content.decode().count("data-row") == 3
    )


def test_a_search_and_a_sheet_hold_the_folded_ones_too(family, officer, client):
    client.force_login(officer.user)
    found = client.get(reverse("records:tips"), {"q": "3"}).content.decode()
    assert reverse("records:tip", args=[family["3"].id16]) in found
    sheet = b"".join(client.get(reverse("records:tips"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert len(sheet.splitlines()) == 5
    assert family["1"].id16.hex() in next(line for line in sheet.splitlines() if line.startswith("3,"))


def test_a_tips_page_decides_with_a_reason(family, officer, client):
    client.force_login(officer.user)
    page = reverse("records:tip", args=[family["2"].id16])
    assert "Tip 1 stands for it" in client.get(page).content.decode()
    assert client.post(reverse("records:alone", args=[family["2"].id16]), {"reason": ""}).status_code == 409
    client.post(reverse("records:alone", args=[family["2"].id16]), {"reason": "Another child is named in it."})
    said = client.get(page).content.decode()
    assert "Kept alone" in said and "Another child is named in it." in said
    client.post(reverse("records:fold", args=[family["2"].id16]), {"reason": "It was the same one after all."})
    assert heads()["2"] == "1"


def test_members_that_another_unit_owns_are_neither_shown_nor_counted(family, officer, make_officer, client):
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    hand_tip(officer, family["1"], south, reason="There.")
    hand_tip(officer, family["2"], south, reason="There.")
    other = make_officer("Chitra", Role.ANALYST, unit=south)
    client.force_login(other.user)
    text = client.get(reverse("records:tips")).content.decode()
    assert "1 folded" in text and "1 more tip is folded" in text
    rows = client.get(reverse("records:family", args=[family["1"].id16])).content.decode()
    assert reverse("records:tip", args=[family["2"].id16]) in rows
    assert reverse("records:tip", args=[family["3"].id16]) not in rows
    for name in ("alone", "fold", "family"):
        method = client.get if name == "family" else client.post
        assert method(reverse(f"records:{name}", args=[family["3"].id16]), {"reason": "Mine."}).status_code == 404
