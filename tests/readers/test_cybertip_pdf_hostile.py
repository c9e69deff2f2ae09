"""Hostile and unfit PDFs: refused by name, or read as far as they can be, never a crash and never a wrong value."""

import io
import random

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paricha.intake.document import TipDocument
from paricha.intake.pdf import apart, pages
from paricha.intake.pdf.rectangles import text_in
from paricha.intake.pdf.sheets import Unreadable
from paricha.intake.reading import read_bytes
from paricha.synthetic.tips_pdf import paper_of, said_by, typst_pdf
from tests.readers.pdf_truth import read as facts_of
from tests.readers.pdf_truth import said
from tests.readers.test_cybertip_pdf import read, reports

SOUND = typst_pdf(paper_of(reports()[0]), 0)


def code_of(data: bytes) -> str:
    reading = read(data)
    assert reading.documents == []
    (refusal,) = reading.refusals
    assert refusal.remedy and refusal.file == "report.pdf"
    return refusal.code


def saved(document: pikepdf.Pdf, **options) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def test_a_locked_pdf_is_refused_by_name():
    document = pikepdf.open(io.BytesIO(SOUND))
    locked = saved(document, encryption=pikepdf.Encryption(owner="one", user="two"))
    assert code_of(locked) == "INTAKE-PDF-ENCRYPTED"


def test_a_pdf_of_pictures_alone_is_refused_by_name():
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    assert code_of(saved(document)) == "INTAKE-PDF-NO-TEXT"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 8, SOUND[:300]])
def test_a_damaged_or_mislabelled_pdf_is_refused_by_name(data):
    assert code_of(data) == "INTAKE-PDF-BROKEN"


def test_a_letter_is_no_report_and_is_to_be_typed_in():
    assert "Enter a tip" in read(plain_letter()).refusals[0].remedy
    assert code_of(plain_letter()) == "INTAKE-NOTHING-KNOWN"


def plain_letter() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 700, "Dear officer, the parcel came on Monday: it was open.")
    canvas.save()
    return out.getvalue()


def test_too_many_pages_are_refused_by_name(monkeypatch):
    document = pikepdf.new()
    for _ in range(pages.MOST_PAGES + 1):
        document.add_blank_page(page_size=(100, 100))
    assert code_of(saved(document)) == "INTAKE-PDF-TOO-LARGE"


def test_a_program_that_dies_or_hangs_is_a_refusal_and_the_next_file_is_read(monkeypatch):
    apart.pages_of(SOUND)
    assert apart._child.process is not None
    apart._child.process.kill()
    apart._child.process.wait()
    assert len(apart.pages_of(SOUND)) >= 3, "a dead child is started anew"
    monkeypatch.setattr(apart, "SECONDS", 0.0)
    with pytest.raises(Unreadable) as slow:
        apart.pages_of(SOUND)
    assert slow.value.kind == "slow"
    monkeypatch.undo()
    assert len(apart.pages_of(SOUND)) >= 3


def test_a_form_that_holds_itself_many_times_ends_in_time(monkeypatch):
    """A bomb of nested forms: each draws the next ten times."""
    document = pikepdf.open(io.BytesIO(SOUND))
    form = None
    for _ in range(9):
        stream = document.make_stream(b"/F Do " * 10 if form is not None else b"0 0 m 9 9 l S")
        stream.Type, stream.Subtype, stream.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 100, 100]
        stream.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form) if form is not None else {})
        form = document.make_indirect(stream)
    page = document.pages[0]
    page.Resources.XObject = pikepdf.Dictionary(F=form)
    page.contents_add(b"/F Do")
    monkeypatch.setattr(apart, "SECONDS", 1.5)
    reading = read(saved(document))
    assert reading.documents or reading.refusals[0].code in (
        "INTAKE-PDF-TOO-LARGE",
        "INTAKE-PDF-TOO-SLOW",
        "INTAKE-PDF-BROKEN",
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 12), st.booleans())
def test_damaged_bytes_never_raise_and_are_said(seed, changes, cut):
    rng = random.Random(seed)
    data = bytearray(SOUND)
    for _ in range(changes):
        data[rng.randrange(len(data))] = rng.randrange(256)
    damaged = bytes(data[: rng.randrange(1000, len(data))] if cut else data)
    reading = read_bytes(damaged, name="report.pdf", sha256="0" * 64)
    assert reading.documents or reading.refusals
    for tip in reading.documents:
        assert isinstance(tip, TipDocument)


def test_what_a_damaged_page_hides_does_not_change_what_the_others_say():
    document = pikepdf.open(io.BytesIO(SOUND))
    document.pages[-1].Contents = document.make_stream(b"BT (torn")
    (tip,) = read(saved(document)).documents
    assert isinstance(tip, TipDocument)
    assert set(facts_of(tip)) <= set(said(said_by(reports()[0])))


@pytest.mark.parametrize(
    "at", [None, "x", [], [0, 1, 2, 3, 4], [999, 0, 0, 9, 9], [1, "a", 0, 0, 0], [1, float("nan"), 0, 0, 0]]
)
def test_a_place_that_is_none_gives_nothing(at):
    assert not text_in(SOUND, at)
