"""Papers of exhibits, read back: the seizure list, the label's code by an outside reader, Part A; in both languages."""

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image

from paricha.exhibits import papers_of_exhibits, verbs
from paricha.exhibits.labels import label_text, read_label
from paricha.screens import papers

pytestmark = pytest.mark.django_db


def test_the_labels_code_is_read_by_another_program_and_holds_no_personal_data(evening):
    exhibit = evening.exhibit()
    pdf = papers_of_exhibits.labels([exhibit], at=exhibit.seized_at)
    found = zxingcpp.read_barcodes(picture(pdf))
    assert [one.text for one in found] == [label_text(verbs.digest_key(), exhibit.id)]
    assert read_label(verbs.digest_key(), found[0].text) == exhibit.id
    words = words_of(pdf)
    assert "E-0001" in words and "KL-0417-22" in words
    for private in ("Babu", "Witness", "Lakeview"):
        assert private not in words


def words_of(pdf: bytes) -> str:
    """All its text."""
    return "\n".join(papers.text_of(pdf))


def picture(pdf: bytes) -> Image.Image:
    """The first page at about 300 dots an inch."""
    from io import BytesIO

    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    shown = page.render(scale=300 / 72).to_pil()
    kept = BytesIO()
    shown.save(kept, "png")
    return Image.open(kept)


def test_sexually_explicit_material_turns_the_label_red(evening):
    exhibit = evening.exhibit()
    with evening.acting_as(evening.first):
        verbs.say_sem(evening.first, exhibit)
    shown = picture(papers_of_exhibits.labels([exhibit], at=exhibit.seized_at)).convert("RGB")
    colours = {shown.getpixel((x, y)) for x in range(shown.width) for y in range(shown.height)}
    assert any(red > 200 and green < 90 and blue < 90 for red, green, blue in colours)
    assert "SEM" in words_of(papers_of_exhibits.labels([exhibit], at=exhibit.seized_at))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Seizure list", "A copy of this list was given to the occupant."]),
     ("ml", ["പിടിച്ചെടുക്കൽ പട്ടിക", "ഈ പട്ടികയുടെ പകർപ്പ് താമസക്കാരന് നൽകി."])],
)  # fmt: skip
def test_the_seizure_list_names_each_thing_with_mark_room_and_seal(evening, language, words):
    evening.exhibit()
    evening.exhibit(number="P2", type="laptop", imei="", serial="SN-77")
    pdf = papers_of_exhibits.seizure_list(evening.site, language=language, at=timezone.now())
    for said in (*words, "P1", "P2", "KL-0417-22", "SN-77", "490154203237518", "N. Babu", "First Witness"):
        assert papers.says(pdf, said), said


def test_a_copy_is_never_claimed_when_nobody_stated_it(evening):
    evening.exhibit(copy_given=None)
    pdf = papers_of_exhibits.seizure_list(evening.site, language="en", at=timezone.now())
    assert not papers.says(pdf, "was given to the occupant") and papers.says(
        pdf, "Copy given to the occupant: not stated"
    )
    evening.exhibit(number="P2", imei="", copy_given=False)
    pdf = papers_of_exhibits.seizure_list(evening.site, language="en", at=timezone.now())
    assert papers.says(pdf, "no copy of this list was given")


def test_a_site_without_a_thing_says_so(evening):
    pdf = papers_of_exhibits.seizure_list(evening.site, language="en", at=timezone.now())
    assert papers.says(pdf, "Nothing was seized.")


@pytest.mark.parametrize(("language", "words"), [("en", "Certificate, Part A"), ("ml", "സാക്ഷ്യപത്രം, ഭാഗം എ")])
def test_part_a_is_filled_from_the_record_and_blank_where_it_says_nothing(evening, language, words):
    exhibit = evening.exhibit(hash_value="ab" * 32, hash_algorithm="sha256")
    pdf = papers_of_exhibits.certificate_a(exhibit, language=language, at=timezone.now())
    for said in (words, "Example Twelve", "black", "490154203237518", "KL-0417-22", "SHA256", "ab" * 8):
        assert papers.says(pdf, said), said
    for never in ("N. Babu", "not stated", "പറഞ്ഞിട്ടില്ല"):  # the party signs by hand; nobody is named for him
        assert not papers.says(pdf, never)


def test_every_english_sentence_of_the_papers_has_its_malayalam(evening):
    """No sentence of a Malayalam paper is left in English: the same paper in both languages shares only what is data."""
    exhibit = evening.exhibit()
    for make in (
        lambda language: papers_of_exhibits.seizure_list(evening.site, language=language, at=exhibit.seized_at),
        lambda language: papers_of_exhibits.certificate_a(exhibit, language=language, at=exhibit.seized_at),
    ):
        english, malayalam = set(words_of(make("en")).splitlines()), words_of(make("ml")).splitlines()
        left = [
            line for line in malayalam if line.strip() in english and sum(word.isalpha() for word in line.split()) > 3
        ]
        assert left == []
