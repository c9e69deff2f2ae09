"""Earlier work: rows of the unit's own registers are stored, found, versioned, made again and deleted, each at its cell."""

import hashlib

import pytest
from django.db import transaction
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.intake.mapping import read_mapping
from paricha.intake.models import FileRead
from paricha.intake.verbs import choose_mapping, save_mapping
from paricha.jobs.due import run_due_jobs
from paricha.records import rebuild
from paricha.records.deleting import forget_originals
from paricha.records.earlier import copies_of, document_of, earlier_matching, earlier_with
from paricha.records.earlier_deriving import earlier_id
from paricha.records.models import Earlier, EarlierSelector, EarlierVersion, Tip
from paricha.vault.locating import text_in

pytestmark = pytest.mark.django_db

COLUMNS = {
    "accused": {
        "Crime No.": "case.number", "Police Station": "case.station", "Name of Accused": "accused.name",
        "Mobile No.": "accused.phone", "Email": "accused.email", "Drive": "drive", "Remarks": "remarks",
    },
    "accounts": {
        "Crime No.": "case.number", "Name of Accused": "accused.name", "Platform": "account.service",
        "User ID": "account.user_id", "Screen Name": "account.screen_name",
    },
    "devices": {
        "Crime No.": "case.number", "Device": "device.kind", "IMEI": "device.imei", "Kept At": "device.kept_at",
    },
}  # fmt: skip
ANIL = ["212/2021", "Kaduva", "Sudheer Made-Up", "10000 00417", "anil@example.com", "Drive 2021", "on bail"]
BABU = ["213/2021", "Kaduva", "ബാബു", "1000000418 / 1000000419", None, "Drive 2021", None]


@pytest.fixture
def register(bring, officer, tmp_path):
    """`register(kind, row, …, name=)` brings a register of these rows in as CSV, by its saved mapping."""

    def take(kind, *rows, name="register.csv"):
        columns = COLUMNS[kind]
        plain = {"schema": 1, "name": kind, "kind": "register", "register": kind, "columns": columns}
        save_mapping(officer, read_mapping(plain))
        lines = [list(columns), *rows]
        path = tmp_path / name
        path.write_text("".join(",".join(f'"{cell}"' if cell else "" for cell in line) + "\n" for line in lines))
        bring(path)
        return path

    return take


@pytest.fixture
def as_officer(client):
    """`as_officer(officer).get(…)`: a browser in which that officer is signed in."""

    def sign_in(officer):
        client.force_login(officer.user)
        return client

    return sign_in


def test_each_row_is_one_record_with_its_selectors_and_every_value_opens_at_its_cell(register, officer):
    path = register("accused", ANIL, BABU)
    anil, babu = Earlier.objects.order_by("pk")
    assert (anil.case_number, anil.station, anil.name, anil.drive) == (
        "212/2021",
        "Kaduva",
        "Sudheer Made-Up",
        "Drive 2021",
    )
    assert (anil.unit, anil.versions, anil.unread) == (officer.unit, 1, 0)
    assert set(anil.selector_rows.values_list("kind", "normal_form")) == {
        ("phone", "+911000000417"), ("email", "anil@example.com"),
    }  # fmt: skip
    (copy,) = copies_of(anil)
    for one in document_of(copy).stated:
        assert text_in(path.read_bytes(), "cell", one.leaf.at) == one.leaf.value
    assert list(babu.selector_rows.all()) == [] and babu.unread == 1  # two numbers in one cell are not divided
    assert not Tip.objects.exists()


def test_the_same_register_again_adds_nothing(register):
    register("accused", ANIL, BABU)
    before = sorted(rebuild.lines())
    register("accused", ANIL, BABU, name="the same under another name.csv")
    assert sorted(rebuild.lines()) == before
    assert EarlierVersion.objects.count() == 2


