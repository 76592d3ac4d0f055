"""The client's address: the peer's, or what a trusted proxy says of it (RFC 7239's older sibling)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["ClientAddresses", "is_loopback", "network_of"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_REMEMBERED = 4096
"""Addresses whose reading is kept: the same ones come again and again."""


class ClientAddresses:
    """Believes X-Forwarded-For only from the proxies named, and only what they added themselves."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted: list[_Network] = [ipaddress.ip_network(t, strict=False) for t in trusted]

    def of(self, peer: str | None, forwarded_for: Sequence[str]) -> str:
        """The rightmost address that is no trusted proxy; the peer's where that is none itself."""
        address = _plain(peer) if peer else "unknown"
        if not forwarded_for:
            return address
        hops = [hop.strip() for header in forwarded_for for hop in header.split(",") if hop.strip()]
        while self.trusts(address) and hops:
            hop = hops.pop()
            if (known := _parsed(hop)) is None:
                break
            address = str(known)
        return address

    def trusts(self, address: str) -> bool:
        """Whether it is one of the proxies named."""
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._trusted)


@lru_cache(maxsize=_REMEMBERED)
def is_loopback(address: str) -> bool:
    """Whether the client sits on this machine."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


@lru_cache(maxsize=_REMEMBERED)
def network_of(address: str) -> str:
    """What one client has for itself: an IPv4 address, or an IPv6 network of 64 bits."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


@lru_cache(maxsize=_REMEMBERED)
def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IPv4 address that came by an IPv6 socket is still one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


@lru_cache(maxsize=_REMEMBERED)
def _plain(address: str) -> str:
    parsed = _parsed(address)
    return address if parsed is None else str(parsed)
