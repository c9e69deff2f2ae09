"""The shell in the browser: keys, light, Malayalam, the content security policy, and what axe finds."""

import shutil
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from paricha.screens import controls, nav, parts, viewer
from paricha.screens.lists import Column, ListPage, View

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
BUILT = Path(nav.__file__).parent / "static" / "built"
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and AXE.exists() and (BUILT / "screens-keys.js").exists()),
    reason="no browser, or the front end is not built",
)

ROWS = [{"id": n, "number": f"T-{n:03d}", "kind": "even" if n % 2 == 0 else "odd"} for n in range(1, 81)]
LIST = ListPage(
    name="tips",
    title="Tips",
    columns=[
        Column("number", "Tip", link=lambda row: f"/original/?n={row['id']}", sort="number"),
        Column("kind", "Kind"),
    ],
    views=[View("all", "All"), View("odd", "Odd", {"kind": "odd"})],
    search=["number"],
    order="number",
    marks=True,
)
DOCUMENT = (
    b'{"people": ['
    + b",".join(b'{"ip": "203.0.113.%d", "note": "<script>document.title=1</script>"}' % n for n in range(250))
    + b"]}"
)


def rows(request: HttpRequest) -> HttpResponse:
    return LIST.answer(request, ROWS)


def original(request: HttpRequest) -> HttpResponse:
    locator = {"original": "ab" * 32, "kind": "json_pointer", "at": "/people/200/ip"}
    return render(
        request,
        "screens/original.html",
        {"shown": viewer.show(DOCUMENT, locator), "name": "report.json", "sha256": "ab" * 32, "locator": locator},
    )


def wrong(request: HttpRequest) -> HttpResponse:
    """A page whose buttons are refused, and fail, and are undone."""
    how = request.GET.get("how")
    if how == "refused":
        refusal = {
            "file": "reply.xlsx",
            "place": "C7",
            "what": "The port is 4011.",
            "remedy": "Write it again.",
            "code": "X-Y",
        }
        answer = HttpResponse(parts.refusal(refusal), status=409)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#main", "afterbegin"
        return answer
    if how == "fault":
        return HttpResponse("Traceback", status=500)
    if how == "done":
        return HttpResponse(
            f"<p id='here'>{request.method}</p>" + controls.undo_toast("12 tips given", "/wrong/", "token")
        )
    return render(request, "screens/base.html", {}) if how is None else HttpResponse(status=404)


