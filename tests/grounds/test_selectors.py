"""Selectors: writings of one thing meet, writings of two never do. Numbers are made up; the rules are the standards'."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.grounds import selectors, selectors_of_devices
from paricha.grounds.selectors import SelectorKind, points

services = st.sampled_from(["", "Instagram", "Twitter, Inc.", "YouTube", "Discord", "Facebook",
                            "WhatsApp", "Example Share", "Reddit"])  # fmt: skip


# ---- a normal form is its own normal form -----------------------------------------------------------------------
@given(services, st.text(max_size=30))
def test_an_account_and_a_handle_are_their_own_normal_form(service, text):
    for form in (selectors.handle, selectors.account, selectors.within):
        once = form(service, text)
        if once is not None:
            named, _bar, bare = once.partition("|")
            assert form(named, bare) == once


@given(st.one_of(st.text(max_size=40), st.from_regex(r"h(tt|xx)ps?://[a-zA-Z0-9.%/?#:@\[\]-]{1,40}", fullmatch=True)))
def test_a_web_address_is_its_own_normal_form(text):
    once = selectors.url(text)
    assert once is None or selectors.url(once) == once


@given(st.text(alphabet="0123456789+-() /.x,;٣tel:extABC\u202a", max_size=24))
def test_a_phone_is_its_own_normal_form_or_none(text):
    once = selectors.phone(text)
    assert once is None or (selectors.phone(once) == once and once.removeprefix("+").isdigit())


@given(st.text(alphabet="0123456789 -/.", max_size=20))
def test_an_imei_is_its_own_normal_form(text):
    once = selectors.imei(text)
    assert once is None or selectors.imei(once) == once
    kept = selectors.device("IMEI", text)
    assert kept is None or selectors.device(*kept.split("|", 1)) == kept


@given(st.text(max_size=64), st.sampled_from([None, "MD5", "SHA-1", "sha256 hash"]))
def test_a_hash_is_its_own_normal_form(text, algorithm):
    once = selectors.file_hash(text, algorithm)
    if once is not None:
        name, _bar, value = once.partition("|")
        assert selectors.file_hash(value, name) == once


# ---- addresses --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    ["2001:db8::7", "2001:DB8:0:0:0:0:0:7", "2001:0db8:0000:0000:0000:0000:0000:0007", "[2001:db8::7]", " 2001:db8:0::7 "],
)  # fmt: skip
def test_writings_of_one_ipv6_address_meet(written):
    assert selectors.address(written) == "2001:db8::7"


@pytest.mark.parametrize("written", ["::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:203.0.113.7"])
def test_a_mapped_address_in_any_writing_is_the_ipv4_address(written):
    assert selectors.address(written) == "203.0.113.7"


@pytest.mark.parametrize("carrying", ["::203.0.113.7", "64:ff9b::203.0.113.7", "2002:cb00:7107::1"])
def test_an_address_that_only_carries_another_stays_itself(carrying):
    assert selectors.address(carrying) == str(ipaddress.ip_address(carrying)) != "203.0.113.7"


@pytest.mark.parametrize(
    "written",
    ["203.000.113.007", "0313.0.113.7", "203.0.113", "3405803783", "203.0.113.7/32", "203.0.113.256", "203.0.113.7%eth0", "N/A", "::g"],
)  # fmt: skip
def test_what_may_be_another_address_is_none(written):
    assert selectors.address(written) is None


# ---- phones -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    ["+911000000417", "+91 10000 00417", "0091 1000000417", "01000000417", "10000-00417", "911000000417", "(+91) 10000 00417",
     "\u202a+91 10000 00417\u202c", "tel:+91-10000-00417", "Mob: 10000 00417", "10000 00417 ext. 12", "൧൦൦൦൦൦൦൪൧൭"],
)  # fmt: skip
def test_writings_of_one_phone_meet(written):
    assert selectors.phone(written) == "+911000000417"


def test_a_number_without_a_country_code_is_of_the_units_country():
    assert (selectors.phone("212 555 0123", "US"), selectors.phone("0471 2345678", "IN")) == ("+12125550123", "+914712345678")  # fmt: skip
    assert selectors.phone("+1 212 555 0123", "IN") == "+12125550123"


@pytest.mark.parametrize(
    "written", ["0471-234567/8", "1000000417, 1000000418", "1000000417 or 1000000418", "9495ABC417", "12/05/2020", "10000", "unknown"]
)  # fmt: skip
def test_what_is_no_single_number_cannot_be_normalised(written):
    assert selectors.phone(written) is None


# ---- e-mail -----------------------------------------------------------------------------------------------------
def test_an_e_mail_address_meets_its_a_label_and_no_other():
    assert (
        selectors.email("K88@Bücher.example")
        == selectors.email("k88@XN--BCHER-KVA.example.")
        == "k88@xn--bcher-kva.example"
    )
    assert selectors.email("k.88@example.com") != selectors.email("k88@example.com")
    assert selectors.email("straße@example.com") != selectors.email("strasse@example.com")


@pytest.mark.parametrize(
    "written", ["@example.com", "k88@", "k88", "a@b@example.com", "k 88@example.com", "k@-x-.example", "k@"]
)
def test_what_is_no_e_mail_address_is_none(written):
    assert selectors.email(written) is None


# ---- IMEI -------------------------------------------------------------------------------------------------------
def test_an_imei_is_one_in_its_three_lengths():
    """35391805 is made up; 3GPP TS 23.003 6.2.1 and 6.2.2; the check digit by Luhn, reckoned by hand."""
    for written in ("353918056728146", "35-391805-672814-6", "35391805672814", "3539180567281401", "3539180567281477"):
        assert selectors.device("IMEI", written) == "imei|353918056728146"


@pytest.mark.parametrize(
    "junk",
    ["000000000000000", "111111111111119", "123456789012347", "012345678901237", "987654321098769", "004999010640000",
     "353918050000009", "353918051234563", "135790246811220", "490154203237518"],
)  # fmt: skip
def test_a_junk_imei_is_kept_and_points_at_nobody(junk):
    kept = selectors.device("imei", junk)
    assert kept == f"imei-unchecked|{junk}"
    assert not points(SelectorKind.DEVICE, kept)


@pytest.mark.parametrize(
    "wrong", ["353918056728144", "353918056728140", "3539180567281", "35391805672814A", "IMEI unknown"]
)
def test_an_imei_that_fails_its_check_is_kept_as_written(wrong):
    kept = selectors.device("IMEI 2", wrong)
    assert kept == f"imei-unchecked|{wrong.lower()}"
    assert not points(SelectorKind.DEVICE, kept)


@pytest.mark.parametrize(
    ("id_type", "value"),
    [("IDFA", "00000000-0000-0000-0000-000000000000"), ("Android ID", "9774d56d682e549c"), ("MAC", "02:00:00:00:00:00"),
     ("Serial", "unknown"), ("Serial", "0123456789ABCDEF")],
)  # fmt: skip
def test_an_id_that_many_devices_share_points_at_nobody(id_type, value):
    assert not points(SelectorKind.DEVICE, selectors.device(id_type, value))
    assert points(SelectorKind.DEVICE, selectors.device(id_type, "5b1f7a90-2f3e"))


# ---- accounts ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other"),
    [(("Instagram", "@Kite_88"), ("instagram, Inc.", "kite_88")), (("Twitter", "@K"), ("X Corp.", "k")),
     (("Reddit", "u/Kite"), ("Reddit", "kite")), (("Telegram", "https://t.me/Kite"), ("telegram", "@kite")),
     (("Facebook", "Kite.Fly"), ("facebook", "kitefly"))],
)  # fmt: skip
def test_writings_of_one_screen_name_meet(one, other):
    assert selectors.handle(*one) == selectors.handle(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("Instagram", "kite.fly"), ("Instagram", "kitefly")), (("Instagram", "kite"), ("Snapchat", "kite")),
     (("Discord", "Kite#1234"), ("Discord", "kite#1234")), (("Share", "straße"), ("Share", "strasse")),
     (("Meta Platforms", "kite"), ("Facebook", "kite"))],
)  # fmt: skip
def test_two_screen_names_never_meet(one, other):
    assert selectors.handle(*one) != selectors.handle(*other)


def test_ids_keep_their_letters_unless_they_are_a_number():
    assert selectors.account("YouTube", "UCaB" + "c" * 20) != selectors.account("YouTube", "UCab" + "c" * 20)
    assert selectors.account("Share", "0A" * 16) == selectors.account("share", "0a" * 16)
    assert selectors.account("WhatsApp", "+91 10000-00417") == selectors.account(
        "WhatsApp", "911000000417@s." + "whatsapp.net"
    )


@pytest.mark.parametrize("value", ["0", "null", "Unknown", "-1", "N/A"])
def test_an_id_that_stands_for_none_points_at_nobody(value):
    assert not points(SelectorKind.ACCOUNT, selectors.account("Share", value))


# ---- web addresses and hashes -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    ["https://share.example.com/U/%7Ea", "HXXPS://Share[.]Example[.]com:443/U/~a/", "hxxps[://]share.example.com/U/%7ea",
     "share.example.com/U/~a"],
)  # fmt: skip
def test_writings_of_one_web_address_meet(written):
    assert selectors.url(written) == "https://share.example.com/U/~a"


@pytest.mark.parametrize(
    ("one", "other"),
    [("https://a.example/U", "https://a.example/u"), ("https://a.example/?a=%2F", "https://a.example/?a=/x"),
     ("https://a.example:8443/", "https://a.example/"), ("http://a.example", "https://a.example"), ("https://a.example#b", "https://a.example")],
)  # fmt: skip
def test_two_web_addresses_never_meet(one, other):
    assert None not in (selectors.url(one), selectors.url(other))
    assert selectors.url(one) != selectors.url(other)


@pytest.mark.parametrize("written", ["", "two words", "https:///x", "https://a:99999/", "http://[x", "<a href=x>"])
def test_what_names_no_host_is_no_web_address(written):
    assert selectors.url(written) is None


def test_a_hash_meets_itself_in_hexadecimal_and_base64_and_no_other_algorithm():
    """The published MD5 and SHA-1 of the empty text (RFC 1321, RFC 3174)."""
    assert selectors.file_hash("1B2M2Y8AsgTpgAmY7PhCfg==", "MD5") == "md5|d41d8cd98f00b204e9800998ecf8427e"
    assert (
        selectors.file_hash("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709")
        == "sha1|da39a3ee5e6b4b0d3255bfef95601890afd80709"
    )
    assert selectors.file_hash("ab" * 32, "PDQ") != selectors.file_hash("ab" * 32, "SHA-256")
    assert not points(SelectorKind.HASH, "md5|d41d8cd98f00b204e9800998ecf8427e")


def test_a_junk_imei_that_a_telephone_shows_passes_its_check_and_points_at_nothing():
    assert selectors_of_devices.imei_checked("35145120840121") == "351451208401216"
    assert selectors.imei("351451208401216") is None and selectors_of_devices.imei_checked("351451208401217") is None
