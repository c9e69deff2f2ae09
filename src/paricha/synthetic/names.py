"""Made-up names in Latin, Malayalam and Devanagari letters, phones that nobody has, and example.com mail."""

import random
from typing import NamedTuple


class Name(NamedTuple):
    """A given name and a second name in one script, and the same in Latin letters for handles."""

    given: str
    second: str
    script: str
    latin: str

    @property
    def full(self) -> str:
        """Given and second name with a blank."""
        return f"{self.given} {self.second}".strip()


_GIVEN = [
    ("Anoop", "അനൂപ്", "अनूप", "m"),
    ("Bijuraj", "ബിജുരാജ്", "बिजुराज", "m"),
    ("Chandran", "ചന്ദ്രൻ", "चन्द्रन", "m"),
    ("Dineshan", "ദിനേശൻ", "दिनेशन", "m"),
    ("Faisal", "ഫൈസൽ", "फ़ैसल", "m"),
    ("Gopakumar", "ഗോപകുമാർ", "गोपकुमार", "m"),
    ("Harilal", "ഹരിലാൽ", "हरिलाल", "m"),
    ("Jijomon", "ജിജോമോൻ", "जिजोमोन", "m"),
    ("Kunjumon", "കുഞ്ഞുമോൻ", "कुंजुमोन", "m"),
    ("Manikandan", "മണികണ്ഠൻ", "मणिकण्ठन", "m"),
    ("Nisamudeen", "നിസാമുദീൻ", "निज़ामुद्दीन", "m"),
    ("Pradeep", "പ്രദീപ്", "प्रदीप", "m"),
    ("Rajeevan", "രാജീവൻ", "राजीवन", "m"),
    ("Sasidharan", "ശശിധരൻ", "शशिधरन", "m"),
    ("Tomichan", "ടോമിച്ചൻ", "टोमिच्चन", "m"),
    ("Unnikannan", "ഉണ്ണിക്കണ്ണൻ", "उण्णिक्कण्णन", "m"),
    ("Varkichan", "വർക്കിച്ചൻ", "वर्किच्चन", "m"),
    ("Ajitha", "അജിത", "अजिता", "f"),
    ("Bindhumol", "ബിന്ദുമോൾ", "बिंदुमोल", "f"),
    ("Deepthi", "ദീപ്തി", "दीप्ति", "f"),
    ("Fathima", "ഫാത്തിമ", "फ़ातिमा", "f"),
    ("Girija", "ഗിരിജ", "गिरिजा", "f"),
    ("Jincy", "ജിൻസി", "जिंसी", "f"),
    ("Lathika", "ലതിക", "लतिका", "f"),
    ("Mariamma", "മറിയാമ്മ", "मरियम्मा", "f"),
    ("Raziya", "റസിയ", "रज़िया", "f"),
    ("Sreeja", "ശ്രീജ", "श्रीजा", "f"),
    ("Usha", "ഉഷ", "उषा", "f"),
]
_SECOND = [
    ("Aryankattil", "ആര്യൻകാട്ടിൽ", "आर्यनकाट्टिल"),
    ("Chirayathil", "ചിറയത്തിൽ", "चिरयत्तिल"),
    ("Elanjimoottil", "ഇലഞ്ഞിമൂട്ടിൽ", "इलञ्ञिमूट्टिल"),
    ("Kallarakkal", "കല്ലറക്കൽ", "कल्लरक्कल"),
    ("Madathilparambu", "മഠത്തിൽപറമ്പ്", "मठत्तिलपरम्बु"),
    ("Nadukkandam", "നടുക്കണ്ടം", "नडुक्कण्डम"),
    ("Orappuzha", "ഒരപ്പുഴ", "ओरप्पुष़ा"),
    ("Pazhayidam", "പഴയിടം", "पष़यिडम"),
    ("Thekkethodi", "തെക്കേതൊടി", "तेक्केतोडि"),
    ("Vadakkumkara", "വടക്കുംകര", "वडक्कुंकरा"),
    ("Vellimoonga", "വെള്ളിമൂങ്ങ", "वेल्लिमूंगा"),
    ("Yakshippala", "യക്ഷിപ്പാല", "यक्षिप्पाला"),
    ("Kumbalathara", "കുമ്പളത്തറ", "कुम्बलत्तरा"),
    ("Manjadiyil", "മഞ്ചാടിയിൽ", "मञ्चाडियिल"),
    ("Poovathumkal", "പൂവത്തുങ്കൽ", "पूवत्तुंकल"),
]
SCRIPTS = ("latin", "malayalam", "devanagari")
HOUSES = [
    "Chempakam",
    "Elanji",
    "Karthika",
    "Manjadi",
    "Neermathalam",
    "Parijatham",
    "Thanal",
    "Thumba",
    "Vaiga",
    "Vazhayila",
]
LANES = [
    "Aal Junction Road",
    "Boat Jetty Road",
    "Coir Society Lane",
    "Kulam Lane",
    "Library Road",
    "Mill Road",
    "Temple Pond Lane",
    "Vayanasala Road",
]


def draw_name(rng: random.Random, script: str | None = None, woman: bool | None = None) -> Name:
    """A made-up name; without `script` mostly Latin, then Malayalam, then Devanagari."""
    if script is None:
        script = rng.choices(SCRIPTS, [60, 25, 15])[0]
    column = SCRIPTS.index(script)
    pool = [g for g in _GIVEN if woman is None or (g[3] == "f") == woman]
    given, second = rng.choice(pool), rng.choice(_SECOND)
    return Name(given[column], second[column], script, f"{given[0]}.{second[0]}".lower())


def in_script(name: Name, script: str) -> Name:
    """The same name in another script (the tables stand beside each other)."""
    column = SCRIPTS.index(script)
    given = next(g for g in _GIVEN if name.given in g[:3])
    second = next(s for s in _SECOND if name.second in s)
    return Name(given[column], second[column], script, name.latin)


def phone(number: int) -> str:
    """An Indian-looking number no one can hold: the ten digits begin with 00."""
    digits = f"{number:010d}"
    return f"+91 {digits[:5]} {digits[5:]}"


def mail(name: Name, number: int) -> str:
    """A mail address under example.com."""
    return f"{name.latin}{number}@example.com"
