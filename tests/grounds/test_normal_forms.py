"""Normal forms, instants and ids: what must hold for every value."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from paricha.grounds import identity, selectors
from paricha.grounds.instants import from_epoch, from_epoch_ns, from_utc_text, read_instant, slip_between, utc_text

moments = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001  Hypothesis asks for naive bounds
offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: quarters * 15)


@given(st.text())
def test_a_normal_form_is_its_own_normal_form(text):
    for form in (selectors.address, selectors.email, selectors.phone):
        once = form(text)
        assert once is None or form(once) == once


@given(st.text(alphabet="0123456789+-() :.x٣", min_size=6, max_size=18))
def test_a_number_is_its_own_normal_form_however_it_is_written(text):
    once = selectors.phone(text)
    assert once is None or selectors.phone(once) == once


@given(st.ip_addresses())
def test_an_address_is_one_however_it_is_written(address):
    assert selectors.address(address.exploded) == selectors.address(str(address)) == selectors.address(f" [{address}] ")


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_the_address(address):
    assert selectors.address(f"::ffff:{address}") == str(address)


@given(st.integers(6_000_000_000, 9_999_999_999), st.sampled_from(["+91 {}", "0091{}", "0{}", "{}", "+91-{}"]))
def test_an_indian_mobile_is_one_however_it_is_written(number, spelling):
    digits = str(number)
    assert selectors.phone(spelling.format(digits[:5] + " " + digits[5:])) == f"+91{digits}"


@given(moments, offsets)
def test_an_instant_with_an_offset_is_that_instant(at, minutes):
    local = at + timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    text = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    assert read_instant(text).utc == at


@given(moments)
def test_a_time_without_a_zone_has_no_utc(at):
    found = read_instant(f"{at:%Y-%m-%d %H:%M:%S}")
    assert found.utc is None and found.precision is None


@given(moments)
def test_an_instant_goes_through_text_and_seconds_unchanged(at):
    assert from_utc_text(utc_text(at)) == at
    assert from_epoch(int(at.timestamp())) == at
    assert from_epoch_ns(round(at.timestamp()) * 1_000_000_000 + 1_999) == from_epoch(round(at.timestamp())).replace(
        microsecond=1
    )


@given(st.text())
def test_reading_an_instant_never_raises_and_keeps_the_writing(text):
    assert read_instant(text).as_written == text.strip()


@given(moments)
def test_the_slip_of_indian_time_is_named_both_ways(at):
    other = at + timedelta(hours=5, minutes=30)
    assert "5 h 30" in (slip_between(at, other) or "") and "5 h 30" in (slip_between(other, at) or "")


id_parts = st.lists(st.one_of(st.none(), st.text(), st.binary()), max_size=4)


@given(id_parts, id_parts)
def test_parts_of_an_id_cannot_run_into_each_other(first, second):
    def plain(parts):
        return [part.encode() if isinstance(part, str) else part for part in parts]

    same = identity.derived_id("x", *first) == identity.derived_id("x", *second)
    assert same == (plain(first) == plain(second))


def test_uuid7_grows_with_time():
    ids = [identity.uuid7(ms) for ms in range(1_700_000_000_000, 1_700_000_000_100)]
    assert ids == sorted(ids) and all(len(one) == 16 and one[6] >> 4 == 7 for one in ids)
