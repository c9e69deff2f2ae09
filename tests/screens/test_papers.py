"""Papers: same bytes twice, PDF/A, data that stays data, letters that are right, marks that cannot be missed."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paricha.screens import papers

pytestmark = pytest.mark.skipif(
    not any(papers.FONTS.glob("*.ttf")), reason="fonts are not built (tools/build_front.py)"
)
SAMPLE = Path(__file__).parent / "papers" / "sample.typ"
AT = datetime(2026, 11, 26, 5, 50, tzinfo=UTC)
CONJUNCTS = "സ്ത്രീ ക്ഷ ശ്രീ ന്റെ ഷ്ണ സ്വാതന്ത്ര്യം ഉദ്യോഗസ്ഥൻ വിദ്യാർത്ഥി ലേക്‌വ്യൂ ൺ ൻ ർ ൽ ൾ"


def sample(**changes) -> dict:
    return {
        "door": "D-0415",
        "address": "House “Hilltop”, Ward 4, Made-up Town 000415",
        "address_ml": "ഹിൽടോപ്പ് വീട്, വാർഡ് 4",
        "subscriber": "Made-up Name",
        "chain": [
            {"label": "Sighting", "head": "203.0.113.90:33871", "lines": ["Wed 18 Nov 2026"]},
            {"label": "Reply", "head": None},
        ],
        "checks": [
            {"code": "C04", "outcome": "warn", "words": "Same vantage.", "other": "ഒരേ സ്ഥലം.", "where": "strand 2"}
        ]
        + [
            {"code": "C12", "outcome": outcome, "words": "A line"}
            for outcome in ("pass", "hold", "block", "not applicable")
        ],
        "rows": [["203.0.113.47", 51820, "Sat 21 Nov"], ["2001:db8:40::7", 443, None]],
        "conjuncts": CONJUNCTS,
        "hostile": "plain",
        "qr": papers.qr_svg("D-0415"),
    } | changes


def made(synthetic=True, lang="en", at=AT, **changes) -> bytes:
    return papers.render_pdf(SAMPLE, sample(**changes), lang=lang, at=at, marked_synthetic=synthetic)


def test_equal_input_gives_equal_bytes_also_between_other_papers():
    first = made()
    made(address="another", lang="ml")
    assert made() == first


def test_another_instant_gives_other_bytes():
    assert made() != made(at=datetime(2026, 11, 26, 5, 51, tzinfo=UTC))


def test_a_paper_declares_pdf_a_2b_and_embeds_its_fonts():
    pdf = made()
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"Manjari" in pdf and b"JetBrains" in pdf


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="zone"):
        made(at=datetime(2026, 11, 26, 5, 50))  # noqa: DTZ001


def test_text_that_looks_like_markup_stays_text():
    hostile = '#evil[x] *bold* $x^2$ @label #sys.inputs.data \\ <script> #import "/etc/passwd" // comment'
    assert papers.says(made(hostile=hostile), hostile)


MARKUP = st.text(alphabet="#[]{}()*_$@\\/<>\"'`~=-+.,:; abcസ്ത്രീ\u200d", max_size=60)
INDIC = st.text(alphabet=st.characters(min_codepoint=0x0900, max_codepoint=0x0D7F), max_size=30)


@settings(max_examples=60, deadline=None)
@given(MARKUP | INDIC | st.text(max_size=30))
def test_no_text_breaks_a_paper(text):
    assert made(hostile=text).startswith(b"%PDF")


def test_a_letter_that_no_font_can_draw_is_written_out():
    assert papers.says(made(hostile="friend 😀 王"), "friend [U+1F600] [U+738B]")


def test_malayalam_is_whole_when_read_back():
    pdf = made()
    for word in CONJUNCTS.split():
        assert papers.says(pdf, word), word


def test_the_mark_of_made_up_data_stands_on_every_page_or_on_none():
    many = [[f"203.0.113.{n}", n, "Sat 21 Nov"] for n in range(1, 120)]
    marked, plain = papers.text_of(made(rows=many)), papers.text_of(made(synthetic=False, rows=many))
    assert len(marked) >= 3
    assert all(page.count("Made-up data") == 2 for page in marked)
    assert not any("Made-up data" in page for page in plain)


def test_a_value_nobody_stated_is_said():
    assert papers.says(made(subscriber=None), "Subscriber not stated")


def test_a_number_is_found_at_its_place_and_read_back_there():
    pdf = made()
    ((page, *box),) = papers.words_at(pdf, "51820")
    assert page == 1
    assert papers.text_in(pdf, page, tuple(box)).strip() == "51820"


def test_the_code_is_read_by_a_scanner_from_the_printed_page():
    import zxingcpp

    (picture, *_rest) = papers.render_png(SAMPLE, sample(), lang="en", at=AT, marked_synthetic=True, ppi=150)
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    assert [code.text for code in codes] == ["D-0415"]


def test_a_label_is_fifty_by_thirty_millimetres(tmp_path):
    template = tmp_path / "label.typ"
    template.write_text('#import "@local/paricha:1.0.0": *\n#labels(data.items)')
    items = [
        {"svg": papers.qr_svg(f"KL-{n}"), "head": f"013{n}", "lines": ["MPM-14 / P3", "Seal KL-0433-08"]}
        for n in range(2)
    ]
    pdf = papers.render_pdf(template, {"items": items}, lang="en", at=AT, marked_synthetic=True)
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)) == (50.0, 30.0)
    assert "Made-up data" in document[1].get_textpage().get_text_range()


def test_a_package_from_outside_is_not_fetched(tmp_path):
    import typst

    template = tmp_path / "outside.typ"
    template.write_text('#import "@preview/cetz:0.3.4": *\nx')
    with pytest.raises(typst.TypstError, match=r"not found|network|download"):
        papers.render_pdf(template, {}, lang="en", at=AT, marked_synthetic=False)


def test_a_changed_template_is_read_anew(tmp_path):
    import os

    template = tmp_path / "small.typ"
    template.write_text('#import "@local/paricha:1.0.0": *\n#show: paper.with(title: [One])\n#data.word')
    assert papers.says(
        papers.render_pdf(template, {"word": "kept"}, lang="en", at=AT, marked_synthetic=False), "One kept"
    )
    template.write_text('#import "@local/paricha:1.0.0": *\n#show: paper.with(title: [Two])\n#data.word')
    os.utime(template, ns=(1, 1))
    assert papers.says(
        papers.render_pdf(template, {"word": "kept"}, lang="en", at=AT, marked_synthetic=False), "Two kept"
    )


def test_data_is_passed_as_json_only():
    inputs = papers._inputs({"b": 1, "a": AT}, "en", AT, False)
    assert json.loads(inputs["data"]) == {"a": "2026-11-26T05:50:00Z", "b": 1}
