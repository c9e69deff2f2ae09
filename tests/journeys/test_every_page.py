"""Every page that the menu leads to, in Chromium, in light, dark and Malayalam: it draws without a fault, asks nothing of
another machine, breaks no rule of its own security policy, and has no grave barrier for those who read it otherwise."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [("light", "en"), ("dark", "en"), ("light", "ml")]
MOST_PAGES = 40


@pytest.fixture(scope="module")
def address(demo, serve) -> str:
    house, _ = demo
    return serve(house)


@pytest.fixture(params=LOOKS, ids=lambda look: "-".join(look))
def page(request, browser, address):
    """A page of the workplace, signed in as the first officer, with its faults collected in `page.faults`."""
    scheme, language = request.param
    context = browser.new_context(color_scheme=scheme, locale=language, viewport={"width": 1366, "height": 900})
    opened = context.new_page()
    opened.faults = []
    here = urlsplit(address).netloc

    def asked(to) -> None:
        if urlsplit(to.url).scheme in ("http", "https") and urlsplit(to.url).netloc != here:
            opened.faults.append(f"asks {to.url}")

    opened.on("request", asked)
    opened.on("pageerror", lambda error: opened.faults.append(f"{opened.url}: {error}"))
    opened.on("console", lambda said: said.type == "error" and opened.faults.append(f"{opened.url}: {said.text}"))
    opened.on("response", lambda got: got.status >= 500 and opened.faults.append(f"{got.url}: {got.status}"))
    opened.goto(address)
    if "/sign-in" in opened.url:
        opened.locator("form[action*='/access/demo'] button, form[action*='/access/demo'] [type=submit]").first.click()
        opened.wait_for_load_state()
    yield opened
    context.close()


def addresses_of_the_menu(page) -> list[str]:
    found = page.eval_on_selector_all("nav a[href], main a[href]", "links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    inside = [link.split("#")[0] for link in found if urlsplit(link).netloc == here]
    return list(dict.fromkeys(link for link in inside if "sign-out" not in link and "download" not in link))


def test_every_page_of_the_menu_draws_without_fault_or_barrier(page):
    assert "/sign-in" not in page.url, "the demo signs its visitor in"
    wide, barriers = [], []
    addresses = addresses_of_the_menu(page)
    assert len(addresses) > 5
    for address in addresses[:MOST_PAGES]:
        answer = page.request.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address)
        # Our security policy forbids scripts from elsewhere; axe is evaluated by the browser's own tool instead.
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        barriers += [
            f"{urlsplit(address).path}: {rule['id']}: {rule['nodes'][0]['html'][:120]}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(urlsplit(address).path)
    assert page.faults == []
    assert barriers == []
    assert wide == [], "the page is wider than the screen"
