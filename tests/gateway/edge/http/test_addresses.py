"""Whose request it is, and what of a header is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.http.addresses import ClientAddresses, is_loopback, network_of

_IPS = st.ip_addresses().map(str)


@pytest.mark.parametrize(
    ("peer", "hops", "address"),
    [
        ("203.0.113.1", ["198.51.100.1"], "203.0.113.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::ffff:203.0.113.1", [], "203.0.113.1"),
        (None, ["198.51.100.1"], "unknown"),
    ],
)
def test_the_rightmost_hop_that_is_no_trusted_proxy(peer: str | None, hops: list[str], address: str) -> None:
    assert ClientAddresses(["10.0.0.0/8"]).of(peer, hops) == address


@given(_IPS, st.lists(_IPS), st.lists(st.text()))
def test_without_trusted_proxies_no_header_says_anything(peer: str, hops: list[str], more: list[str]) -> None:
    addresses = ClientAddresses([])
    assert addresses.of(peer, [*hops, *more]) == addresses.of(peer, [])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_client_is_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_this_machine_is_known_in_every_writing() -> None:
    addresses = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "10.0.0.1", "localhost"]
    assert [is_loopback(a) for a in addresses] == [True, True, True, True, False, False]
