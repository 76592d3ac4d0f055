"""What the product's gateway says of services that are away."""

from __future__ import annotations

import pytest

from infra.product import services_away
from subgraphs.kit.errors import Unavailable


async def _well() -> None:
    return None


async def _ill() -> None:
    raise Unavailable("database")


async def test_one_service_away_takes_its_own_fields_from_clients_and_not_the_graph() -> None:
    assert await services_away({"user": _well(), "shop": _ill(), "ai": _well()}) == ["shop"]


async def test_with_every_service_away_the_gateway_is_not_ready() -> None:
    with pytest.raises(Unavailable, match="The database cannot be reached"):
        await services_away({"user": _ill(), "shop": _ill()})
