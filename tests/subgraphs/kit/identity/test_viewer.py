"""Where a caller sits."""

from __future__ import annotations

import pytest

from subgraphs.kit.identity.viewer import is_loopback


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_a_caller_at_a_loopback_address_sits_on_this_machine(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", [None, "", "unix", "192.0.2.1", "::ffff:192.0.2.1", "localhost"])
def test_a_caller_at_any_other_address_or_at_none_does_not(address: str | None) -> None:
    assert not is_loopback(address)