def test_a_changed_register_is_a_new_version_of_its_rows_and_both_copies_stay(register):
    register("accused", ANIL, BABU)
    register("accused", BABU, [*ANIL[:3], "1000000499", *ANIL[4:]], name="later.csv")
    anil = Earlier.objects.get(name="Sudheer Made-Up")
    assert (anil.versions, anil.file.rpartition("/")[2]) == (2, "later.csv")
    assert [bytes(one.original).hex()[:4] for one in copies_of(anil)][0] != bytes(copies_of(anil)[1].original).hex()[:4]
    assert set(anil.selector_rows.filter(kind="phone").values_list("normal_form", flat=True)) == {"+911000000499"}
    assert Earlier.objects.count() == 2
    assert Earlier.objects.get(case_number="213/2021").versions == 1  # it says the same in both


def test_a_row_without_a_case_stands_alone_and_is_known_again_word_for_word(register):
    nameless = [None, "Kaduva", None, "1000000417", None, None, None]
    register("accused", nameless, nameless)
    assert Earlier.objects.count() == 2
    register("accused", ANIL, nameless, nameless, [None, "Kaduva", None, "1000000418", None, None, None], name="b.csv")
    assert Earlier.objects.count() == 4


@pytest.mark.parametrize("asked", ["10000 00417", "+911000000417", "ANIL@example.com", "anil[at]example[.]com"])
def test_an_exact_selector_finds_earlier_work_in_any_spelling(register, officer, asked):
    register("accused", ANIL, BABU)
    assert [one.name for one in earlier_matching(officer, asked)] == ["Sudheer Made-Up"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("212/2021", "Sudheer Made-Up"),
        ("൨൧൨ / ൨൦൨൧", "Sudheer Made-Up"),
        ("babu", "ബാബു"),
        ("kaduva sudheer", "Sudheer Made-Up"),
    ],
)
def test_a_case_number_and_words_in_any_script_find_earlier_work(register, officer, asked, found):
    register("accused", ANIL, BABU)
    assert [one.name for one in earlier_matching(officer, asked)] == [found]


def test_words_that_stand_nowhere_find_nothing(register, officer):
    register("accused", ANIL)
    assert earlier_matching(officer, "nobody") == earlier_matching(officer, " ") == earlier_matching(officer, "%") == []


def test_an_account_is_a_selector_only_within_its_platform(register):
    register(
        "accounts", ["1/2021", "Anil", "Example Share", "70000001", "@Kite_Fly_88"], ["2/2021", "Babu", None, "8", None]
    )
    assert set(EarlierSelector.objects.values_list("kind", "normal_form")) == {
        ("account", "example share|70000001"), ("handle", "example share|kite_fly_88"), ("account", "|8"),
    }  # fmt: skip


def test_a_junk_imei_is_no_selector_and_stays_as_written(register):
    register("devices", ["1/2021", "Phone", "001002573946188", "FSL"], ["1/2021", "Phone", "000000000000000", "FSL"])
    assert list(EarlierSelector.objects.values_list("normal_form", flat=True)) == ["imei|001002573946188"]
    assert "000000000000000" in Earlier.objects.get(thing__contains="000000").thing


def test_earlier_work_made_again_from_its_originals_is_the_same(register):
    register("accused", ANIL, BABU)
    register("accused", BABU, [*ANIL[:3], "1000000499", *ANIL[4:]], name="later.csv")
    register("devices", ["1/2021", "Phone", "001002573946188", "FSL"], name="devices.csv")
    before, digest = sorted(rebuild.lines()), rebuild.digest()
    assert any("anil@example.com" in line for line in before)
    rebuild.forget()
    assert not Earlier.objects.exists() and not EarlierSelector.objects.exists()
    rebuild.again()
    assert sorted(rebuild.lines()) == before and rebuild.digest() == digest


