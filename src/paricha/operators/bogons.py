"""Addresses that no customer can hold (check C11). Documentation and benchmark addresses count as public only in made-up folders."""

from __future__ import annotations

import ipaddress

from django.utils.translation import gettext_noop

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# (network, words): RFC 6890 and the RFCs named; reference attribution C11.
_NEVER: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", gettext_noop("“this network” (RFC 1122)")),
    ("10.0.0.0/8", gettext_noop("a private address (RFC 1918)")),
    ("172.16.0.0/12", gettext_noop("a private address (RFC 1918)")),
    ("192.168.0.0/16", gettext_noop("a private address (RFC 1918)")),
    ("100.64.0.0/10", gettext_noop("an address inside an operator's sharing (RFC 6598)")),
    ("127.0.0.0/8", gettext_noop("a loopback address")),
    ("169.254.0.0/16", gettext_noop("a link-local address")),
    ("192.0.0.0/24", gettext_noop("a protocol address (RFC 6890)")),
    ("224.0.0.0/4", gettext_noop("a multicast address")),
    ("240.0.0.0/4", gettext_noop("a reserved address")),
    ("::/128", gettext_noop("the unspecified address")),
    ("::1/128", gettext_noop("a loopback address")),
    ("2002::/16", gettext_noop("a 6to4 address")),
    ("2001::/32", gettext_noop("a Teredo address")),
    ("64:ff9b::/96", gettext_noop("a NAT64 address")),
    ("fc00::/7", gettext_noop("a private address (RFC 4193)")),
    ("fe80::/10", gettext_noop("a link-local address")),
    ("ff00::/8", gettext_noop("a multicast address")),
)
_MADE_UP: tuple[tuple[str, str], ...] = (
    ("192.0.2.0/24", gettext_noop("a documentation address (RFC 5737)")),
    ("198.51.100.0/24", gettext_noop("a documentation address (RFC 5737)")),
    ("203.0.113.0/24", gettext_noop("a documentation address (RFC 5737)")),
    ("2001:db8::/32", gettext_noop("a documentation address (RFC 3849)")),
    ("198.18.0.0/15", gettext_noop("a benchmark address (RFC 2544)")),
    ("2001:2::/48", gettext_noop("a benchmark address (RFC 5180)")),
)
NEVER = tuple((ipaddress.ip_network(text), words) for text, words in _NEVER)
MADE_UP = tuple((ipaddress.ip_network(text), words) for text, words in _MADE_UP)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def bogon(text: str, *, synthetic: bool) -> str | None:
    """Words for why nobody can be asked about this address, or None. Raises ValueError when it is no address.

    A NAT64 address is unwrapped first: what counts is the IPv4 address in it.
    """
    address: Address = unwrapped(ipaddress.ip_address(text))
    for network, words in NEVER if synthetic else NEVER + MADE_UP:
        if address.version == network.version and address in network:
            return words
    return None


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside a NAT64 one (64:ff9b::/96), else the address itself."""
    if address.version == 6 and address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
