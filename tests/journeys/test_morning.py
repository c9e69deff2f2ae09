"""The morning in Chromium, over HTTPS on a trusted name that is not localhost: the urgent road on the desk, and a team's
phone that enrols, opens its package after release, works without network and is heard once."""

import base64
import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

NAME = "paricha.unit.example"
PICTURES = Path(os.environ.get("PICTURES_TO", "")) if os.environ.get("PICTURES_TO") else None

SETUP = """
from pathlib import Path
import json
from django.conf import settings
from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.access.models import Officer, UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import FIRST_KEY, add_officer, add_unit
from paricha.cli.frame import do_what_is_due
from paricha.intake.entry import Entry
from paricha.intake.verbs import enter_tip
from paricha.operations.verbs.devices import invite_device
from paricha.records.models import Tip

home = Path(settings.HOME)
first, key, private = officer_of(home / FIRST_KEY)
with acting("cli", signer_of(key, private)):
    district = add_unit(first, "Kallar", under=first.unit, kind=UnitKind.DISTRICT)
    keys = home / "keys" / "officers"
    add_officer(first, "Basil Thomas", rank="", unit=first.unit, roles=[Role.SUPERVISOR], key_out=keys / "basil.key")
    leader, *_ = add_officer(first, "Leader One", rank="Inspector of Police", unit=district, roles=[Role.TEAM], key_out=keys / "leader.key")
    enter_tip(first, Entry(form="phone call", giver="not named", child_in_danger="yes",
        description="A neighbour heard of a child in danger."))
    _row, code = invite_device(first, leader)
do_what_is_due()
print(json.dumps({"code": code, "tip": Tip.objects.get().id16.hex()}))
"""
SECOND = """
from pathlib import Path
from django.conf import settings
from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.operations.models import Operation
from paricha.operations.queries import sealed_digest
from paricha.operations.verbs.planning import let_in
from paricha.operations.verbs.release import sign_release
from paricha.operations.jobs import release_due
from paricha.access.models import Officer

operation = Operation.objects.get()
first = Officer.objects.get(first=True)
second, key, private = officer_of(Path(settings.HOME) / "keys" / "officers" / "basil.key")
let_in(first, operation, second)
with acting("cli", signer_of(key, private)):
    sign_release(second, operation, digest=sealed_digest(operation))
print(release_due())
"""
TAKEN_BACK = """
from pathlib import Path
from django.conf import settings
from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.access.verbs import FIRST_KEY
from paricha.operations.models import Package
from paricha.operations.verbs.packages import revoke_package

first, key, private = officer_of(Path(settings.HOME) / FIRST_KEY)
with acting("cli", signer_of(key, private)):
    revoke_package(first, Package.objects.get(), reason="The team's work is done.")
"""
# What the phone keeps of its packages: [state, whether a sealed or an opened copy lies there].
KEPT = """() => new Promise((done, failed) => {
  const asked = indexedDB.open("paricha-field");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("packages").objectStore("packages").getAll();
    rows.onsuccess = () => done(rows.result.map((row) => [row.state, Boolean(row.sealed || row.opened)]));
  };
})"""
COUNT = """
import json
from collections import Counter
from paricha.field.models import FieldEvent, RefusedEvent
print(json.dumps([Counter(FieldEvent.objects.values_list("kind", flat=True)), RefusedEvent.objects.count()]))
"""
SIX = ["at-the-place", "entered", "exhibit-taken", "nothing-found", "person-arrested", "left"]


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def workplace(make_house, serve):
    """(house, address, what was set up): served over TLS under a name of its own."""
    house = make_house("morning")
    house.run("init", "--officer", "Anila Kurian", "--synthetic")
    made = json.loads(house.python(SETUP))
    tls = house.json("tls", "make", NAME)
    address = serve(house, "--bind", "127.0.0.1").rstrip("/")
    leaf = x509.load_pem_x509_certificate(Path(tls["certificate"]).read_bytes())
    spki = leaf.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return house, address, made | {"spki": base64.b64encode(hashlib.sha256(spki).digest()).decode()}


@pytest.fixture(scope="module")
def chromium(workplace, browser):
    """A browser that finds the name at this machine and takes the unit's certificate, by its key alone."""
    from machine_needs import find_program

    opened = browser.browser_type.launch(
        executable_path=str(find_program("chromium")),
        args=[
            "--no-sandbox",
            f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={workplace[2]['spki']}",
        ],
    )
    yield opened
    opened.close()


