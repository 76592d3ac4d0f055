"""The client's address: the peer's, or what a trusted proxy says of it (RFC 7239's older sibling)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

__all__ = ["ClientAddresses", "is_loopback"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientAddresses:
    """Believes X-Forwarded-For only from the proxies named, and only what they added themselves."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted: list[_Network] = [ipaddress.ip_network(t, strict=False) for t in trusted]

    def of(self, peer: str | None, forwarded_for: Sequence[str]) -> str:
        """The rightmost address that is no trusted proxy; the peer's where that is none itself."""
        address = peer or "unknown"
        hops = [hop.strip() for header in forwarded_for for hop in header.split(",") if hop.strip()]
        while self._trusts(address) and hops:
            hop = hops.pop()
            try:
                address = str(ipaddress.ip_address(hop))
            except ValueError:
                break
        return address

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def is_loopback(address: str) -> bool:
    """Whether the client sits on this machine."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
