"""Folding: text becomes tokens that are equal however a name was written, in English, Malayalam and Devanagari.

Each word gives itself, folded (case, width, old and new chillu, nukta, joiners), and its consonant key, marked `~`, in
which Malayalam, Devanagari and romanised spellings of one name meet. Tokens hold letters, digits and `~` only, so that
no index splits them again. A change of the tokens needs a rebuild: entries are deleted by making them again.

Source: the folds and the key were chosen on 50 names in three spellings each; a key is a way to find, never a proof.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KEY_MARK = "~"
LONGEST = 40  # letters of a token; longer ones are cut
LEAST_FOR_KEY = 3  # letters of a word that gets a consonant key
LEAST_KEY = 2  # letters of a key: shorter ones meet everything

_ASCII_WORD = re.compile(r"[0-9a-z]+")
# Letters and digits of any script, Indic signs and marks, and marks over letters.
_WORD = re.compile("[\\w\u0900-\u0963\u0966-\u0d7f\u0300-\u036f]+")
_CHILLU = {"ന്\u200d": "ൻ", "ണ്\u200d": "ൺ", "ര്\u200d": "ർ", "ല്\u200d": "ൽ", "ള്\u200d": "ൾ", "ക്\u200d": "ൿ", "ൎ": "ർ"}
_OLD_CHILLU = re.compile("|".join(_CHILLU))
_DROPPED = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u093c]")  # joiners, marks of direction, soft hyphen, nukta
_DIGITS = {0x0966 + n: str(n) for n in range(10)} | {0x0D66 + n: str(n) for n in range(10)}
_SIGNS = _DIGITS | {0x0D4C: "\u0d57", 0x0901: "\u0902"}  # ൌ → ൗ; chandrabindu → anusvara


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """The text with case, width, chillu, joiners, nukta, digits and marks over Latin letters made equal."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFC", _OLD_CHILLU.sub(lambda found: _CHILLU[found[0]], text))
    plain = unicodedata.normalize("NFKC", plain).casefold()
    plain = _DROPPED.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", plain)).translate(_SIGNS)


def words(text: str) -> list[str]:
    """The folded words of a text, in order, repeated as they stand."""
    plain = folded(text)
    return _ASCII_WORD.findall(plain) if plain.isascii() else _WORD.findall(plain.replace("_", " "))


def tokens(text: str) -> list[str]:
    """What an index keeps of a text: each word and its key once, in the order of their first standing."""
    found: dict[str, None] = {}
    for word in words(text):
        for token in _tokens_of(word):
            found[token] = None
    return list(found)


def query_tokens(text: str) -> list[tuple[str, ...]]:
    """What to ask an index for: one tuple a word, any of whose tokens may stand there; all words must."""
    return [_tokens_of(word) for word in dict.fromkeys(words(text))]


@lru_cache(maxsize=65536)
def _tokens_of(word: str) -> tuple[str, ...]:
    key = consonant_key(word)
    cut = word[:LONGEST]
    return (cut, KEY_MARK + key[:LONGEST]) if key else (cut,)


@lru_cache(maxsize=65536)
def consonant_key(word: str) -> str | None:
    """The key in which spellings of one name meet: `anumodh`, `anumod`, `അനുമോദ്` and `अनुमोद` are `anmt`.

    None for words with digits, of fewer than three letters, of other scripts, or whose key has fewer than two.
    """
    plain = folded(word)
    latin = plain if plain.isascii() else romanised(plain)
    if latin is None or len(latin) < LEAST_FOR_KEY or not latin.isalpha():
        return None
    key = _latin_key(latin)
    return key if len(key) >= LEAST_KEY else None


