"""What processes elsewhere know: of a service behind the gateway every replica, asked by its own address."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

import msgspec

from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from gateway.transport import HttpClient, HttpFailure
from infra.ops.ask import Ask, Part

__all__ = ["PART_PATH", "Addresses", "Asked", "Clients", "RemoteService", "addresses", "told"]

_log = logging.getLogger("lets_connect.ops")

PART_PATH = "/ops/part"
"""Where a service tells its part to the gateway."""
_PATIENCE = 2.0
"""Seconds for a replica to tell its part, and for a name to be looked up."""

_Told = TypeVar("_Told")

Addresses: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host's name and a port to its addresses; none where it has none."""


class Asked(Protocol):
    """A service in processes of its own."""

    async def parts(self, ask: Ask, caller: Caller) -> Sequence[Part | None]:
        """What each replica knows; None of one that does not say. At least one."""
        ...


async def addresses(host: str, port: int) -> Sequence[str]:
    """By the system's resolver: of a headless service the addresses of all its pods."""
    try:
        async with asyncio.timeout(_PATIENCE):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return ()
    return sorted({str(address[0]) for *_, address in found})


class Clients:
    """A client for each address, as long as it is one of those that are asked."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, int], HttpClient] = {}

    def at(self, address: str, port: int) -> HttpClient:
        """The one of this address."""
        client = self._clients.get((address, port))
        if client is None:
            host = f"[{address}]" if ":" in address else address
            client = self._clients[address, port] = HttpClient(f"http://{host}:{port}")
        return client

    async def keep(self, only: Collection[tuple[str, int]]) -> None:
        """Close the connections to all others."""
        for gone in self._clients.keys() - set(only):
            await self._clients.pop(gone).close()


async def told(
    name: str, client: HttpClient, path: str, headers: Mapping[str, str], body: bytes, type_: type[_Told]
) -> _Told | None:
    """What a process says of itself; None where it does not, in time and so that it can be read."""
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await client.request("POST", path, headers, body)
        return msgspec.json.decode(answer.body, type=type_) if answer.status == 200 else None
    except (TimeoutError, HttpFailure):
        return None
    except msgspec.DecodeError as error:
        _log.warning("what a %s process tells the operators' page cannot be read: %s", name, error)
        return None


class RemoteService(Asked):
    """Asked with the identity of the operator who watches. Where its name has one address, or none, by its own client."""

    def __init__(
        self,
        name: str,
        client: HttpClient,
        signer: IdentitySigner,
        replicas: str = "",
        find: Addresses = addresses,
    ) -> None:
        """``replicas``: the name whose addresses are the replicas', with ``{host}`` for that of the client's origin."""
        self._name = name
        self._client = client
        self._signer = signer
        self._replicas = replicas.replace("{host}", client.origin.host) or client.origin.host
        self._find = find
        self._clients = Clients()

    async def parts(self, ask: Ask, caller: Caller) -> Sequence[Part | None]:
        clients = await self._found()
        headers = self._signer.headers(caller, self._name, "query") | {"content-type": "application/json"}
        body = msgspec.json.encode(ask if len(clients) == 1 else ask.of_each())
        return await asyncio.gather(
            *(told(self._name, client, PART_PATH, headers, body, Part) for client in clients)
        )

    async def close(self) -> None:
        """Close the connections to replicas."""
        await self._clients.keep(())

    async def _found(self) -> Sequence[HttpClient]:
        origin = self._client.origin
        found = () if origin.tls else await self._find(self._replicas, origin.port)
        if len(found) < 2:  # and by an address no certificate holds
            return (self._client,)
        await self._clients.keep([(address, origin.port) for address in found])
        return [self._clients.at(address, origin.port) for address in found]
