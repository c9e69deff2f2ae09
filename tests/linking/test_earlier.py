"""Have we met: a tip names the rows of earlier work that share an exact selector, why, and nothing else."""

import hashlib

import pytest
from django.db import transaction

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Device, EarlierDocument, Leaf, Source, Stated
from paricha.linking.earlier import meeting_rules, met_before, met_context, rule_for
from paricha.records import earlier_storing
from paricha.records.models import Earlier, Tip
from tests.records.conftest import store  # noqa: F401  a fixture
from tests.records.documents import leaf, suspect, tip

pytestmark = pytest.mark.django_db


def row(number: int, register: str = "accused", **stated: str) -> EarlierDocument:
    """A row of a register as its reader yields it; `accused_name=` is the field `accused.name`."""
    sha256 = hashlib.sha256(register.encode()).hexdigest()
    made = EarlierDocument([Source("csv", "made-csv/1", sha256, LocatorKind.CELL)], register, ["", f"A{number}"])
    made.stated = [
        Stated(field.replace("_", ".", 1), Leaf(value, ["", f"B{number}"])) for field, value in stated.items()
    ]
    return made


@pytest.fixture
def earlier(officer):
    """`earlier(row, …)` stores rows of registers as one file."""

    def keep(*documents, unit=None):
        at = unit or officer.unit
        with transaction.atomic():
            prepared = [earlier_storing.prepare(one, at.id16, 0, file="register.csv") for one in documents]
            earlier_storing.store(prepared, batch=b"\1" * 16, unit=at, region="IN")

    return keep


IMEI = "001002573946188"  # of test equipment; this test's folder is synthetic


def known(store, **given) -> Tip:  # noqa: F811
    store(tip(people=[suspect(service="Example Share", **given)]))
    return Tip.objects.get()


@pytest.mark.parametrize(
    ("given", "stated", "code"),
    [
        ({"phones": ["+91 10000 00417"]}, {"accused_phone": "1000000417"}, "M03"),
        ({"emails": ["anil@example.com"]}, {"accused_email": "Anil@Example.com"}, "M04"),
        ({"user_id": "70000001"}, {"account_service": "EXAMPLE SHARE", "account_user_id": "70000001"}, "M01"),
        ({"handle": "kite_fly_88"}, {"account_service": "Example Share", "account_screen_name": "@Kite_Fly_88"}, "M05"),
    ],
)
def test_a_shared_selector_is_a_meeting_with_its_reason(store, earlier, officer, given, stated, code):  # noqa: F811
    earlier(row(2, case_number="1/2021", **stated), row(3, case_number="2/2021", accused_name="Nobody"))
    (met,) = met_before(officer, known(store, **given))
    assert met.row.case_number == "1/2021"
    assert [rule.code for rule, _one in met.shared] == [code]
    assert met.weak is (code == "M05") and "stands in both" in met.whys[0][0]


def test_a_device_is_met_by_its_imei_and_never_by_a_junk_one(store, earlier, officer):  # noqa: F811
    earlier(
        row(2, "devices", case_number="1/2021", device_imei=IMEI),
        row(3, "devices", case_number="2/2021", device_imei="000000000000000"),
    )
    person = suspect()
    person.devices = [Device(leaf("IMEI"), leaf(IMEI)), Device(leaf("IMEI"), leaf("000000000000000"))]
    store(tip(people=[person]))
    assert [met.row.case_number for met in met_before(officer, Tip.objects.get())] == ["1/2021"]


def test_an_id_of_another_service_or_of_none_is_no_meeting(store, earlier, officer):  # noqa: F811
    earlier(
        row(2, "accounts", case_number="1/2021", account_service="Another", account_user_id="70000001"),
        row(3, "accounts", case_number="2/2021", account_user_id="70000001"),
    )
    assert met_before(officer, known(store, user_id="70000001")) == []


def test_an_id_without_a_service_on_both_sides_is_no_meeting():
    assert rule_for("account", "|70000001", meeting_rules()) is None


def test_a_name_alone_is_no_meeting(store, earlier, officer):  # noqa: F811
    earlier(row(2, case_number="1/2021", accused_name="Anil Made-Up"))
    assert met_before(officer, known(store, names=["Anil Made-Up"], user_id="1")) == []


def test_strong_signs_stand_before_weak_ones(store, earlier, officer):  # noqa: F811
    earlier(
        row(2, "accounts", case_number="1/2021", account_service="Example Share", account_screen_name="kite"),
        row(3, case_number="2/2021", accused_phone="1000000417"),
    )
    found = met_before(officer, known(store, handle="kite", phones=["1000000417"]))
    assert [(met.row.case_number, met.weak) for met in found] == [("2/2021", False), ("1/2021", True)]


def test_a_number_that_stands_in_every_row_says_nothing(store, earlier, officer):  # noqa: F811
    earlier(*(row(n, case_number=f"{n}/2021", accused_name="A", accused_phone="1000000417") for n in range(2, 60)))
    assert met_before(officer, known(store, phones=["1000000417"])) == []


def test_another_district_is_not_told_of_the_meeting(store, earlier, officer, make_officer):  # noqa: F811
    earlier(row(2, case_number="1/2021", accused_phone="1000000417"))
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    other = make_officer("Other", Role.ANALYST, unit=north)
    assert met_before(other, known(store, phones=["1000000417"])) == []


def test_the_links_of_a_tip_show_the_row_and_its_place_and_the_look_is_written_down(
    store,  # noqa: F811
    earlier,
    officer,
    client,
):
    earlier(row(7, case_number="212/2021", accused_phone="1000000417"))
    one = known(store, phones=["1000000417"])
    client.force_login(officer.user)
    page = client.get(f"/records/tip/{one.id16.hex()}/", {"tab": "links"}).content.decode()
    assert "212/2021" in page and "register.csv, row 7" in page and "+911000000417" in page
    assert AuditRow.objects.filter(event="records:earlier:read", touches__thing=Earlier.objects.get().id16).exists()


def test_nothing_met_shows_no_card(store, officer):  # noqa: F811
    assert met_context(officer, known(store, phones=["1000000417"])) == {"earlier_rows": [], "earlier_more": False}
