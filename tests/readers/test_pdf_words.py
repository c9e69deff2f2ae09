"""Characters → words → cells → rows: what the geometry alone decides, on pages drawn by hand."""

import io
import random
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from paricha.intake.pdf.apart import pages_of
from paricha.intake.pdf.layout import rows_of
from paricha.intake.pdf.rectangles import text_in
from paricha.intake.pdf.sheets import Page, rectangle
from paricha.intake.reading import read_bytes


def drawn(draw: Callable[[Canvas], None], size: tuple[float, float] = (400, 300)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def page_of(data: bytes) -> Page:
    (page,) = pages_of(data)
    return page


def rows(data: bytes) -> list[list[str]]:
    found = rows_of(page_of(data), lambda cell: False)
    return [[p.text for p in row.line] if row.line else [cell.text for cell in row.cells] for row in found]


def test_words_are_cut_at_blanks_wide_gaps_and_new_lines():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 200, "one two")
        canvas.drawString(200, 200, "three")
        canvas.drawString(20, 180, "four")

    assert [word.text for word in page_of(drawn(draw)).words] == ["one", "two", "three", "four"]
    assert rows(drawn(draw)) == [["one two", "three"], ["four"]]


def test_the_order_of_drawing_does_not_matter():
    texts = [(20 + 120 * column, 250 - 20 * row, f"r{row}c{column}") for row in range(5) for column in range(3)]

    def draw_in(order: list[tuple[float, float, str]]) -> bytes:
        return drawn(lambda canvas: [canvas.drawString(x, y, text) for x, y, text in order][:0])

    shuffled = texts[:]
    random.Random(3).shuffle(shuffled)
    assert (
        rows(draw_in(shuffled))
        == rows(draw_in(texts))
        == [[f"r{row}c{column}" for column in range(3)] for row in range(5)]
    )


@pytest.mark.parametrize("how", ["lines", "boxes", "filled", "one path"])
def test_cells_are_cut_by_rules_however_they_are_drawn(how):
    def draw(canvas: Canvas) -> None:
        for y, height in ((200, 40), (170, 30)):
            for x, width in ((20, 100), (120, 150)):
                if how == "boxes":
                    canvas.rect(x, y, width, height)
                elif how == "filled":
                    for box in (
                        (x, y, width, 0.5),
                        (x, y + height, width, 0.5),
                        (x, y, 0.5, height),
                        (x + width, y, 0.5, height),
                    ):
                        canvas.rect(*box, stroke=0, fill=1)
        if how == "lines":
            canvas.grid([20, 120, 270], [170, 200, 240])
        if how == "one path":
            path = canvas.beginPath()
            for x in (20, 120, 270):
                path.moveTo(x, 170), path.lineTo(x, 240)
            for y in (170, 200, 240):
                path.moveTo(20, y), path.lineTo(270, y)
            canvas.drawPath(path)
        canvas.drawString(24, 226, "a label that")
        canvas.drawString(24, 208, "wraps")
        canvas.drawString(124, 226, "value")
        canvas.drawString(24, 180, "next")
        canvas.drawString(124, 180, "other value")

    assert rows(drawn(draw)) == [["a label that wraps", "value"], ["next", "other value"]]


def test_an_underline_cuts_nothing():
    def draw(canvas: Canvas) -> None:
        canvas.grid([20, 200], [150, 240])
        for y, text in ((220, "https://share.example.com/a"), (206, "b/c")):
            canvas.drawString(24, y, text)
            canvas.line(24, y - 1.5, 24 + canvas.stringWidth(text), y - 1.5)

    assert len(rows(drawn(draw))) == 1


def test_a_word_that_runs_over_a_rule_is_unsure():
    def draw(canvas: Canvas) -> None:
        canvas.grid([20, 80, 200], [180, 210])
        canvas.drawString(24, 190, "averylongword")
        canvas.drawString(130, 190, "next")

    assert {word.text: word.unsure for word in page_of(drawn(draw)).words}["next"] is False
    assert any(word.unsure for word in page_of(drawn(draw)).words)


def test_letters_beyond_the_first_plane_keep_the_boxes_of_the_others_right():
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    from paricha.synthetic.tips_pdf import FONTS

    pdfmetrics.registerFont(TTFont("Wide", str(FONTS / "noto-sans-400.ttf")))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Wide", 12)
        canvas.drawString(20, 200, "a\U0001f600b word")

    page = page_of(drawn(draw))
    last = page.words[-1]
    assert last.text == "word"
    assert text_in(drawn(draw), rectangle(1, [last])) == "word"


def test_a_rectangle_gives_its_words_and_no_others():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 200, "left")
        canvas.drawString(120, 200, "right")

    data = drawn(draw)
    assert text_in(data, rectangle(1, page_of(data).words[1:])) == "right"
    assert text_in(data, [2, 0, 0, 100, 100]) is None


def report(draw: Callable[[Canvas], None]):
    def whole(canvas: Canvas) -> None:
        canvas.drawString(20, 760, "CyberTipline Report 990000777")
        canvas.drawString(20, 740, "Section A: Reported Information")
        draw(canvas)

    (tip,) = read_bytes(drawn(whole, (600, 800)), name="r.pdf", sha256="0" * 64).documents
    return tip


