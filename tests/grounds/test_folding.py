"""Folding: one word however it was written, in three scripts; names chosen by hand, not by the code's own rule."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.grounds.folding import consonant_key, folded, query_tokens, tokens

# Made-up people and real places as Kerala writes them in Latin, Malayalam and Devanagari letters.
SPELLINGS = [
    ("Anumod", "Anumodh", "അനുമോദ്", "अनुमोद"),
    ("Rajesh", "രാജേഷ്", "राजेश"),
    ("Sreedharan", "Sridaran", "ശ്രീധരൻ", "ശ്രീധരന്‍"),
    ("Fathima", "Fatima", "ഫാത്തിമ", "फातिमा"),
    ("Mammootty", "മമ്മൂട്ടി"),
    ("Sangeetha", "സംഗീത", "संगीता"),
    ("Krishna", "കൃഷ്ണ", "कृष्ण"),
    ("Anjali", "അഞ്ജലി", "अंजलि"),
    ("Joseph", "ജോസഫ്"),
    ("Thiruvananthapuram", "Tiruvanantapuram", "തിരുവനന്തപുരം"),
    ("Kozhikode", "കോഴിക്കോട്"),
    ("Pathanamthitta", "പത്തനംതിട്ട"),
    ("Palakkad", "പാലക്കാട്"),
    ("Thrissur", "തൃശ്ശൂർ"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda names: names[0])
def test_spellings_of_one_name_meet_in_one_key(spellings):
    keys = {consonant_key(name) for name in spellings}
    assert len(keys) == 1 and None not in keys


@pytest.mark.parametrize(
    ("one", "other"), [("Anil", "Sunil"), ("രാജേഷ്", "സുരേഷ്"), ("Kottayam", "Kollam"), ("Basil", "Faisal")]
)
def test_other_names_have_other_keys(one, other):
    assert consonant_key(one) != consonant_key(other)


@pytest.mark.parametrize("text", ["kite88", "ab", "ശ്രീ88", "漢字漢字", "aeiou"])
def test_what_has_no_key_is_found_as_written(text):
    assert consonant_key(text) is None
    assert tokens(text) == [folded(text)]


@pytest.mark.parametrize(
    ("written", "same"),
    [("ന്‍", "ൻ"), ("ര്‍", "ർ"), ("ല്‍", "ൽ"), ("ള്‍", "ൾ"), ("ണ്‍", "ൺ"), ("ക്‍", "ൿ"), ("ൌ", "ൗ"),
     ("ＡＢＣ", "abc"), ("José", "jose"), ("ज़", "ज"), ("ँ", "ं"), ("൩", "3"), ("३", "3"), ("a\u200db", "ab")],
)  # fmt: skip
def test_writings_of_one_letter_fold_to_one(written, same):
    assert folded(written) == folded(same)


def test_malayalam_words_stay_whole():
    assert tokens("പോലീസ് തിരുവനന്തപുരം")[0] == "പോലീസ്"
    assert "തിരുവനന്തപുരം" in tokens("പോലീസ് തിരുവനന്തപുരം")


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_tokens_hold_nothing_that_an_index_would_split(text):
    for token in tokens(text):
        assert token and not re.search(r"[\x00-\x2f\x3a-\x60\x7b-\x7d\x7f]", token)


@given(st.text())
def test_a_text_is_found_by_its_own_words(text):
    indexed = set(tokens(text))
    assert all(indexed & set(any_of) for any_of in query_tokens(text))