def test_earlier_work_goes_with_its_original_and_the_older_copy_leads_again(register, officer):
    register("accused", ANIL, BABU)
    later = register("accused", BABU, [*ANIL[:3], "1000000499", *ANIL[4:]], name="later.csv")
    with transaction.atomic():
        gone = forget_originals([hashlib.sha256(later.read_bytes()).digest()])
    assert len(gone.earlier) == 2
    assert (earlier_matching(officer, "1000000499"), len(earlier_matching(officer, "1000000417"))) == ([], 1)
    before = sorted(rebuild.lines())
    assert "1000000499" not in "".join(before)
    with transaction.atomic():
        forget_originals([bytes(row) for row in EarlierVersion.objects.values_list("original", flat=True)])
    assert not Earlier.objects.exists() and not EarlierSelector.objects.exists()


def test_a_row_that_another_mapping_no_longer_reads_stands_no_more(register, officer):
    register("accused", ANIL, BABU)
    file = FileRead.objects.get()
    plain = {"schema": 1, "name": "x", "kind": "register", "register": "cases", "columns": {"Crime No.": "case.number"}}
    choose_mapping(officer, file, read_mapping(plain))
    run_due_jobs()
    assert set(Earlier.objects.values_list("register", "case_number")) == {("cases", "212/2021"), ("cases", "213/2021")}
    tips = {"schema": 1, "name": "y", "header_row": 1, "columns": {"Crime No.": "report_number"}}
    choose_mapping(officer, file, read_mapping(tips))
    run_due_jobs()
    assert (Earlier.objects.count(), Tip.objects.count()) == (0, 2)


def test_another_district_sees_nothing_of_it_and_the_same_case_number_there_is_another_case(
    register, officer, make_officer, as_officer
):
    register("accused", ANIL)
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    other = make_officer("Other", Role.ANALYST, unit=north)
    row = Earlier.objects.get()
    assert earlier_matching(other, "1000000417") == [] and not earlier_with(other, _phone()).exists()
    page = as_officer(other).get(reverse("records:earlier-one", args=[row.id16]))
    assert page.status_code == 404 or b"Sudheer" not in page.content
    assert b"Sudheer" not in as_officer(other).get(reverse("records:earlier")).content
    document = document_of(copies_of(row)[0])
    assert earlier_id(officer.unit.id16, document) == row.id16 != earlier_id(north.id16, document)


def _phone():
    from paricha.grounds.identity import selector_id

    return selector_id("phone", "+911000000417")


def test_earlier_with_finds_a_selector_that_no_tip_has(register, officer):
    register("accused", ANIL)
    assert [one.name for one in earlier_with(officer, _phone())] == ["Sudheer Made-Up"]


# ---- pages ------------------------------------------------------------------------------------------------------
def test_the_list_is_narrowed_by_register_drive_and_station_and_exported(register, officer, as_officer):
    register("accused", ANIL, [*BABU[:1], "Mullakkadavu", *BABU[2:]])
    register("devices", ["1/2021", "Phone", "001002573946188", "FSL"], name="devices.csv")
    browser = as_officer(officer)
    url = reverse("records:earlier")
    assert "FSL" not in browser.get(url, {"view": "accused"}).content.decode()
    page = browser.get(url, {"station": "mullak"}).content.decode()
    assert "ബാബു" in page and "Sudheer" not in page
    assert "Sudheer" in browser.get(url, {"drive": "2021", "q": "10000-00417"}).content.decode()
    sheet = b"".join(browser.get(url, {"export": "csv", "view": "accused"}).streaming_content).decode()
    assert "212/2021" in sheet and "001002573946188" not in sheet
    assert AuditRow.objects.filter(event="records:earlier:listed").count() == 4


def test_the_empty_list_says_how_a_register_is_brought_in(officer, as_officer):
    page = as_officer(officer).get(reverse("records:earlier")).content.decode()
    assert "No earlier work is here yet." in page and "/intake/" in page
    assert "Number, name, case or words" in page  # what the list's own search takes