# Longest first. Vowels stand as they are until the doubles are gone.
_LATIN_FOLDS = [
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        ("chr", "kr"),
        ("ch+", "c\x01"),  # kept apart from c = k
        ("c(?=[eiy])", "s"),
        ("zh", "l"),
        ("sh+|z", "s"),
        ("th+|dh+|d", "t"),
        ("kh+|ck|q|c(?!\x01)", "k"),
        ("gh+", "g"),
        ("bh+", "b"),
        ("ph+|f", "p"),
        ("jh+", "j"),
        ("x", "ks"),
        ("w", "v"),
        ("\x01", ""),
    )
]
_FIRST = {"e": "i", "o": "u"}


def _latin_key(latin: str) -> str:
    text = latin
    for pattern, becomes in _LATIN_FOLDS:
        text = pattern.sub(becomes, text)
    text = re.sub(r"(.)\1+", r"\1", text)
    rest = re.sub("[aeiouyh]", "", text[1:])
    return _FIRST.get(text[0], text[0]) + rest


_MALAYALAM = dict(
    zip(
        "കഖഗഘങചഛജഝഞടഠഡഢണതഥദധനപഫബഭമയരറലളഴവശഷസഹഩഺ",
        "k kh g gh ng ch ch j j nj t t d d n t th d dh n p ph b bh m y r r l l zh v s s s h n t".split(),
        strict=True,
    )
)
_DEVANAGARI = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनऩपफबभमयरऱलळऴवशषसह",
        "k kh g gh ng ch ch j j nj t t d d n t th d dh n n p ph b bh m y r r l l zh v s s s h".split(),
        strict=True,
    )
)
_CONSONANTS = _MALAYALAM | _DEVANAGARI
_VOWELS = dict(zip("അആഇഈഉഊഋഎഏഐഒഓഔ", "a a i i u u r e e a o o a".split(), strict=True)) | dict(
    zip("अआइईउऊऋएऐऑओऔ", "a a i i u u r e a o o a".split(), strict=True)
)
_VOWEL_SIGNS = dict(zip("ാിീുൂൃെേൈൊോൗ", "a i i u u r e e a o o a".split(), strict=True)) | dict(
    zip("ािीुूृेैॅॉोौ", "a i i u u r e a e o o a".split(), strict=True)
)
_ALONE = {"ൻ": "n", "ൺ": "n", "ർ": "r", "ൽ": "l", "ൾ": "l", "ൿ": "k", "ം": "m", "ं": "n", "ഃ": "", "ः": ""}
_VIRAMA = "്\u094d"
_CLUSTERS = (("റ്റ", "ത്ത"), ("ന്റ", "ന്ത"), ("ൻ്റ", "ന്ത"), ("ൻറ", "ന്ത"))


def romanised(word: str) -> str | None:
    """A crude Latin spelling of a folded Malayalam or Devanagari word, for its key only; None for other scripts."""
    for cluster, becomes in _CLUSTERS:
        word = word.replace(cluster, becomes)
    out: list[str] = []
    for place, letter in enumerate(word):
        after = word[place + 1 : place + 2]
        if letter in _CONSONANTS:
            sound = _CONSONANTS[letter]
            if after and after in _VIRAMA:
                out.append("n" if sound in ("ng", "nj") else sound)
            else:
                out.append(sound if after in _VOWEL_SIGNS else sound + "a")
        elif letter in _VOWELS:
            out.append(_VOWELS[letter])
        elif letter in _VOWEL_SIGNS:
            out.append(_VOWEL_SIGNS[letter])
        elif letter in _ALONE:
            out.append(_nasal(letter, after))
        elif letter not in _VIRAMA:
            return None
    return "".join(out)


def _nasal(letter: str, after: str) -> str:
    """Malayalam's anusvara is m but before k, g, ch, j; Devanagari's is n but before p, b, m."""
    sound = _CONSONANTS.get(after, "")[:1] if after else ""
    if letter == "ം":
        return "n" if sound and sound in "kgcj" else "m"
    if letter == "ं":
        return "m" if sound and sound in "pbm" else "n"
    return _ALONE[letter]
