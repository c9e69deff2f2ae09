"""An analyst's hour at intake in Chromium, on the demo: a sheet nobody knows, its mapping changed, its batch read again with
the difference first; and a family of viral tips unfolded by one key."""

import pytest

from tests.journeys.test_the_day import DESK, PHONE, Visitor

ANALYST = "Intake analyst"
SHEET = "Kizhi,Ip kanda,Eppol,Kurippu\nPR-801,192.0.2.71,03-04-2026 10:00,UPLOAD\nPR-802,192.0.2.72,05-04-2026 11:30,LOGIN\n"
FAMILY = """
    from django.db import transaction
    from paricha.records import bulk, folds
    from paricha.records.models import FileHash, Tip, TipFile
    with transaction.atomic():
        bulk.only_writer()
        tips = list(Tip.objects.filter(files__gt=0).order_by("-id")[:3])
        shared = FileHash.objects.filter(file__tip=tips[0]).first().selector_id
        for number, tip in enumerate(tips):
            Tip.objects.filter(pk=tip.pk).update(marks="viral")
            file = TipFile.objects.filter(tip=tip).first()
            FileHash.objects.create(id=bulk.last_id(FileHash) + 1, file=file, selector_id=shared)
        print(folds.fold([tip.id16 for tip in tips]))
"""


@pytest.fixture(scope="module")
def address(demo, copy_of, serve) -> str:
    house = copy_of(demo[0], "intake")
    assert house.python(FAMILY).strip() == "2"
    return serve(house).rstrip("/")


@pytest.fixture
def analyst(browser, address):
    opened = Visitor(browser, address, DESK, locale="en")
    opened.be(ANALYST)
    yield opened
    opened.context.close()


def bring(visitor: Visitor, name: str, text: str) -> str:
    """Bring a file in by the form; the address of its batch, once it is read."""
    visitor.open("/intake/")
    files = [{"name": name, "mimeType": "text/plain", "buffer": text.encode()}]
    visitor.page.set_input_files("#files", files)
    visitor.page.get_by_role("button", name="Bring them in").click()
    visitor.page.wait_for_url("**/intake/batch/**")
    visitor.page.get_by_text("1 of 1 files done").wait_for(timeout=60_000)  # the page asks by itself while it waits
    return visitor.page.url


def press(visitor: Visitor, name: str) -> None:
    """Press a button that sends the form, and wait for its page."""
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name).first.click()


def map_columns(visitor: Visitor, fields: list[str], name: str) -> None:
    """On the mapping screen: choose a field a column, the zone and day first, and save under a name."""
    page = visitor.page
    for index, field in enumerate(fields):
        page.select_option(f"select[name=field-{index}]", field)
    page.select_option("select[name=zone]", "Asia/Kolkata")
    press(visitor, "Try these choices")
    if page.locator("select[name=date_order]").count():
        page.select_option("select[name=date_order]", "dmy")
    else:
        page.locator("input[name=date_order][value=dmy]").check()
    page.fill("input[name=name]", name)
    page.fill("input[name=giver]", "partner")
    press(visitor, "Try these choices")
    press(visitor, "Save and read")
    assert page.url.rstrip("/").rpartition("/")[0].endswith("/intake/batch")


def test_a_sheet_is_mapped_and_read_again_when_its_mapping_changed(analyst):
    page = analyst.page
    first = bring(analyst, "partner_april.csv", SHEET)
    page.get_by_text("Wants a decision").first.wait_for()
    analyst.follow("main a[href$='/mapping/']")
    assert page.get_by_text("by its values").count() >= 2
    assert page.get_by_text("which order?").count() == 1
    map_columns(analyst, ["report_number", "sighting.address", "sighting.at", ""], "Partner of April")
    page.get_by_text("2 new tips").wait_for(timeout=60_000)

    second = bring(
        analyst, "partner_may.csv", SHEET.replace("PR-8", "PR-9")
    )  # read by the saved mapping, without asking
    assert page.get_by_text("2 new tips").count() == 1
    analyst.open(first)
    analyst.follow("main table a[href*='/file/0/']")
    analyst.follow("a[href$='/mapping/']")
    map_columns(analyst, ["report_number", "sighting.address", "sighting.at", "sighting.event"], "Partner of April")
    analyst.open(second)
    press(analyst, "Read again and show what differs")
    page.get_by_role("button", name="Let it count").first.wait_for(
        timeout=60_000
    )  # the page comes again when all is read
    assert page.get_by_text("192.0.2.71, LOGIN").count() + page.get_by_text("192.0.2.71, UPLOAD").count() == 1
    page.keyboard.press("c")
    page.fill("dialog[open] textarea", "The partner says what the remarks are.")
    page.locator("dialog[open] button.main").click()
    page.get_by_text("Counted").first.wait_for()
    page.get_by_text("The partner says what the remarks are.").wait_for()
    analyst.open("/records/?q=PR-901")
    analyst.follow("td a[data-open-row]")
    seen = page.url.split("?")[0] + "?tab=sightings"
    for _try in range(30):  # the files are read in the background
        analyst.open(seen)
        if page.get_by_text("UPLOAD", exact=False).count():
            break
        page.wait_for_timeout(1000)
    assert page.get_by_text("UPLOAD", exact=False).count()
    analyst.open("/intake/mappings/")
    analyst.follow("td a[data-open-row]", has_text="Partner of April")
    assert page.get_by_text("“Kurippu” is read as Event now.").count() == 1
    assert analyst.faults == []


def test_a_family_of_viral_tips_is_unfolded_and_folded_by_one_key(analyst):
    page = analyst.page
    analyst.open("/records/")
    link = page.locator("a[data-unfold]")
    assert link.inner_text() == "2 folded"
    page.keyboard.press("u")
    page.locator("tr.member").nth(1).wait_for()
    assert link.get_attribute("aria-expanded") == "true"
    page.keyboard.press("u")
    page.locator("tr.member").first.wait_for(state="detached")
    page.keyboard.press("u")
    page.locator("tr.member a").first.click()
    page.get_by_text("Folded into another tip").wait_for()
    page.keyboard.press("u")
    page.fill("dialog[open] textarea", "Another child is named in this one.")
    page.locator("dialog[open] button.main").click()
    page.get_by_text("Kept alone").first.wait_for()
    analyst.open("/records/")
    assert page.locator("a[data-unfold]").inner_text() == "1 folded"
    assert analyst.faults == []


def test_intake_fits_a_phone_and_has_no_grave_barrier(browser, address):
    from tests.journeys.test_every_page import AXE

    phone = Visitor(browser, address, PHONE, locale="ml", is_mobile=True, has_touch=True, color_scheme="dark")
    phone.be(ANALYST)
    phone.open("/intake/")
    batch = phone.page.locator("main td a").last.get_attribute("href")
    pages = [
        "/intake/",
        batch,
        f"{batch}unread/",
        f"{batch}file/0/",
        "/intake/mappings/",
        "/records/",
        "/records/again/",
    ]
    for path in pages:
        phone.open(path)
        assert phone.fits(), path
        phone.page.evaluate(AXE.read_text())
        found = phone.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in grave] == [], path
    assert phone.faults == []
    phone.context.close()
