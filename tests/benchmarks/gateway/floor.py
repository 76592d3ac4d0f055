"""A program written by hand for one query, users → reviews → products: what a gateway's cost is compared with.

asyncio, msgspec and httptools as one who knows them would use them: typed decoding, entities fetched once for all
places that want them, filled in place, one encode. No parsing, no validation, no plan, no guards, no errors.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import httptools
import msgspec
import uvicorn
from msgspec import Struct, field

__all__ = ["main"]


class _Leaf(Struct, kw_only=True):
    """The fields in the order of the answer; those of other subgraphs come later."""

    inStock: bool | None = None  # noqa: N815
    name: str | None = None
    price: int | None = None
    shippingEstimate: int | None = None  # noqa: N815
    upc: str
    weight: int | None = None


class _Review0(Struct):
    id: str
    body: str | None
    product: _Leaf


class _Author(Struct, kw_only=True):
    id: str
    username: str | None
    name: str | None = None
    reviews: list[_Review0]


class _Review1(Struct):
    id: str
    body: str | None
    author: _Author


class _Reviewed(_Leaf, kw_only=True):
    reviews: list[_Review1] = field(default_factory=list)


class _Review2(Struct):
    id: str
    body: str | None
    product: _Reviewed


class _User(Struct, kw_only=True):
    id: str
    username: str | None
    name: str | None
    reviews: list[_Review2] = field(default_factory=list)


class _Root(Struct, rename={"top_products": "topProducts"}):
    users: list[_User]
    top_products: list[_Reviewed]


class _Answer(Struct):
    data: _Root


class _Users(Struct):
    users: list[_User]


class _Products(Struct, rename={"top_products": "topProducts"}):
    top_products: list[_Reviewed]


class _ReviewsOf(Struct):
    reviews: list[_Review2]


class _ReviewsFor(Struct):
    reviews: list[_Review1]


class _Named(Struct):
    name: str | None


class _Priced(Struct):
    name: str | None
    price: int | None
    weight: int | None


class _Stocked(Struct, rename={"in_stock": "inStock", "estimate": "shippingEstimate"}):
    in_stock: bool | None
    estimate: int | None


def _fetch(answer: Any, query: str) -> tuple[bytes, msgspec.json.Decoder[Any]]:
    """A query's body up to its representations, and the decoder of its answer."""
    return b'{"query":' + msgspec.json.encode(query), msgspec.json.Decoder(answer)


def _data(data: Any) -> Any:
    return msgspec.defstruct("Data", [("data", data)])


def _entities(data: Any) -> Any:
    return _data(msgspec.defstruct("Found", [("_entities", list[data])]))


_TEMPLATE = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s{%s}}}"
_LAST = "reviews{id body product{upc}}"
_USERS = _fetch(_data(_Users), "{users{id username name}}")
_TOP = _fetch(_data(_Products), "{topProducts{name price upc weight}}")
_BY = f"reviews{{id body author{{id username {_LAST}}}}}"
_OF_USERS = _fetch(_entities(_ReviewsOf), _TEMPLATE % ("User", f"reviews{{id body product{{upc {_BY}}}}}"))
_OF_PRODUCTS = _fetch(_entities(_ReviewsFor), _TEMPLATE % ("Product", _BY))
_NAMES = _fetch(_entities(_Named), _TEMPLATE % ("User", "name"))
_PRICES = _fetch(_entities(_Priced), _TEMPLATE % ("Product", "name price weight"))
_STOCK = _fetch(_entities(_Stocked), _TEMPLATE % ("Product", "inStock shippingEstimate"))


class _Connection(asyncio.Protocol):
    """One kept-alive connection that carries one request at a time."""

    def __init__(self, idle: deque[_Connection]) -> None:
        self._idle = idle
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._waiting: asyncio.Future[bytes] | None = None
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def ask(self, message: bytes, waiting: asyncio.Future[bytes]) -> None:
        self._waiting = waiting
        self._parts = []
        self._transport.write(message)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._idle.append(self)
        if self._waiting is not None:
            self._waiting.set_result(b"".join(self._parts))


class _Subgraph:
    def __init__(self, port: int, *, share: bool) -> None:
        self._port = port
        self._share = share
        self._idle: deque[_Connection] = deque()
        self._flying: dict[bytes, asyncio.Future[bytes]] = {}
        self._head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"

    async def ask(self, body: bytes) -> bytes:
        """The answer's body; equal requests in flight are one request."""
        if not self._share:
            return await self._send(body, asyncio.get_running_loop().create_future())
        flying = self._flying.get(body)
        if flying is not None:
            return await flying
        waiting = self._flying[body] = asyncio.get_running_loop().create_future()
        try:
            return await self._send(body, waiting)
        finally:
            del self._flying[body]

    async def _send(self, body: bytes, waiting: asyncio.Future[bytes]) -> bytes:
        message = f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body
        if self._idle:
            connection = self._idle.pop()
        else:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(
                lambda: _Connection(self._idle), "127.0.0.1", self._port
            )
        connection.ask(message, waiting)
        return await waiting


