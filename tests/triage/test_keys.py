"""The queue worked by keyboard in Chromium: down, the preview follows, take, decide, the next tip, undo."""

import pytest

from tests.records.documents import write_reports


@pytest.fixture(scope="module")
def address(new_house, serve, tmp_path_factory) -> str:
    """A workplace on made-up data with three tips, the first to the top by a rule."""
    made = new_house("keys")
    folder = tmp_path_factory.mktemp("in")
    for number, priority in ((990000001, "1"), (990000002, "2"), (990000003, "4")):
        write_reports(folder / str(number), number, priority=priority, handle=f"handle_{number}")
    made.run("intake", folder)
    return serve(made)


@pytest.fixture
def page(browser, address):
    context = browser.new_context(locale="en", viewport={"width": 1366, "height": 900})
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda said: said.type == "error" and opened.faults.append(said.text))
    opened.goto(address)
    if "/sign-in" in opened.url:
        opened.locator("form[action*='/access/demo'] button, form[action*='/access/demo'] [type=submit]").first.click()
        opened.wait_for_load_state()
    yield opened
    context.close()


def test_a_morning_at_the_queue_needs_no_mouse(page, address):
    page.goto(f"{address.rstrip('/')}/triage/")
    preview = page.locator("#preview h2")
    preview.wait_for()
    assert preview.inner_text() == "990000001"  # the first row's, without a key
    for key, number in (("j", "990000001"), ("j", "990000002"), ("k", "990000001")):
        page.keyboard.press(key)
        page.locator("#preview h2", has_text=number).wait_for()
    page.keyboard.press("t")
    page.wait_for_url("**?tab=why")
    assert "Tip 990000001" in page.locator("h1").inner_text()
    page.locator("input[name=verdict][value=door]").check()
    page.locator("h1").click()  # out of the field: keys are the page's again
    page.keyboard.press("e")
    page.locator("h1", has_text="990000002").wait_for()
    toast = page.locator(".toast", has_text="Look for the door")
    toast.wait_for()
    page.keyboard.press("u")
    page.wait_for_url("**?tab=why")
    assert "Tip 990000001" in page.locator("h1").inner_text()
    assert page.get_by_text("undone").count() == 1
    assert page.faults == []
