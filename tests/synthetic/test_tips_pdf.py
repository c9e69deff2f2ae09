"""The made-up papers: same facts, same bytes; no picture; Malayalam and Hindi names stand in them."""

import time

from paricha.synthetic import tips_pdf
from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Report, Reports


def made(seed: int = 5) -> list[Report]:
    places = Geography(seed)
    people = People(seed, 30, places)
    return Reports(seed, 30, people, places, Leases(seed, people)).rows


def test_the_same_report_gives_the_same_bytes_and_another_seed_others():
    first, again = tips_pdf.report_pdf(made()[3]), tips_pdf.report_pdf(made()[3])
    assert first == again
    assert first != tips_pdf.report_pdf(made(6)[3])
    assert first.startswith(b"%PDF-") and b"/Subtype/Image" not in first.replace(b" ", b"")


def test_a_redelivered_paper_says_what_changed():
    report = made()[4]
    paper = tips_pdf.paper_of(report, changed={"priority": "1", "classification": "Reviewed again"})
    values = [value for element in paper.elements if element.kind == "pairs" for _, value in element.rows]
    assert "1" in values and "Reviewed again" in values
    assert tips_pdf.said_by(report, changed={"priority": "1"})["priority"] == "1"


def test_names_of_all_three_scripts_stand_in_the_papers():
    letters = "".join(
        value
        for report in made()
        for element in tips_pdf.paper_of(report).elements
        for row in element.rows
        for value in row
    )
    assert any("\u0d00" <= one <= "\u0d7f" for one in letters)
    assert any("\u0900" <= one <= "\u097f" for one in letters)


def test_papers_are_made_quickly_enough_to_fill_a_state():
    rows = made()
    tips_pdf.report_pdf(rows[0])  # loads the fonts
    began = time.process_time()
    for report in rows[:8]:
        tips_pdf.report_pdf(report)
    assert (time.process_time() - began) / 8 < 0.5, "an order of magnitude above what was measured (0.05 s)"