class _Program:
    """Answers the query."""

    def __init__(self, port: int, *, share: bool) -> None:
        names = ("accounts", "inventory", "products", "reviews")
        self._at = {name: _Subgraph(port + n, share=share) for n, name in enumerate(names)}
        self._encode = msgspec.json.Encoder().encode

    async def answer(self) -> bytes:
        """The whole answer."""
        users, top = await asyncio.gather(self._users(), self._top())
        people: dict[str, list[_Author]] = {}
        leaves: dict[str, list[_Leaf]] = {}
        for user in users:
            for review in user.reviews:
                leaves.setdefault(review.product.upc, []).append(review.product)
                _gather(review.product.reviews, people, leaves)
        for product in top:
            _gather(product.reviews, people, leaves)
        await asyncio.gather(self._names(people), self._prices(leaves))
        for product in top:
            leaves.setdefault(product.upc, []).append(product)
        await self._stock(leaves)
        return self._encode(_Answer(_Root(users, top)))

    async def _users(self) -> list[_User]:
        found: list[_User] = (await self._ask("accounts", _USERS)).data.users
        reviews = await self._ask(
            "reviews", _OF_USERS, [{"__typename": "User", "id": one.id} for one in found]
        )
        for user, given in zip(found, reviews.data._entities, strict=True):
            user.reviews = given.reviews
        return found

    async def _top(self) -> list[_Reviewed]:
        found: list[_Reviewed] = (await self._ask("products", _TOP)).data.top_products
        sent = [{"__typename": "Product", "upc": one.upc} for one in found]
        reviews = await self._ask("reviews", _OF_PRODUCTS, sent)
        for product, given in zip(found, reviews.data._entities, strict=True):
            product.reviews = given.reviews
        return found

    async def _names(self, people: dict[str, list[_Author]]) -> None:
        given = await self._ask("accounts", _NAMES, [{"__typename": "User", "id": one} for one in people])
        for places, one in zip(people.values(), given.data._entities, strict=True):
            for author in places:
                author.name = one.name

    async def _prices(self, leaves: dict[str, list[_Leaf]]) -> None:
        given = await self._ask(
            "products", _PRICES, [{"__typename": "Product", "upc": one} for one in leaves]
        )
        for places, one in zip(leaves.values(), given.data._entities, strict=True):
            for leaf in places:
                leaf.name, leaf.price, leaf.weight = one.name, one.price, one.weight

    async def _stock(self, leaves: dict[str, list[_Leaf]]) -> None:
        sent = [
            {"__typename": "Product", "upc": upc, "price": places[0].price, "weight": places[0].weight}
            for upc, places in leaves.items()
        ]
        given = await self._ask("inventory", _STOCK, sent)
        for places, one in zip(leaves.values(), given.data._entities, strict=True):
            for leaf in places:
                leaf.inStock, leaf.shippingEstimate = one.in_stock, one.estimate

    async def _ask(
        self,
        subgraph: str,
        fetch: tuple[bytes, msgspec.json.Decoder[Any]],
        representations: Sequence[object] | None = None,
    ) -> Any:
        body, decoder = fetch
        if representations is not None:
            body += b',"variables":{"representations":' + self._encode(representations) + b"}"
        return decoder.decode(await self._at[subgraph].ask(body + b"}"))


def _gather(
    reviews: Iterable[_Review1], people: dict[str, list[_Author]], leaves: dict[str, list[_Leaf]]
) -> None:
    for review in reviews:
        people.setdefault(review.author.id, []).append(review.author)
        for inner in review.author.reviews:
            leaves.setdefault(inner.product.upc, []).append(inner.product)


def _application(program: _Program) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        body = await program.answer() if scope["path"] == "/graphql" else b""
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def main() -> None:
    """Serve the one query."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--subgraphs", type=int, required=True, help="the first of the subgraphs' ports")
    parser.add_argument("--share", action="store_true")
    given = parser.parse_args()
    application = _application(_Program(given.subgraphs, share=given.share))
    uvicorn.run(
        application, port=given.port, loop="uvloop", http="httptools", lifespan="off", access_log=False,
        log_level="warning", ws="none",
    )  # fmt: skip


if __name__ == "__main__":
    main()
