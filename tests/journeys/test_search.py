"""An analyst looks for a number, follows it to where it was seen, keeps a search, and is told when a new tip matches it."""

import time

import pytest

from tests.records.documents import write_reports

WIDE, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def searched(new_house, serve, tmp_path_factory):
    house = new_house("search")
    house.json("intake", write_reports(tmp_path_factory.mktemp("first"), 990000001, 990000002))
    return house, serve(house).rstrip("/")


@pytest.fixture
def page(browser, searched):
    context = browser.new_context(viewport=WIDE, locale="en")
    opened = context.new_page()
    opened.goto(searched[1])
    opened.locator("form[action*='/access/demo'] button").first.click()
    opened.wait_for_load_state()
    yield opened
    context.close()


def fits(page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


def test_from_a_defanged_address_to_its_first_sighting_and_its_place_in_the_file(page):
    page.keyboard.press("/")
    page.keyboard.type("203[.]0[.]113[.]47:51820")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/search/**")
    assert page.locator("td.whyfound mark").first.inner_text() == "203.0.113.47"
    page.locator("main td.mono a").first.click()
    page.wait_for_url("**/records/selector/**")
    seen = page.locator("main").inner_text()
    assert "First seen" in seen and "stated beside it" in seen and "990000002" in seen
    page.locator("main table a.src").first.click()
    page.wait_for_url("**/vault/original/**")
    assert page.locator("mark").first.inner_text().strip('"') == "203.0.113.47"


def test_a_name_is_found_in_the_other_script_and_marked_where_it_stands(page, searched):
    page.goto(f"{searched[1]}/records/search/?q=anumodh")
    assert page.locator("td.whyfound mark").first.inner_text() == "അനുമോദ്"
    assert "written alike" in page.locator("td.whyfound").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/tip/**")


@pytest.mark.parametrize(
    "path", ["/records/search/", "/records/search/?q=kite_fly_88", "/records/search/?q=nothinglikeit"]
)
def test_search_fits_a_phone(browser, searched, page, path):
    page.set_viewport_size(PHONE)
    page.goto(searched[1] + path)
    assert fits(page)
    assert page.locator("h1").inner_text() == "Search"


def test_a_kept_search_tells_on_home_of_a_tip_that_comes_in_later(page, searched, tmp_path):
    house, address = searched
    page.goto(f"{address}/records/search/?q=night_owl_7")
    assert "Nothing that you may see matches" in page.locator("main").inner_text()
    page.locator("input[name=name]").fill("Owl")
    page.locator("form[action$='/search/save/'] button").click()
    page.wait_for_url("**/records/search/*/")
    assert "Tells you" in page.locator(".head").inner_text()
    house.json("intake", write_reports(tmp_path, 990000003, handle="Night_Owl_7"))
    until = time.monotonic() + 90
    while "A saved search found something new" not in page.locator("main").inner_text():
        assert time.monotonic() < until, "no notice came"
        page.wait_for_timeout(500)
        page.goto(address)
    page.locator("main a", has_text="Saved search Owl").first.click()
    page.wait_for_url("**/records/search/*/")
    assert "990000003" in page.locator("main table").inner_text()