def test_one_row_shows_its_values_its_source_and_where_its_numbers_are_met(register, officer, as_officer, store):
    from tests.records.documents import suspect, tip

    register("accused", ANIL, [*BABU[:3], "1000000419, 1000000418", *BABU[4:]])
    register("devices", ["212/2021", "Phone", "001002573946188", "FSL"], name="devices.csv")
    store(tip(people=[suspect(phones=["+91 10000 00417"])]))
    anil, babu, _phone = Earlier.objects.order_by("pk")
    browser = as_officer(officer)
    page = browser.get(reverse("records:earlier-one", args=[anil.id16])).content.decode()
    assert "Sudheer Made-Up" in page and "register.csv, row 2" in page and "990000001" in page
    assert f"/records/selector/{_phone_hex()}/" in page and "hx-get" in page
    page = browser.get(reverse("records:earlier-one", args=[babu.id16])).content.decode()
    assert "more than one stands in this cell" in page and "1000000419, 1000000418" in page
    assert AuditRow.objects.filter(event="records:earlier:read", touches__thing=anil.id16).count() == 1


def _phone_hex() -> str:
    return _phone().hex()


def test_a_number_that_only_earlier_work_has_leads_to_the_rows_that_state_it(register, officer, as_officer):
    register("accused", ANIL, [*BABU[:3], "1000000417", *BABU[4:]])
    browser = as_officer(officer)
    page = browser.get(reverse("records:earlier-one", args=[Earlier.objects.first().id16])).content.decode()
    assert f"?selector={_phone_hex()}" in page
    listed = browser.get(reverse("records:earlier"), {"selector": _phone_hex()}).content.decode()
    assert "Sudheer" in listed and "ബാബു" in listed and "+911000000417" in listed


def test_a_selector_that_is_none_is_refused_in_words(officer, as_officer):
    assert as_officer(officer).get(reverse("records:earlier"), {"selector": "zz"}).status_code < 500


# ---- from the mapping screen ------------------------------------------------------------------------------------
def test_a_register_is_named_on_the_mapping_screen_and_its_rows_come_in(officer, as_officer):
    from paricha.intake.models import Batch, FileState, SavedMapping
    from paricha.intake.verbs import keep_files, open_batch

    lines = "Crime No.,Name of Accused,Mobile No.,Colour\n1/2021,Anil,1000000417,red\n"
    batch = open_batch(officer)
    keep_files(officer, batch, [("accused.csv", lines.encode())])
    run_due_jobs()
    assert (batch.files.get().state, Earlier.objects.count()) == (FileState.DECIDE, 0)
    url, browser = reverse("intake:mapping", args=[batch.id, 0]), as_officer(officer)
    page = browser.get(url).content.decode()
    assert '<option value="accused" selected>' in page and '<option value="accused.phone" selected>' in page
    as_tips = browser.post(url, {"do": "read", "register": "tips", "was": "accused", "field-0": "case.number"})
    assert as_tips.status_code == 200 and Earlier.objects.count() == 0  # shown first, read when it is chosen again
    assert '<option value="tips" selected>' in as_tips.content.decode()
    fields = {"field-0": "case.number", "field-1": "accused.name", "field-2": "accused.phone"}
    done = browser.post(url, {"do": "save", "register": "accused", "was": "accused", "name": "ours", **fields})
    assert done.status_code == 302
    run_due_jobs()
    assert Earlier.objects.get().name == "Anil" and SavedMapping.objects.get().mapping.register == "accused"
    assert (
        "earlier work, no tips" in browser.get(reverse("intake:batch", args=[Batch.objects.get().id])).content.decode()
    )


def test_search_and_a_selectors_page_show_earlier_work(register, officer, as_officer, store):
    from tests.records.documents import suspect, tip

    store(tip("990000001", people=[suspect(phones=["+91 10000 00417"])]))
    register("accused", ANIL, BABU)
    browser = as_officer(officer)
    for asked in ("10000-00417", "212/2021", "Sudheer"):
        page = browser.get("/records/search/", {"q": asked}).content.decode()
        assert "Sudheer Made-Up" in page and "Nothing that you may see matches" not in page, asked
    assert "Sudheer Made-Up" in browser.get(f"/records/selector/{_phone_hex()}/").content.decode()
