"""Pages of officers and of the log: what they do, whom they refuse, and that each reading is itself in the log."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from paricha.access.events import Event
from paricha.access.models import ApiToken, BreakGlass, Compartment, Officer, OfficerKey, Unit
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.audit.stamp import stamp_all


@pytest.fixture(autouse=True)
def cache_table(db):
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def enter():
    """A browser of an officer, signed in."""

    def into(who) -> Client:
        client = Client()
        client.post("/access/demo/", {"officer": who.pk})
        return client

    return into


@pytest.fixture
def district(officer):
    return add_unit(officer, "Puzhanad", under=officer.unit, kind="district")


def address(officer, more="") -> str:
    return f"/access/officers/{officer.id16.hex()}/{more}"


def test_before_sign_in_a_page_leads_there_and_back(officer):
    answer = Client().get("/access/officers/?q=x")
    assert answer["Location"] == "/access/sign-in/?next=%2Faccess%2Fofficers%2F%3Fq%3Dx"
    assert (
        Client().get("/access/officers/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/access/sign-in/")
    )
    assert Client().get("/access/officers/", headers={"Accept": "application/json"}).status_code == 401


def test_without_the_right_a_page_says_so_with_a_remedy_and_the_log_keeps_it(enter, make_officer):
    browser = enter(make_officer("Basil", Role.TEAM))
    page = browser.get("/access/officers/")
    assert page.status_code == 403 and "ACCESS-RIGHT" in page.content.decode()
    assert AuditRow.objects.get(event=Event.REFUSED).facts.find('"right": "admin"') > 0
    part = browser.get("/access/officers/", headers={"HX-Request": "true"})
    assert part.status_code == 403 and "<html" not in part.content.decode() and part["HX-Retarget"] == "#main"
    said = json.loads(browser.get("/access/officers/", headers={"Accept": "application/json"}).content)
    assert said["refusals"][0]["code"] == "ACCESS-RIGHT"


def test_pages_are_kept_in_no_cache(enter, officer):
    assert "no-store" in enter(officer).get("/access/me/")["Cache-Control"]


def test_an_administrator_adds_an_officer_and_hands_over_his_code(enter, officer, district):
    browser = enter(officer)
    given = {"name": "Celine", "rank": "Inspector", "unit": district.id16.hex(), "roles": ["district"]}
    page = browser.post("/access/officers/add/", given).content.decode()
    celine = Officer.objects.get(name="Celine")
    assert celine.unit == district and celine.enrolments.count() == 1 and "good once" in page
    assert browser.post("/access/officers/add/", given).status_code == 409, "the name is taken"
    listed = browser.get("/access/officers/?role=district").content.decode()
    assert "Celine" in listed and "Anila" in listed
    assert (
        "Anila"
        not in browser.get("/access/officers/?unit=Puzhanad")
        .content.decode()
        .split("<main")[1]
        .split("<dialog")[0]
        .split("data-list")[1]
    )
    assert browser.get(address(celine)).status_code == 200


def test_roles_are_given_by_another_and_given_up_by_oneself(enter, officer, make_officer):
    basil = make_officer("Basil", Role.ANALYST)
    browser = enter(officer)
    browser.post(address(basil, "roles/"), {"role": ["auditor", "administrator", "nonsense"]})
    basil.refresh_from_db()
    assert basil.roles == {Role.AUDITOR, Role.ADMINISTRATOR}
    assert browser.post(address(officer, "roles/"), {"role": ["analyst"]}).status_code == 409
    browser.post("/access/me/roles/", {"role": ["administrator"]})
    officer.refresh_from_db()
    assert (
        Role.ADMINISTRATOR not in officer.roles and browser.get(address(basil)).status_code == 200
    )  # still an auditor
    last = enter(basil).post("/access/me/roles/", {"role": ["administrator"]})
    assert last.status_code == 409 and "ACCESS-LAST-ADMINISTRATOR" in last.content.decode()


def test_an_administrator_of_a_district_sees_and_changes_only_his_own(enter, officer, make_officer, district):
    local = make_officer("Basil", Role.ADMINISTRATOR, unit=district)
    other = make_officer("Celine", Role.ANALYST)
    browser = enter(local)
    listed = browser.get("/access/officers/").content.decode().split("data-list")[1].split("<dialog")[0]
    assert "Basil" in listed and "Celine" not in listed and "Anila" not in listed
    for page in (address(other), address(officer)):
        assert browser.get(page).status_code == 404
    assert browser.post(address(other, "retire/")).status_code == 404
    key = OfficerKey.objects.get(officer=other)
    assert browser.post(f"/access/keys/{key.id.hex()}/revoke/", {"reason": "mischief"}).status_code == 404
    given = {"name": "X", "under": officer.unit.id16.hex(), "kind": "district"}
    browser.post("/access/units/", given)
    assert not Unit.objects.filter(name="X").exists()


def test_units_grow_below_one_s_own(enter, officer, district):
    browser = enter(officer)
    browser.post("/access/units/", {"name": "Town station", "under": district.id16.hex(), "kind": "station"})
    station = Unit.objects.get(name="Town station")
    assert station.path == f"{district.path}{station.pk}/"
    assert "Town station" in browser.get("/access/units/").content.decode()


def test_a_compartment_is_made_joined_and_left(enter, officer, make_officer):
    basil = make_officer("Basil", Role.ANALYST)
    browser = enter(officer)
    browser.post("/access/compartments/", {"name": "Operation Lantern", "member": [officer.id16.hex()]})
    closed = Compartment.objects.get()
    where = f"/access/compartments/{closed.id16.hex()}/"
    assert "Operation Lantern" not in enter(basil).get("/access/compartments/").content.decode()
    browser.post(where, {"officer": basil.id16.hex(), "act": "join"})
    assert "Operation Lantern" in enter(basil).get("/access/compartments/").content.decode()
    browser.post(where, {"officer": basil.id16.hex(), "act": "leave"})
    assert list(closed.members.all()) == [officer]
    assert enter(basil).post("/access/compartments/", {"name": "My own"}).status_code == 403


def test_break_glass_takes_a_reason_and_is_told_to_the_supervisor_who_says_he_saw_it(
    enter, officer, make_officer, district
):
    basil = make_officer("Basil", Role.ANALYST, unit=district)
    boss = make_officer("Celine", Role.SUPERVISOR)
    stranger = make_officer(
        "Deepa", Role.SUPERVISOR, unit=add_unit(officer, "Kizhakkad", under=officer.unit, kind="district")
    )
    browser = enter(basil)
    given = {"what": f"unit {officer.unit.id16.hex()}", "reason": "short", "hours": "2"}
    assert browser.post("/access/glass/", given).status_code == 200 and not BreakGlass.objects.exists()
    given["reason"] = "The child may be in the other district tonight"
    assert browser.post("/access/glass/", given).status_code == 302
    row = AuditRow.objects.get(event=Event.GLASS_BROKEN)
    assert set(json.loads(row.facts)["supervisors"]) == {boss.id16.hex(), officer.id16.hex()}
    assert "other district tonight" not in row.facts, "the log carries no words of a case"
    glass = BreakGlass.objects.get()
    seen = f"/access/glass/{glass.id.hex()}/seen/"
    for nobody in (basil, stranger):
        assert enter(nobody).post(seen).status_code == 409
    assert "other district tonight" in enter(boss).get("/access/glass/seen/").content.decode()
    enter(boss).post(seen)
    glass.refresh_from_db()
    assert glass.seen_by == boss and glass.seen_at is not None


def test_a_token_is_shown_once_and_holds_only_rights_of_its_officer(enter, officer, make_officer):
    basil = make_officer("Basil", Role.AUDITOR)
    browser = enter(basil)
    given = {"label": "script", "right": ["audit"], "days": "30"}
    page = browser.post("/access/me/tokens/", given).content.decode()
    token = ApiToken.objects.get()
    assert "par_" in page and token.scopes == "audit" and "par_" not in browser.get("/access/me/").content.decode()
    assert browser.post("/access/me/tokens/", given | {"right": ["admin"]}).status_code == 401
    assert enter(make_officer("Celine")).post(f"/access/tokens/{token.id.hex()}/revoke/").status_code == 404
    browser.post(f"/access/tokens/{token.id.hex()}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_log_is_read_with_filters_and_the_reading_is_in_it(enter, officer, make_officer):
    auditor = make_officer("Basil", Role.AUDITOR)
    stamp_all()
    browser = enter(auditor)
    before = AuditRow.objects.filter(event="audit:log:read").count()
    page = browser.get("/access/log/?event=access:officer:added").content.decode()
    assert "officer added" in page and "house made" not in page
    assert "officer added" in browser.get(f"/access/log/?thing={auditor.id16.hex()}").content.decode()
    assert "No row is like this" in browser.get("/access/log/?officer=Nobody").content.decode()
    assert "No row is like this" in browser.get("/access/log/?thing=not-an-id").content.decode()
    assert "No row is like this" in browser.get("/access/log/?until=2001-01-01").content.decode()
    for never in ("from=9999-12-31", "until=0001-01-01"):
        assert "No row is like this" in browser.get(f"/access/log/?{never}").content.decode()
    for always in ("from=0001-01-01", "until=9999-12-31"):
        assert "No row is like this" not in browser.get(f"/access/log/?{always}").content.decode()
    assert AuditRow.objects.filter(event="audit:log:read").count() == before + 9
    sheet = b"".join(browser.get("/access/log/?export=csv").streaming_content).decode().splitlines()
    assert sheet[0].startswith("id,at_utc,event") and len(sheet) == AuditRow.objects.count() + 1
    row = AuditRow.objects.get(event=Event.HOUSE_MADE)
    page = browser.get(f"/access/log/rows/{row.id.hex()}/").content.decode()
    assert bytes(row.row_hash).hex() in page and "stamped" in page
    assert browser.get(f"/access/log/things/{officer.id16.hex()}/").status_code == 200
    assert browser.get(f"/access/log/things/{'00' * 16}/").status_code == 404
    assert enter(make_officer("Celine", Role.ANALYST)).get("/access/log/").status_code == 403


def test_the_head_of_the_day_is_a_paper(enter, officer):
    import pypdfium2

    browser = enter(officer)
    stamp_all()
    from paricha.audit.stamp import current_head

    head = current_head()
    assert head in browser.get("/access/log/stamps/").content.decode()
    text = pypdfium2.PdfDocument(browser.get("/access/log/head.pdf").content)[0].get_textpage().get_text_range()
    assert head[:8] in text and head[-8:] in text and "Made-up data" in text


def test_the_history_tag_tells_what_happened(officer, make_officer):
    from django.template import Context, Template

    basil = make_officer("Basil")
    shown = Template("{% load access %}{% history thing %}").render(Context({"thing": basil}))
    assert "officer added" in shown and "Anila Kurian" in shown
