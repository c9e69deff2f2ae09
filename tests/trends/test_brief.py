"""The evening brief: each figure is the count of the rows that its page lists, on screen, in the PDF and by command."""

import json
import re

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from paricha.access.rights import Role
from paricha.audit.models import AuditRow
from paricha.cases.models import CaseKind, NotSearched
from paricha.cases.verbs import open_case, say_why_not
from paricha.dispatch.queries import today
from paricha.screens import papers
from paricha.trends.brief import brief_data, brief_pdf, by_district
from paricha.trends.figures import FIGURES, counted
from tests.exhibits.conftest import EXHIBIT
from tests.operations.conftest import morning  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


class Day:
    """A released operation of three doors in two districts: two searched, one with a FIR, one not; officers to write it."""

    def __init__(self, morning, make_officer):  # noqa: F811
        self.morning, self.officer = morning, morning.commander
        self.operation, self.teams = morning.released()
        for team in self.teams:
            phone = morning.phones[team.name]
            sites = list(team.sites.order_by("number"))
            self._search(phone, sites[0])
        self.due()
        first = self.operation.sites.order_by("number").first()
        investigator = make_officer("Investigator of Kallar", Role.INVESTIGATOR, unit=first.district)
        with morning.acting_as(investigator):
            open_case(investigator, first, kind=CaseKind.FIR, station="Kallar Cyber", reference="12/2026", on=today())
            rest = self.operation.sites.exclude(events__kind="entered").order_by("number").first()
            say_why_not(investigator, rest.door, site=rest, reason=NotSearched.NOBODY)
        self.due()

    def _search(self, phone, site):
        for kind, payload in (
            ("entered", {}),
            ("exhibit-taken", EXHIBIT),
            ("person-arrested", {"name": "Made-up Person Ravi"}),
        ):
            phone.sign(kind, site=site.id.hex(), payload=payload)
        phone.send(lose_answers=True)
        assert all(one["stored"] for one in phone.send())

    def due(self):
        from paricha.audit.feed import consume_due
        from paricha.audit.stamp import stamp_all

        for _ in range(2):
            stamp_all()
            consume_due()


@pytest.fixture
def day(morning, make_officer):  # noqa: F811
    return Day(morning, make_officer)


def words_of(pdf: bytes) -> str:
    return "\n".join(papers.text_of(pdf))


def test_every_figure_is_the_count_of_its_rows_on_screen_and_paper(day, client):
    client.force_login(day.officer.user)
    numbers = {figure.key: number for figure, number in counted(day.officer, day.operation)}
    assert numbers == {
        "tips": 0, "dispatches": 0, "doors": 3, "sites": 3, "teams": 2, "packages": 2, "events": 6, "searched": 2,
        "not_searched": 1, "exhibits": 2, "arrests": 2, "fir": 1, "s106": 0, "nothing": 0, "open": 1,
    }  # fmt: skip
    text = re.sub(r"\s+", " ", words_of(brief_pdf(day.officer, day.operation, at=timezone.now(), language="en")))
    for figure in FIGURES:
        rows = figure.rows(day.officer, day.operation)
        assert len(rows) == numbers[figure.key], figure.key
        page = client.get(reverse("trends:figure", args=[day.operation.id, figure.key]))
        shown = page.content.decode()
        assert shown.count("data-row tabindex") == len(rows), figure.key
        for row in rows:
            assert not row.url or row.url in shown
        assert f"{figure.label} {numbers[figure.key]} {str(figure.definition)[:20]}" in text, figure.key
    brief = client.get(reverse("trends:brief", args=[day.operation.id])).content.decode()
    assert "Identified 3 = searched 2 + not searched 1 + open 0." in brief and "Nobody was there" in brief
    assert "Identified 3 = searched 2 + not searched 1 + open 0." in text


def test_the_rows_of_a_figure_open(day, client):
    client.force_login(day.officer.user)
    for figure in FIGURES:
        for row in figure.rows(day.officer, day.operation):
            assert row.url and client.get(row.url).status_code == 200, (figure.key, row)


def test_the_districts_of_the_brief_add_up_to_its_figures(day):
    rows = by_district(day.officer, day.operation)
    numbers = {figure.key: number for figure, number in counted(day.officer, day.operation)}
    assert [row[0] for row in rows] == ["Kallar", "Puzha"]
    for place, key in enumerate(("sites", "searched", "exhibits", "fir", "s106"), 1):
        assert sum(row[place] for row in rows) == numbers[key]


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_brief_names_nobody_and_no_address(day, language):
    from paricha.access.models import Officer
    from paricha.attribution.models import Door
    from paricha.operations.models import Nominee

    text = words_of(brief_pdf(day.officer, day.operation, at=timezone.now(), language=language))
    names = set(Officer.objects.values_list("name", flat=True)) | set(Nominee.objects.values_list("name", flat=True))
    names |= set(Door.objects.values_list("subscriber", flat=True)) | {
        "Made-up Person Ravi",
        "N. Babu",
        "Lakeview",
        "First Witness",
    }
    assert len(names) > 8
    for name in names - {""}:
        assert name not in text, name


