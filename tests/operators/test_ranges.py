"""The arrays against a slow plain reference: every prefix tried, the longest that holds the address wins."""

import ipaddress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from paricha.operators.ranges import NOWHERE, Ranges


def slow(prefixes, address):
    holding = [(net.prefixlen, row) for net, row in prefixes if net.version == address.version and address in net]
    return max(holding)[1] if holding else NOWHERE


@st.composite
def prefixes_of(draw, version):
    bits = 32 if version == 4 else 128
    kind = ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network
    near = draw(st.integers(0, (1 << bits) - 1))  # neighbours, so that they nest and touch
    found = {}
    for row in range(draw(st.integers(0, 14))):
        length = draw(st.sampled_from([0, 1, bits // 4, bits // 2, bits - 9, bits - 8, bits - 2, bits - 1, bits]))
        base = draw(st.one_of(st.just(near), st.integers(0, (1 << bits) - 1))) ^ draw(st.integers(0, 1023))
        base &= ((1 << length) - 1) << (bits - length) if length else 0
        found.setdefault(kind((base, length)), row)
    return list(found.items())


def edges(prefixes, version):
    top = (1 << (32 if version == 4 else 128)) - 1
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    numbers = {0, top}
    for net, _row in prefixes:
        first, last = int(net.network_address), int(net.broadcast_address)
        numbers |= {first, last, max(first - 1, 0), min(last + 1, top), (first + last) // 2}
    return [kind(number) for number in sorted(numbers)]


@given(prefixes_of(4), st.lists(st.integers(0, (1 << 32) - 1), max_size=20))
def test_every_ipv4_address_finds_its_longest_prefix(prefixes, more):
    ranges = Ranges.build(prefixes)
    asked = edges(prefixes, 4) + [ipaddress.IPv4Address(number) for number in more]
    got = ranges.rows_v4(np.array([int(address) for address in asked], dtype=np.uint32))
    assert got.tolist() == [slow(prefixes, address) for address in asked]


@given(prefixes_of(6), st.lists(st.integers(0, (1 << 128) - 1), max_size=20))
def test_every_ipv6_address_finds_its_longest_prefix(prefixes, more):
    ranges = Ranges.build(prefixes)
    asked = edges(prefixes, 6) + [ipaddress.IPv6Address(number) for number in more]
    high = np.array([int(address) >> 64 for address in asked], dtype=np.uint64)
    low = np.array([int(address) & ((1 << 64) - 1) for address in asked], dtype=np.uint64)
    assert ranges.rows_v6(high, low).tolist() == [slow(prefixes, address) for address in asked]


def test_arrays_read_from_disk_answer_as_those_in_memory(tmp_path):
    prefixes = [(ipaddress.ip_network("198.18.0.0/15"), 0), (ipaddress.ip_network("198.18.4.0/24"), 1),
                (ipaddress.ip_network("2001:db8::/32"), 2)]  # fmt: skip
    Ranges.build(prefixes).save(tmp_path)
    kept = Ranges.load(tmp_path)
    for text, row in (
        ("198.18.4.9", 1),
        ("198.18.5.0", 0),
        ("198.20.0.0", NOWHERE),
        ("2001:db8:ffff::1", 2),
        ("::", NOWHERE),
    ):
        assert kept.row_of(ipaddress.ip_address(text)) == row
