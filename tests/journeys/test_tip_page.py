"""A tip of two forms in Chromium: each value's original beside it, by click, j and k; pages of the PDF turned by keys; both
readings of a conflict; the note on one page; on a desk in light, dark and Malayalam, and on a phone."""

import json
import os
from pathlib import Path

import pypdfium2
import pytest

PICTURES = Path(os.environ["PICTURES_TO"]) if os.environ.get("PICTURES_TO") else None
LOOKS = {
    "light": ("light", "en", 1440),
    "dark": ("dark", "en", 1440),
    "ml": ("light", "ml", 1440),
    "phone": ("dark", "en", 390),
}

SETUP = Path(__file__).with_name("tip_of_two_forms.py")


@pytest.fixture(scope="module")
def tips(new_house, serve) -> dict[str, str]:
    """Report number → address of its page."""
    house = new_house("tip-page")
    made = json.loads(house.python(SETUP.read_text()))
    served = serve(house).rstrip("/")
    return {number: f"{served}/records/tip/{key}/" for number, key in made.items()}


@pytest.fixture(scope="module")
def tip_address(tips) -> str:
    return tips["990000417"]


TABS = ("sightings", "files", "links", "versions", "history")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
KIND_OF = "one => fetch(one.href.baseVal).then(answer => answer.headers.get('content-type'))"
SHOWS = "title => document.querySelector('#original header .quiet')?.textContent.trim() === title"


def opened(browser, address: str, look: str):
    scheme, language, width = LOOKS[look]
    page = browser.new_context(
        color_scheme=scheme, locale=language, viewport={"width": width, "height": 1000}
    ).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.goto(address)
    if "/sign-in" in page.url:
        page.locator("form[action*='/access/demo'] button, form[action*='/access/demo'] [type=submit]").first.click()
        page.wait_for_load_state()
        page.goto(address)
    return page


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=PICTURES / f"{name}.png")


def marked(page) -> str:
    """The text that is marked in a JSON original."""
    return page.locator("#original mark#at").inner_text()


def test_choosing_a_value_shows_its_original_beside_it(tip_address, browser):
    page = opened(browser, tip_address, "light")
    page.locator("#original section").wait_for()
    assert marked(page) == '"990000417"' or marked(page) == "990000417"
    page.locator(".values .v", has_text="70014418").click()
    page.wait_for_function("document.querySelector('#original mark#at')?.textContent.includes('70014418')")
    assert page.url == tip_address
    page.locator(".values .v", has_text="+91 00000 00417").click()
    page.locator("#original svg.leaf .at").wait_for()
    assert "page 3 of 11" in page.locator("#original .turn").inner_text()
    box, frame = page.locator("#original svg .at").bounding_box(), page.locator("#original .original").bounding_box()
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"], "the place is in view"
    assert page.locator("#original svg .unread").count() == 1
    assert page.locator("#original svg image").evaluate(KIND_OF) == "image/png"
    picture(page, "tip-light")
    page.keyboard.press("]")
    page.get_by_text("page 4 of 11").wait_for()
    page.keyboard.press("[")
    page.get_by_text("page 3 of 11").wait_for()
    assert page.url == tip_address and not page.faults


def test_j_and_k_walk_through_the_values(tip_address, browser):
    page = opened(browser, tip_address, "light")
    page.locator("#original section").wait_for()
    every = page.locator(".values a.src").count()
    assert every > 8
    page.keyboard.press("j")
    page.keyboard.press("j")
    now = page.locator(".values a.src[aria-current]")
    assert now.count() == 1
    second = now.get_attribute("href")
    page.wait_for_function(SHOWS, arg=now.get_attribute("title"))
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator(".values a.src[aria-current]").get_attribute("href") == second
    assert page.evaluate("document.activeElement.getAttribute('href')") == second
    assert page.locator("#shown-place").inner_text() == now.get_attribute("title")


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_every_look_draws_without_fault_and_without_media(tip_address, browser, look):
    page = opened(browser, tip_address, look)
    page.locator("#original section").wait_for()
    page.locator(".values a.src[href*=page_rect]").first.click()
    page.locator("#original svg.leaf").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no wider than the screen"
    )
    if look == "phone":
        box = page.locator("#original svg.leaf").bounding_box()
        assert box and 0 <= box["y"] < 1000, "the original comes into view"
    assert page.locator("main img, main video, main audio, main iframe, main object, main embed").count() == 0
    picture(page, f"tip-{look}-pdf")
    for tab in TABS if PICTURES or look == "phone" else ():
        page.goto(f"{tip_address}?tab={tab}")
        page.locator("#original section").wait_for()
        assert page.evaluate(FITS), f"{tab} is no wider than the screen"
        picture(page, f"tip-{look}-{tab}")
    assert not page.faults
    page.context.close()


@pytest.mark.parametrize("number, says", [("990000417", "plan.bin"), ("990000600", "more sightings")])
def test_the_note_prints_on_one_page(tips, browser, number, says):
    page = opened(browser, f"{tips[number]}note/", "light")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    picture(page, f"note-{number}")
    page.context.close()
    assert len(printed) == 1
    text = printed[0].get_textpage().get_text_range()
    assert number in text and says in text