def test_blocks_beside_each_other_are_two_people():
    def draw(canvas: Canvas) -> None:
        for x, head, name, phone in (
            (20, "Suspect 1", "Anoop", "+91 00000 00001"),
            (320, "Recipient 1", "Bindhu", "+91 00000 00002"),
        ):
            canvas.drawString(x, 700, head)
            canvas.drawString(x, 680, f"Name: {name}")
            canvas.drawString(x, 665, f"Mobile Phone: {phone}")

    tip = report(draw)
    assert [(p.who, p.names[0].value, p.phones[0].value) for p in tip.people] == [
        ("suspect 1", "Anoop", "+91 00000 00001"),
        ("recipient 1", "Bindhu", "+91 00000 00002"),
    ]


def test_two_columns_of_labels_belong_to_one_person():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 700, "Suspect 1")
        for y, a, b, c, d in ((680, "Name:", "Anoop", "Approximate Age:", "41"),
                              (665, "Screen/User Name:", "anoop_1", "ESP User ID:", "8812")):  # fmt: skip
            for x, text in ((20, a), (150, b), (320, c), (450, d)):
                canvas.drawString(x, y, text)

    (person,) = report(draw).people
    assert (person.names[0].value, person.ages[0].value) == ("Anoop", 41)
    assert (person.accounts[0].screen_name.value, person.accounts[0].user_id.value) == ("anoop_1", "8812")


def test_a_table_without_rules_is_read_by_its_headings_and_a_city_may_have_two_words():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 700, "IP Geo-Lookup (Suspect 1)")
        for y, cells in ((680, ("IP Address", "Country", "City", "ISP")), (665, ("192.0.2.1", "IN", "North Puthenthura", "Tharaka Fibre")),
                         (650, ("192.0.2.2", "IN", "", "Minnal Mobile"))):  # fmt: skip
            for x, text in zip((20, 130, 220, 380), cells, strict=True):
                canvas.drawString(x, y, text)

    tip = report(draw)
    assert [(p.address.value, p.city and p.city.value, p.organisation.value) for p in tip.places] == [
        ("192.0.2.1", "North Puthenthura", "Tharaka Fibre"),
        ("192.0.2.2", None, "Minnal Mobile"),
    ]


def test_a_name_and_its_hash_are_paired_by_their_row_or_not_at_all():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 700, "Uploaded Files")
        canvas.grid([20, 250, 560], [640, 660, 680, 695])
        for y, name, md5 in ((684, "Filename", "MD5"), (666, "b.jpg", "b" * 32), (646, "a.jpg", "a" * 32)):
            canvas.drawString(24, y, name)
            canvas.drawString(254, y, md5)
        canvas.drawString(20, 600, f"MD5: {'c' * 32}")
        canvas.drawString(20, 585, f"MD5: {'d' * 32}")

    tip = report(draw)
    assert [(f.name and f.name.value, f.hashes[0].value.value) for f in tip.files][:2] == [
        ("b.jpg", "b" * 32),
        ("a.jpg", "a" * 32),
    ]
    assert all(file.name is None for file in tip.files[2:])


def test_names_on_the_lines_of_a_page_are_not_running_heads():
    """The same fact at the foot of two pages is two facts."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(20, 700, "Suspect 1")
        canvas.drawString(20, 40, "IP Address: 192.0.2.9 (Login)")
        canvas.showPage()
        canvas.drawString(20, 700, "Suspect 2")
        canvas.drawString(20, 40, "IP Address: 192.0.2.9 (Login)")

    assert [seen.who for seen in report(draw).sightings] == ["suspect 1", "suspect 2"]


def running(*texts: str):
    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(20, 700 - 13 * number, text)

    return report(draw)


def test_a_line_broken_by_hand_is_joined_where_a_known_type_decides_else_nothing_is_said():
    tip = running(
        "Primary Incident Type: Online Enticement of Children for Sexual", "Acts", "Suspect 1", "Name: Anoop", "Example"
    )
    assert tip.incident_type.value == "Online Enticement of Children for Sexual Acts"
    assert tip.people[0].names == []
    assert [one.why for one in tip.unread] == ["where it ends is unsure"]


def test_whether_a_phone_was_verified_is_noted_beside_it():
    (person,) = running(
        "Suspect 1", "Phone Number: +91 00000 00003 (Verified)", "Email Address: a@example.com (Not Verified)"
    ).people
    assert (person.phones[0].value, person.emails[0].value) == ("+91 00000 00003", "a@example.com")
    assert [(note.field, note.leaf.value) for note in person.other] == [
        ("phones.verified", True),
        ("emails.verified", False),
    ]


def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen_with_its_box():
    """pdfium gives such a hyphen a sign of its own (U+0002), as if it parted a word."""
    data = drawn(
        lambda canvas: [canvas.drawString(20, y, text) for y, text in ((200, "file-one-"), (186, "two.jpg"))][:0]
    )
    page = page_of(data)
    assert [word.text for word in page.words] == ["file-one-", "two.jpg"]
    assert page.words[0].y0 > page.words[1].y0 > 150
