"""Intake's pages: bring files in, see what was refused and where, map a sheet, enter a tip."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from paricha.access.rights import Role
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping
from paricha.intake.verbs import keep_files, open_batch
from tests.intake.test_verbs import REPORT, SHEET, results


@pytest.fixture
def page(client, officer):
    from django.contrib.auth import get_user_model

    def signed_in(who=officer):
        if who.user is None:
            who.user = get_user_model().objects.create(username=who.name)
            who.save(update_fields=["user"])
        client.force_login(who.user)
        return client

    return signed_in


def test_an_empty_intake_says_what_to_do(page):
    text = page().get(reverse("intake:batches")).content.decode()
    assert "Nothing has come in yet." in text
    assert 'data-key="a"' in text


def test_uploaded_files_become_a_batch_that_waits(page):
    files = [SimpleUploadedFile("report.json", REPORT), SimpleUploadedFile("cut.json", REPORT[:20])]
    answer = page().post(reverse("intake:upload"), {"files": files, "paths": ["/tips/report.json", "../../cut.json"]})
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("intake:batch", args=[batch.id])
    assert list(batch.files.values_list("name", flat=True).order_by("position")) == ["tips/report.json", "cut.json"]
    more = page().post(reverse("intake:upload_more", args=[batch.id]), {"files": [SimpleUploadedFile("b.json", b"[]")]})
    assert more.status_code == 302
    assert batch.files.count() == 3


def test_a_batch_shows_coverage_refusals_and_what_to_do(page, officer):
    batch = open_batch(officer, words="folder a")
    known = json.dumps({"reportId": 1, "reportedInformation": {"newKey": 1}}).encode()
    keep_files(officer, batch, [("a.json", known), ("cut.json", REPORT[:20]), ("register.csv", SHEET)])
    results(batch)
    text = page().get(reverse("intake:batch", args=[batch.id])).content.decode()
    for said in (
        "3 of 3 files done",
        "1 unread block",
        "The file ends in the middle of a value.",
        "INTAKE-DATE-ORDER",
        "Decide",
    ):
        assert said in text
    only = page().get(reverse("intake:batch", args=[batch.id]), {"state": "refused"}).content.decode()
    assert "cut.json" in only and "data-open-row>a.json" not in only
    detail = page().get(reverse("intake:file", args=[batch.id, 0])).content.decode()
    assert "/reportedInformation/newKey" in detail
    assert reverse("vault:original", args=[batch.files.get(position=0).original.hex]) in detail


def test_a_refused_file_is_retried_from_the_page(page, officer):
    batch = open_batch(officer)
    keep_files(officer, batch, [("cut.json", REPORT[:20])])
    results(batch)
    page().post(reverse("intake:retry", args=[batch.id, 0]))
    assert batch.files.get().state == FileState.WAITS


STRANGE = b"Kizhi,Ip kanda,Eppol\nPR-1,192.0.2.7,03-04-2026 10:00\nPR-2,192.0.2.8,05-04-2026 11:00\n"


def test_the_mapping_screen_proposes_asks_and_saves(page, officer):
    batch = open_batch(officer)
    keep_files(officer, batch, [("partner.csv", STRANGE)])
    results(batch)
    assert batch.files.get().state == FileState.DECIDE
    url = reverse("intake:mapping", args=[batch.id, 0])
    text = page().get(url).content.decode()
    assert "by its values" in text and "Day first: 03/04/2026" in text
    chosen = {
        "field-0": "report_number",
        "field-1": "sighting.address",
        "field-2": "sighting.at",
        "name": "partner",
        "giver": "partner",
        "header_row": "1",
    }
    tried = page().post(url, {**chosen, "do": "try", "zone": "Asia/Kolkata"}).content.decode()
    assert "PR-2" in tried and SavedMapping.objects.count() == 0
    saved = page().post(url, {**chosen, "do": "save", "zone": "Asia/Kolkata", "date_order": "dmy"})
    assert saved.status_code == 302
    (result,) = results(batch)
    tips = result.reading.documents
    assert [(tip.giver, tip.report_number.value) for tip in tips] == [("partner", "PR-1"), ("partner", "PR-2")]
    assert tips[0].sightings[0].at.instant().utc.isoformat() == "2026-04-03T04:30:00+00:00"
    again = open_batch(officer)
    keep_files(
        officer, again, [("next.csv", STRANGE), ("drifted.csv", STRANGE.replace(b"Kizhi,Ip kanda", b"Ip kanda,Kizhi"))]
    )
    first, second = results(again)
    assert (first.reading.coverage.tips, second.reading.refusals[0].code) == (2, "INTAKE-SHEET-DRIFTED")


def test_a_tip_is_entered_on_the_page(page, officer):
    url = reverse("intake:enter")
    assert page().get(url).status_code == 200
    typed = {
        "form": "phone call", "giver": "not named", "child_in_danger": "yes", "description": "A neutral line.",
        "persons": "1", "addresses": "1", "p0-role": "suspect", "p0-name": "Ajith Kurup", "p0-phones": "+91 00000 00001\n",
        "s0-address": "192.0.2.7", "s0-who": "Suspect 1", "s0-at": "2026-05-01 14:30",
    }  # fmt: skip
    refused = page().post(url, typed).content.decode()
    assert "Choose the zone of the time" in refused and "Ajith Kurup" in refused
    assert Batch.objects.count() == 0
    more = page().post(url, {**typed, "more": "person"}).content.decode()
    assert "p1-name" in more
    done = page().post(url, {**typed, "s0-zone": "Asia/Kolkata"})
    assert done.status_code == 302
    (result,) = results(FileRead.objects.get().batch)
    tip = result.reading.documents[0]
    assert (tip.people[0].names[0].value, tip.sightings[0].who) == ("Ajith Kurup", "suspect 1")


def test_pages_are_closed_to_other_roles_and_other_units(page, officer, make_officer):
    from paricha.access.models import UnitKind
    from paricha.access.verbs import add_unit

    batch = open_batch(officer)
    keep_files(officer, batch, [("cut.json", REPORT[:20])])
    results(batch)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    addresses = [
        reverse("intake:batch", args=[batch.id]),
        reverse("intake:file", args=[batch.id, 0]),
        reverse("intake:mapping", args=[batch.id, 0]),
    ]
    other = make_officer("Chitra", Role.ANALYST, unit=south)
    assert [page(other).get(address).status_code for address in addresses] == [404, 404, 404]
    custodian = make_officer("Deepa", Role.CUSTODIAN)
    assert page(custodian).get(reverse("intake:batches")).status_code == 403
