"""One day of the house in Chromium, on the demo: the road from a figure of the evening back to the file it came from, as the
officers who work there, on a desk and on a phone. The morning itself stands in test_morning.py."""

from urllib.parse import urlsplit

import pytest

DESK, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(demo, copy_of, serve) -> str:
    return serve(copy_of(demo[0], "day")).rstrip("/")


class Visitor:
    """A page with its faults; `be` chooses who looks, in the yellow bar."""

    def __init__(self, browser, address: str, viewport: dict, **look) -> None:
        self.address = address
        self.context = browser.new_context(viewport=viewport, **look)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        here = urlsplit(address).netloc
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on(
            "console", lambda said: said.type == "error" and self.faults.append(f"{self.page.url}: {said.text}")
        )
        self.page.on("response", lambda got: got.status >= 400 and self.faults.append(f"{got.url}: {got.status}"))
        self.page.on("request", lambda to: urlsplit(to.url).netloc not in ("", here) and self.faults.append(to.url))
        self.page.goto(address)

    def be(self, name: str) -> None:
        self.page.goto(self.address)
        choices = self.page.locator("select[name=officer] option").all_inner_texts()
        self.page.select_option("select[name=officer]", label=next(one for one in choices if one.startswith(name)))
        self.page.locator("form[action*='/access/demo'] button").first.click()
        self.page.wait_for_load_state()

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.address + path)
        assert self.page.locator("h1").first.inner_text().strip()

    def follow(self, selector: str, **more) -> None:
        """Open the first link of that kind on the page."""
        self.open(self.page.locator(selector, **more).first.get_attribute("href"))

    def fits(self) -> bool:
        return self.page.evaluate(
            "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
        )


@pytest.fixture(params=["desk", "phone"])
def visitor(request, browser, address):
    looks = {"desk": (DESK, {"locale": "en"}), "phone": (PHONE, {"locale": "en", "is_mobile": True, "has_touch": True})}
    viewport, look = looks[request.param]
    opened = Visitor(browser, address, viewport, **look)
    yield opened
    opened.context.close()


def test_from_a_figure_of_the_evening_back_to_the_place_in_the_file(visitor):
    page = visitor.page
    visitor.be("Commander")
    visitor.open("/trends/")
    visitor.follow("main a[href*='/trends/']", has_text="O-")
    visitor.follow("main td.n a[href$='/sites/'], main td.n a[href$='/searched/']")
    visitor.follow("main table tbody a[href*='/operations/sites/']")
    visitor.follow("main a[href*='/attribution/door/']")
    assert "D-" in page.locator("h1").first.inner_text()
    visitor.be("First officer")
    visitor.open("/attribution/")
    visitor.follow("main table tbody a[href*='/attribution/door/']")
    visitor.follow(
        "main a[href*='/vault/original/'][href*='kind=cell'], main a[href*='/vault/original/'][href*='kind=json']"
    )
    assert page.locator("mark").first.inner_text().strip()
    assert visitor.faults == []


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("Intake analyst", ["/", "/intake/", "/records/", "/triage/", "/linking/", "/dispatch/", "/notices/"]),
        ("Legal desk", ["/", "/attribution/requests/", "/attribution/"]),
        ("Supervisor", ["/", "/triage/", "/operations/", "/field/"]),
        ("Control room", ["/", "/field/"]),
        ("Custodian", ["/", "/exhibits/", "/exhibits/clocks/"]),
        ("Auditor", ["/", "/access/log/"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_officer_finds_his_part_of_the_day(visitor, name: str, pages: list[str]):
    visitor.be(name)
    wide = []
    for path in pages:
        visitor.open(path)
        if not visitor.fits():
            wide.append(path)
        first = visitor.page.locator("main table tbody a[href^='/']").first
        if first.count():
            visitor.open(first.get_attribute("href"))
    assert visitor.faults == []
    assert wide == [], "wider than the screen"
