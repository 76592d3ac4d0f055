"""The other gateways that clients may reach in this one's place, each asked by its own address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar
from uuid import uuid4

import msgspec

from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from infra.ops.ask import Ask, Part
from infra.ops.overview import Overview
from infra.ops.replicas import Addresses, Clients, addresses, told

__all__ = ["AUDIENCE", "OVERVIEW_PATH", "PART_PATH", "Gateways"]

AUDIENCE: Final = "gateway"
"""Whom the identities are for that gateways sign for each other."""
OVERVIEW_PATH: Final = "/api/ops/overview"
PART_PATH: Final = "/api/ops/part"

_Told = TypeVar("_Told")
Address: TypeAlias = tuple[str, int]


class Gateways:
    """Asked with the identity of the operator who watches; none where no name is given."""

    def __init__(
        self,
        signer: IdentitySigner,
        names: Sequence[Address] = (),
        find: Addresses = addresses,
    ) -> None:
        """``names``: hosts with ports; each address of each is a gateway, this one among them."""
        self.process = uuid4().hex
        """What this one calls itself."""
        self._signer = signer
        self._names = names
        self._find = find
        self._own: set[Address] = set()
        self._clients = Clients()

    async def overviews(self, caller: Caller) -> Mapping[Address, Overview | None]:
        """Each one's but our own; None of one that does not say."""
        found = await asyncio.gather(*(self._find(*name) for name in self._names))
        everyone = {
            (address, port): None
            for each, (_, port) in zip(found, self._names, strict=True)
            for address in each
        }
        asked = [address for address in everyone if address not in self._own]
        await self._clients.keep(asked)
        answers = dict(
            zip(asked, await self._asked(asked, OVERVIEW_PATH, b"{}", caller, Overview), strict=True)
        )
        self._own |= {at for at, one in answers.items() if one is not None and one.process == self.process}
        return _once({at: one for at, one in answers.items() if at not in self._own})

    async def parts(self, of: Iterable[Address], ask: Ask, caller: Caller) -> Sequence[Part | None]:
        """What each of these knows besides; None of one that does not say."""
        return await self._asked(list(of), PART_PATH, msgspec.json.encode(ask), caller, Part)

    async def close(self) -> None:
        """Close the connections."""
        await self._clients.keep(())

    async def _asked(
        self, of: Sequence[Address], path: str, body: bytes, caller: Caller, type_: type[_Told]
    ) -> Sequence[_Told | None]:
        headers = self._signer.headers(caller, AUDIENCE, "query") | {"content-type": "application/json"}
        return await asyncio.gather(
            *(told("gateway", self._clients.at(*each), path, headers, body, type_) for each in of)
        )


def _once(found: Mapping[Address, Overview | None]) -> dict[Address, Overview | None]:
    """A gateway with two addresses is one all the same."""
    seen: set[str] = set()
    kept: dict[Address, Overview | None] = {}
    for address, one in found.items():
        if one is None or one.process not in seen:
            kept[address] = one
        if one is not None:
            seen.add(one.process)
    return kept