urlpatterns = [
    path("wrong/", wrong),
    path("rows/", rows),
    path("original/", original),
    path("screens/", include("paricha.screens.urls")),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def site(settings):
    """These pages served as they are in the workplace, without sign-in: the address of a server of our own."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "paricha.screens.middleware.SafetyHeadersMiddleware",
    ]
    handler = WSGIHandler()
    server = make_server("127.0.0.1", 0, handler, server_class=Threaded, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, site):
    """A page whose every complaint (script error, policy violation) fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    yield opened
    context.close()
    # Chromium itself notes every answer of 4xx; a refusal is such an answer.
    assert [line for line in complaints if "responded with a status of 4" not in line] == []


def axe(page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run()")
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found["violations"]]


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_sheet_of_components_has_no_fault_that_axe_can_find(page, site, light, language):
    page.context.add_cookies(
        [
            {"name": "paricha_light", "value": light, "url": site},
            {"name": "django_language", "value": language, "url": site},
        ]
    )
    page.goto("/screens/states/")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("data-theme") == light
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_the_policy_forbids_what_is_inline(page):
    answer = page.goto("/screens/states/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert page.locator("[style]").count() == 0 and page.locator("script:not([src])").count() == 0


def test_light_and_language_are_kept(page):
    page.goto("/screens/states/")
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="മലയാളം").click()
    page.locator("html[lang=ml]").wait_for()  # the answer is a new page; a reload before it comes would race it
    page.reload()
    assert page.locator("html").get_attribute("lang") == "ml"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_j_k_x_and_enter_walk_a_list(page):
    page.goto("/rows/")
    for _press in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    current = page.locator("tr[aria-current]")
    assert current.count() == 1 and "T-002" in current.inner_text()
    page.keyboard.press("x")
    assert page.locator("tr.marked").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/original/?n=2")


def test_a_key_is_not_taken_while_typing(page):
    page.goto("/rows/")
    page.keyboard.press("/")
    page.keyboard.type("jx?T-07")
    assert page.locator("[name=q]").input_value() == "jx?T-07"
    assert page.locator("tr[aria-current]").count() == 0 and page.locator("dialog[open]").count() == 0


def test_htmx_narrows_the_list_and_the_address_follows(page):
    page.goto("/rows/")
    page.get_by_role("link", name="Odd").click()
    page.wait_for_url("**view=odd**")
    assert "1 to 40 of 40" in page.locator("#list footer").inner_text()
    page.locator("[name=q]").fill("T-01")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_function("() => document.querySelectorAll('tr[data-row]').length === 5")
    page.reload()
    assert page.locator("tr[data-row]").count() == 5
    page.go_back()
    page.wait_for_function("() => document.querySelector('#list footer')?.innerText.includes('of 40')")


def test_the_question_mark_lists_the_keys_of_the_page(page):
    page.goto("/screens/states/")
    page.keyboard.press("?")
    assert "Take" in page.locator("#page-keys").inner_text()
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_dialog_asks_for_a_reason_before_it_sends(page):
    page.goto("/screens/states/")
    page.get_by_role("button", name="Revoke").click()
    dialog = page.locator("#override")
    dialog.locator("textarea").fill("short")
    dialog.get_by_role("button", name="Override").click()
    assert dialog.evaluate("node => node.open") and dialog.locator("textarea:invalid").count() == 1
    dialog.get_by_role("button", name="Leave it held").click()
    assert not dialog.evaluate("node => node.open")


def test_the_place_in_an_original_is_in_view_and_nothing_of_it_runs(page):
    page.goto("/original/")
    mark = page.locator("mark#at")
    assert mark.inner_text() == '"203.0.113.200"'
    box, frame = mark.bounding_box(), page.locator(".original").bounding_box()
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]
    assert "report.json" in page.title() or page.title() != "1"
    assert axe(page) == []


def test_a_narrow_screen_does_not_scroll_sideways(page):
    page.set_viewport_size({"width": 1100, "height": 800})
    for address in ("/screens/states/", "/rows/", "/original/"):
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), address


def press(page, how: str) -> None:
    """Let htmx send a POST from the page, as a button of a room would."""
    page.evaluate(
        "how => { const one = document.createElement('div'); one.id = 'here'; document.getElementById('main').append(one);"
        " htmx.ajax('POST', '/wrong/?how=' + how, {source: one, target: one, swap: 'outerHTML'}); }",
        how,
    )


def test_a_refusal_by_htmx_stands_at_the_top_of_the_page(page):
    page.goto("/wrong/")
    press(page, "refused")
    page.wait_for_selector("#main > .refusal:first-child")
    assert "Write it again." in page.locator(".refusal").inner_text()


def test_what_was_done_can_be_undone_for_ten_seconds(page):
    page.goto("/wrong/")
    press(page, "done")
    page.wait_for_selector("#toasts .toast")
    assert "12 tips given" in page.locator("#toasts").inner_text()
    assert page.locator("#toasts form[action='/wrong/'] button").get_attribute("data-key") == "u"
    assert page.locator("#here").inner_text() == "POST"  # the token of the page went with it


def test_our_own_fault_is_said_in_words_and_shows_nothing_of_it(site, browser):
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/wrong/")
    press(page, "fault")
    page.wait_for_selector("#toasts .toast")
    assert "It is our fault" in page.locator("#toasts").inner_text()
    assert "Traceback" not in page.content()
    context.close()