def test_from_a_tip_to_a_package_on_the_teams_phone_and_a_morning_without_network(workplace, chromium):
    house, address, made = workplace
    phone_context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ml")
    phone = phone_context.new_page()
    faults: list[str] = []
    phone.on("pageerror", lambda error: faults.append(str(error)))
    phone.on(
        "console",
        lambda said: faults.append(said.text) if said.type == "error" and "ERR_INTERNET" not in said.text else None,
    )
    phone.goto(f"{address}/field/app/#code={made['code']}")
    phone.locator("input[name=label]").fill("phone of the team")
    picture(phone, "phone-enrol-ml")
    phone.locator("footer button.main").click()
    phone.get_by_text("Leader One").wait_for()
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    desk = chromium.new_context(viewport={"width": 1366, "height": 900}, locale="en").new_page()
    desk.goto(address)
    desk.select_option(
        "select[name=officer]",
        label=[
            one
            for one in desk.locator("select[name=officer] option").all_inner_texts()
            if one.startswith("Anila Kurian")
        ][0],
    )
    desk.locator("form[action*='/access/demo'] button").first.click()
    desk.wait_for_load_state()
    began = time.monotonic()
    desk.goto(f"{address}/records/tip/{made['tip']}/")
    desk.goto(f"{address}/operations/urgent/{made['tip']}/")
    desk.locator("textarea[name=address]").fill("Lakeview 9, Ward 3, Kallar")
    desk.locator("textarea[name=basis]").fill("The caller gave the house and waits there.")
    desk.locator("textarea[name=reason]").fill("A child is in danger now.")
    desk.select_option("select[name=district]", label="Kallar")
    desk.locator("input[name=team]").first.check()
    desk.locator("input[name=women]").first.check()
    picture(desk, "urgent")
    desk.locator("main form button.main").click()
    desk.get_by_text("Sign the release").wait_for()
    picture(desk, "seal")

    phone.reload()
    phone.get_by_text("മുദ്രവച്ചത്").first.wait_for()
    picture(phone, "phone-sealed-ml")
    desk.get_by_text("Sign the release").click()
    desk.get_by_text("must be another officer").wait_for()
    assert house.python(SECOND).strip() == "1"
    phone.reload()
    phone.get_by_text("തുറക്കാം").first.wait_for()
    phone.locator("a.site").first.click()
    phone.get_by_text("പാക്കേജ് തുറക്കുക").click()
    phone.get_by_text("Lakeview 9").first.wait_for()
    assert time.monotonic() - began < 300, "the urgent road takes less than five minutes"
    picture(phone, "phone-opened-ml")

    phone_context.set_offline(True)
    phone.reload()
    phone.get_by_text("Lakeview 9").first.wait_for()
    phone.get_by_role("button", name="English").click()
    picture(phone, "phone-offline-en")
    phone.locator("a.site", has_text="Lakeview 9").click()
    phone.get_by_role("button", name="We are at the place").click()
    phone.get_by_role("button", name="We are inside").click()
    phone.get_by_role("button", name="Seize a device").click()
    phone.locator("input[name=imei]").fill("490154203237518")
    for name, value in {"make": "Made-up", "room": "Hall", "seized_by": "Leader One", "seal_number": "S-0001"}.items():
        phone.locator(f"input[name={name}]").fill(value)
    picture(phone, "phone-exhibit-en")
    phone.get_by_role("button", name="Sign exhibit P1").click()
    phone.get_by_role("button", name="Nothing found").click()
    phone.locator("textarea[name=words]").fill("The other rooms were looked at.")
    phone.get_by_role("button", name="Sign", exact=True).click()
    phone.get_by_role("button", name="A person is arrested").click()
    phone.locator("input[name=name]").fill("Made-up Person")
    phone.get_by_role("button", name="Sign", exact=True).click()
    phone.get_by_role("button", name="We have left").click()
    phone.get_by_text("6 not sent").first.wait_for()
    picture(phone, "phone-waiting-en")
    assert json.loads(house.python(COUNT))[0] == {"opened": 1}, "nothing of it is with the server yet"
    phone.reload()
    phone.get_by_text("6 not sent").first.wait_for()

    phone_context.set_offline(False)
    phone.reload()
    phone.get_by_text("All sent").first.wait_for(timeout=60_000)
    counted, refused = json.loads(house.python(COUNT))
    assert counted == {"opened": 1, **dict.fromkeys(SIX, 1)} and refused == 0

    desk.goto(f"{address}/field/")
    picture(desk, "board")
    desk.locator("td b", has_text="-01").first.wait_for()

    assert phone.evaluate(KEPT) == [["released", True]]
    house.python(TAKEN_BACK)
    phone.reload()
    phone.get_by_text("Revoked").first.wait_for()
    phone.get_by_text("All sent").first.wait_for()
    assert phone.evaluate(KEPT) == [["revoked", False]], "what was taken back is wiped from the phone"
    assert phone.get_by_text("Lakeview 9").count() == 0
    picture(phone, "phone-revoked-en")
    assert faults == []