def test_the_malayalam_brief_is_whole(day):
    pdf = brief_pdf(day.officer, day.operation, at=timezone.now(), language="ml")
    for said in ("സായാഹ്ന സംഗ്രഹം", "തിരച്ചിൽ നടന്ന സ്ഥലങ്ങൾ", "ആരും ഉണ്ടായിരുന്നില്ല", "ലോഗിന്റെ തലപ്പ്"):
        assert papers.says(pdf, said), said
    english = {
        line.strip()
        for line in words_of(brief_pdf(day.officer, day.operation, at=timezone.now(), language="en")).splitlines()
    }
    left = [
        line
        for line in words_of(pdf).splitlines()
        if line.strip() in english and sum(word.isalpha() for word in line.split()) > 3
    ]
    assert left == []


def test_who_is_not_in_the_operation_or_lacks_the_right_gets_no_brief(day, make_officer, client):
    stranger = make_officer("Another commander", Role.COMMANDER)
    analyst = make_officer("Analyst", Role.ANALYST)
    page = reverse("trends:brief", args=[day.operation.id])
    client.force_login(stranger.user)
    assert client.get(page).status_code == 404
    assert day.operation.number not in client.get(reverse("trends:list")).content.decode()
    assert client.get(reverse("trends:paper", args=[day.operation.id])).status_code == 404
    client.force_login(analyst.user)
    assert client.get(page).status_code == 403


def test_counting_the_brief_asks_a_fixed_number_of_questions(day, django_assert_max_num_queries):
    with django_assert_max_num_queries(120):
        brief_data(day.officer, day.operation)


def run(commands, *words):
    """A command as the program runs it, in this process: (exit code, stdout, stderr)."""
    group = next(one for one in commands if one.name == words[0])
    done = CliRunner().invoke(group, list(words[1:]))
    return done.exit_code, done.stdout, done.stderr


def test_the_commands_print_what_they_promise(day, tmp_path):
    from paricha.cli.evening import commands

    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "brief.pdf"
    code, printed, _said = run(commands, "brief", "make", "--out", str(out), "--json")
    told = json.loads(printed)
    assert (
        code == 0 and out.read_bytes().startswith(b"%PDF") and [one.name for one in folder.iterdir()] == ["brief.pdf"]
    )
    assert told["schema"] == 1 and told["operation"] == day.operation.number
    assert told["figures"] == {figure.key: number for figure, number in counted(day.officer, day.operation)}
    wanted = {
        "sites": {"schema", "site", "number", "operation", "door", "district", "team", "wave", "state", "searched", "outcome",
                  "why_not", "exhibits", "arrests"},
        "cases": {"schema", "case", "number", "kind", "operation", "site", "door", "district", "station", "reference", "on",
                  "sections", "corrects"},
        "events": {"schema", "event", "operation", "team", "site", "kind", "at", "payload", "signed", "confirms"},
        "exhibits": {"schema", "exhibit", "number", "mark", "site", "holder", "custody", "seal_number"},
    }  # fmt: skip
    counts = {}
    for name, keys in wanted.items():
        code, printed, _said = run(commands, name, "export", "--jsonl")
        lines = [json.loads(line) for line in printed.splitlines()]
        assert code == 0 and lines and all(keys <= set(line) and line["schema"] == 1 for line in lines), name
        counts[name] = len(lines)
    assert counts == {"sites": 3, "cases": 1, "events": 6, "exhibits": 2}
    assert AuditRow.objects.filter(event="cases:sites:exported").count() == 1


def test_the_commands_refuse_in_words(day, tmp_path):
    from paricha.cli.evening import commands

    code, printed, said = run(commands, "brief", "make", "--out", str(tmp_path / "no" / "brief.pdf"), "--json")
    assert code == 1 and json.loads(printed)["refusals"][0]["code"] == "TRENDS-OUT" and "TRENDS-OUT" in said
    code, printed, _said = run(
        commands, "brief", "make", "--out", str(tmp_path / "b.pdf"), "--operation", "O-9999", "--json"
    )
    assert code == 1 and json.loads(printed)["refusals"][0]["code"] == "ACCESS-NOT-VISIBLE"
    code, printed, _said = run(commands, "exhibits", "export", "--as", "Control Room", "--json")
    assert code == 1 and json.loads(printed)["refusals"][0]["code"] == "ACCESS-RIGHT"
