"""Does what docs/first-hour/try-to-break-it.md says, its commands as they stand on the page."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "first-hour" / "try-to-break-it.md"


def section(number: int) -> str:
    return re.split(r"^## \d\. ", PAGE.read_text(), flags=re.M)[number]


def run_page(number: int, house, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the section's commands in a shell, in an empty folder, with `.venv/bin` on PATH, to their last."""
    (commands,) = re.findall(r"^```sh\n(.*?)^```", section(number), flags=re.M | re.S)
    environment = house.environment | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", commands], env=environment, cwd=folder, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def house(demo, copy_of):
    return copy_of(demo[0], "broken")


@pytest.fixture(scope="module")
def mine(house, tmp_path_factory):
    return run_page(1, house, tmp_path_factory.mktemp("mine"))


def doors_of(house) -> dict[str, tuple]:
    """Door -> its state, address and subscribers."""
    lines = [json.loads(line) for line in house.run("doors", "export", "--jsonl").stdout.splitlines()]
    return {
        line["number"]: (line["state"], line["address"]["text"], {strand["subscriber"] for strand in line["strands"]})
        for line in lines
    }


@pytest.fixture(scope="module")
def doors_before(house) -> dict[str, tuple]:
    return doors_of(house)


@pytest.fixture(scope="module")
def changed(house, doors_before, tmp_path_factory):
    return run_page(2, house, tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def address(house, mine, changed, serve) -> str:
    """The workplace, served after the commands, so that its pages show what they did."""
    return serve(house)


@pytest.fixture
def page(browser, address):
    context = browser.new_context(locale="en", viewport={"width": 1366, "height": 900})
    opened = context.new_page()
    opened.goto(address)
    yield opened
    context.close()


def become(page, name: str) -> None:
    """Choose an officer in the yellow bar."""
    choices = page.locator("select[name=officer] option").all_inner_texts()
    page.select_option("select[name=officer]", label=next(one for one in choices if one.startswith(name)))
    page.locator("form[action*='/access/demo'] button").first.click()
    page.wait_for_load_state()


def test_1_a_file_of_ones_own_is_read_and_its_place_said(mine):
    assert mine.returncode == 0, mine.stderr
    assert mine.stdout.strip().splitlines()[-1] == "203.0.113.77"


def test_1_on_a_screen_the_cell_is_marked_in_the_file(page, address):
    become(page, "Intake analyst")
    page.goto(f"{address.rstrip('/')}/records/search/?q=my_own_kite")
    page.locator("main a[href*='/records/tip/']").first.click()
    page.get_by_role("link", name="Sightings").click()
    page.locator("main a[href*='/vault/original/'][href*='B2']").first.click()
    # The original opens beside the tip, where another place was marked until now.
    page.locator("[data-original] mark", has_text="203.0.113.77").first.wait_for()
    assert page.locator("[data-original] mark").first.inner_text() == "203.0.113.77"


def test_1_a_time_without_a_zone_is_kept_and_leads_nowhere(house, mine, tmp_path):
    (tmp_path / "mine.csv").write_text(
        "Tipline No.,IP Address,Timestamp,Screen Name\n990077002,203.0.113.78,2026-05-04 11:32:10,my_own_kite\n"
    )
    house.json("intake", tmp_path / "mine.csv")
    line = next(one for one in house.run("tips", "export", "--jsonl").stdout.splitlines() if "990077002" in one)
    assert '"as_written": "2026-05-04 11:32:10"' in line and '"zone_source": "none"' in line
    assert '"utc": "2026-05-04' not in line


def test_2_one_changed_digit_is_named_and_no_door_moves(house, changed, doors_before):
    assert changed.returncode == 1
    assert "198.19." in changed.stdout + changed.stderr and "refused" in (changed.stdout + changed.stderr).casefold()
    assert doors_before
    assert doors_of(house) == doors_before


def test_3_and_4_are_done_by_the_tests_that_the_page_names():
    for number in (3, 4):
        named = re.findall(r"`(tests/[\w/]+\.py)`", section(number))
        assert named and all((ROOT / name).exists() for name in named)
    assert "set_offline(True)" in (ROOT / "tests/journeys/test_morning.py").read_text()


def test_5_an_edited_row_of_the_log_is_named(demo, copy_of, tmp_path):
    done = run_page(5, copy_of(demo[0], "edited"), tmp_path)
    assert done.returncode == 1
    assert "row 101 was changed" in done.stdout


def test_6_each_figure_of_the_brief_opens_as_many_rows_as_it_says(page, address):
    become(page, "Commander")
    page.goto(f"{address.rstrip('/')}/trends/")
    page.locator("main a[href*='/trends/']", has_text="O-").first.click()
    page.wait_for_load_state()
    figures = page.eval_on_selector_all(
        "main td.n a[href*='/trends/']", "links => links.map(link => [link.href, Number(link.innerText)])"
    )
    assert len(figures) > 10 and sum(number for _, number in figures) > 100
    for figure, number in figures:
        sheet = page.request.get(f"{figure}?export=csv")
        assert sheet.text().lstrip("\ufeff").strip().count("\n") == number, figure
    page.goto(next(figure for figure, number in figures if 0 < number < 40))
    row = page.locator("main table tbody a[href]").first
    answer = page.request.get(address.rstrip("/") + row.get_attribute("href"))
    assert answer.status == 200
