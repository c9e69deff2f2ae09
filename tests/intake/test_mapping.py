"""The mapping screen: a drifted layout named and carried over, versions shown, nothing forged taken."""

import pytest
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.intake.mapping import read_mapping
from paricha.intake.models import FileState, SavedMapping
from paricha.intake.pages.mappings import changes
from paricha.intake.verbs import keep_files, open_batch, save_mapping
from tests.intake.test_verbs import results

pytestmark = pytest.mark.django_db
PLAIN = {
    "schema": 1, "name": "partner", "header_row": 1, "zone": "Asia/Kolkata", "giver": "partner",
    "columns": {"Kizhi": "report_number", "Ip kanda": "sighting.address", "Eppol": "sighting.at"},
    "headings_in_order": ["Kizhi", "Ip kanda", "Eppol", "Kurippu"],
}  # fmt: skip
DRIFTED = b"Kizhi,IP,Eppol,Kurippu,Port\nPR-1,192.0.2.7,2026-05-01 10:00,x,443\n"


@pytest.fixture
def page(client, officer):
    client.force_login(officer.user)
    return client


@pytest.fixture
def drifted(officer):
    """The address of the mapping screen of a file whose layout drifted from the saved mapping."""
    save_mapping(officer, read_mapping(PLAIN))
    batch = open_batch(officer)
    keep_files(officer, batch, [("next.csv", DRIFTED)])
    results(batch)
    assert batch.files.get().state == FileState.DECIDE
    return reverse("intake:mapping", args=[batch.id, 0])


def test_a_drifted_layout_is_named_and_the_rest_carried_over(page, officer, drifted):
    text = page.get(drifted).content.decode()
    for said in (
        "The layout of “partner” has changed",
        "“Ip kanda” is now “IP”",
        "“Port” is new",
        "as in the saved mapping",
    ):
        assert said in text, said
    assert text.count("selected") >= 5 and 'value="Asia/Kolkata" selected' in text
    form = {"field-0": "report_number", "field-1": "sighting.address", "field-2": "sighting.at", "field-4": "sighting.port",
            "name": "partner", "giver": "partner", "zone": "Asia/Kolkata", "header_row": "1",
            "register": "tips", "was": "tips"}  # fmt: skip
    assert page.post(drifted, {**form, "do": "save"}).status_code == 302
    assert list(SavedMapping.objects.values_list("name", "version").order_by("version")) == [
        ("partner", 1),
        ("partner", 2),
    ]
    again = open_batch(officer)
    keep_files(officer, again, [("third.csv", DRIFTED)])
    (result,) = results(again)
    assert result.reading.documents[0].sightings[0].port.value == 443


def test_the_versions_of_a_mapping_say_what_changed(page, officer, drifted):
    save_mapping(
        officer,
        read_mapping(
            {
                **PLAIN,
                "zone": "UTC",
                "columns": {"Kizhi": "report_number", "Ip kanda": "sighting.port", "Kurippu": "sighting.event"},
            }
        ),
    )
    listed = page.get(reverse("intake:mappings")).content.decode()
    assert listed.count("data-row") == 1 and "partner" in listed
    newest = SavedMapping.objects.get(version=2)
    text = page.get(reverse("intake:saved_mapping", args=[newest.id])).content.decode()
    for said in ("“Ip kanda” is read as Port now, before as Address.", "“Eppol” is not read any more; it was Event time.",
                 "Zone: UTC now", "“Kurippu” is read as Event now.", "Serves the next file", "Version 1"):  # fmt: skip
        assert said in text, said
    first = page.get(reverse("intake:saved_mapping", args=[SavedMapping.objects.get(version=1).id])).content.decode()
    assert "Replaced" in first and "What it changed" not in first
    assert "Version 2" in page.get(drifted).content.decode()
    assert AuditRow.objects.filter(event="intake:mapping:read").count() == 2


def test_two_versions_that_say_the_same_have_no_changes():
    assert changes(read_mapping(PLAIN), read_mapping(PLAIN)) == []


@pytest.mark.parametrize(
    "form",
    [
        {"do": "save", "name": "x" * 500, "field-0": "report_number"},
        {"do": "read", "field-0": "no.such.field"},
        {"do": "read", "field-0": "report_number", "zone": "Mars/Olympus"},
        {"do": "read", "field-0": "report_number", "header_row": "99999"},
        {"do": "try", "header_row": "²", "field-0": "report_number", "date_order": "xyz"},
        {"do": "burn"},
        {"do": "save", "name": "a\x00b", "field-0": "report_number"},
    ],
)
def test_a_forged_form_changes_nothing_and_breaks_nothing(page, drifted, form):
    before = SavedMapping.objects.count()
    answer = page.post(drifted, {"register": "tips", "was": "tips", **form})
    assert answer.status_code in (200, 302, 409)
    assert SavedMapping.objects.count() <= before + (form.get("do") == "save")
    assert page.get(drifted).status_code == 200


def test_what_is_ambiguous_is_asked_and_never_guessed(page, officer):
    batch = open_batch(officer)
    keep_files(officer, batch, [("a.csv", "ടിപ്പ് നമ്പർ,ഐപി വിലാസം,സമയം\n1,192.0.2.7,03-04-2026 10:00\n".encode())])
    (result,) = results(batch)
    assert result.reading.documents[0].sightings[0].at.utc is None
    text = page.get(reverse("intake:mapping", args=[batch.id, 0])).content.decode()
    for said in ("“സമയം”: which order?", "Day first: 03/04/2026", "Month first: 03/04/2026", "The file states none",
                 "not decided yet: kept as written, not used"):  # fmt: skip
        assert said in text, said


def test_mappings_of_another_unit_are_neither_listed_nor_opened(page, officer, make_officer, acting_as, client):
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    theirs, mine = make_officer("Chitra", Role.ANALYST, unit=south), make_officer("Basil", Role.ANALYST, unit=north)
    with acting_as(theirs):
        saved = save_mapping(theirs, read_mapping(PLAIN))
    above = save_mapping(officer, read_mapping({**PLAIN, "name": "of the State"}))
    client.force_login(mine.user)
    listed = client.get(reverse("intake:mappings")).content.decode()
    assert "of the State" in listed and "partner" not in listed
    assert client.get(reverse("intake:saved_mapping", args=[saved.id])).status_code == 404
    assert client.get(reverse("intake:saved_mapping", args=[above.id])).status_code == 200
    custodian = make_officer("Deepa", Role.CUSTODIAN)
    client.force_login(custodian.user)
    assert client.get(reverse("intake:mappings")).status_code == 403
