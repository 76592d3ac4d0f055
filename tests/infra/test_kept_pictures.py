"""What a gateway keeps of the pictures it has passed on, and until when it gives them again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from infra.kept_pictures import KeptPictures

_A, _B = "a" * 32, "b" * 32
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable", "etag": '"one"'}


@dataclass
class Service:
    """Answers, counts, and is the Redis that says which row is behind a picture."""

    rows: dict[str, bytes] = field(default_factory=lambda: {_A: b"row", _B: b"row"})
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(_FOR_EVER))
    size: int = 100
    asked: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        body = b"%d" % (self.asked % 10) * self.size

        async def parts() -> AsyncIterator[bytes]:
            yield body[: len(body) // 2]
            yield body[len(body) // 2 :]

        await StreamingResponse(parts(), self.status, self.headers)(scope, receive, send)

    async def of(self, ids: list[str]) -> Sequence[bytes | None]:
        return [self.rows.get(one) for one in ids]

    def kept(self, memory: int = 1 << 20) -> httpx.AsyncClient:
        app = KeptPictures(self, self.of, memory)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


async def test_a_public_picture_is_given_again_as_the_service_gave_it() -> None:
    service = Service()
    async with service.kept() as http:
        answers = [await http.get(f"/images/{_A}/large.webp?v=1") for _ in range(3)]
        other = await http.get(f"/images/{_B}/large.webp?v=1")
    assert [(a.status_code, a.headers, a.content) for a in answers[1:]] == [
        (200, answers[0].headers, b"1" * 100)
    ] * 2
    assert (other.content, service.asked) == (b"2" * 100, 2)


async def test_once_the_row_is_another_or_gone_or_away_the_service_is_asked() -> None:
    service = Service()
    async with service.kept() as http:
        said = [(await http.get(f"/images/{_A}/large.webp?v=1")).content[:1]]
        for row in (b"row", b"private", b"private", None, None, b"row"):
            service.rows = {} if row is None else {_A: row}
            said.append((await http.get(f"/images/{_A}/large.webp?v=1")).content[:1])
    assert b"".join(said) == b"1122345"


async def test_what_was_refused_since_is_not_given_again() -> None:
    service = Service()
    async with service.kept() as http:
        await http.get(f"/images/{_A}/large.webp?v=1")
        service.rows, service.status, service.headers = {_A: b"hidden"}, 404, {"cache-control": "no-store"}
        statuses = [(await http.get(f"/images/{_A}/large.webp?v=1")).status_code for _ in range(2)]
    assert (statuses, service.asked) == ([404, 404], 3)


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("HEAD", f"/images/{_A}/large.webp?v=1", {}),
        ("GET", f"/images/{_A}/large.webp", {}),
        ("GET", f"/images/{_A}/{'large' * 20}.webp?v=1", {}),
        ("GET", f"/images/{_A.upper()}/large.webp?v=1", {}),
        ("GET", f"/images/{_A}/large.webp?v=%31", {}),
        ("GET", f"/images/{_A}/large.auto?v=1", {"accept": "image/webp," + "x" * 256}),
        ("GET", f"/images/{_A}/large.webp?v=1&to=x&exp=1&kid=k&sig=s", {}),
        ("GET", f"/images/{_A}/large.webp?v=1", {"range": "bytes=0-9"}),
        ("GET", f"/images/{_A}/large.webp?v=1", {"if-none-match": '"one"'}),
    ],
)
async def test_whatever_is_not_simply_the_whole_of_a_public_picture_is_the_services(
    method: str, url: str, headers: dict[str, str]
) -> None:
    service = Service()
    async with service.kept() as http:
        await http.get(f"/images/{_A}/large.webp?v=1")
        for _ in range(2):
            await http.request(method, url, headers=headers)
    assert service.asked == 3


@pytest.mark.parametrize(
    "service",
    [
        Service(status=206),
        Service(headers={"cache-control": "public, max-age=0, must-revalidate"}),
        Service(headers={"cache-control": "private, max-age=60"}),
        Service(headers={}),
        Service(size=(1 << 20) + 1),
    ],
    ids=["a part", "to be revalidated", "private", "nothing said", "large"],
)
async def test_only_what_may_be_kept_for_ever_is_kept(service: Service) -> None:
    async with service.kept(memory=1 << 26) as http:
        for _ in range(2):
            await http.get(f"/images/{_A}/large.webp?v=1")
    assert service.asked == 2


async def test_where_the_format_goes_by_what_a_client_accepts_each_has_its_own() -> None:
    service = Service()
    async with service.kept() as http:
        said = [
            (await http.get(f"/images/{_A}/large.{extension}?v=1", headers={"accept": accept})).content[:1]
            for extension in ("auto", "webp")
            for accept in ("image/avif", "image/webp", "image/avif")
        ]
    assert b"".join(said) == b"121333"


async def test_what_was_asked_for_last_is_kept_within_the_memory() -> None:
    service = Service()
    async with service.kept(memory=16 * 1400) as http:
        for number in (*range(10, 26), 10, 26, 27, 28, 10, 11):
            await http.get(f"/images/{_A}/large.webp?v={number}")
    assert service.asked == 16 + 3 + 1


async def test_what_is_kept_beside_the_bytes_counts_as_well() -> None:
    service = Service(headers={**_FOR_EVER, "link": "x" * 7000}, size=1)
    async with service.kept(memory=16 * 1400) as http:
        for number in (1, 2, 3, 2, 3, 1):
            await http.get(f"/images/{_A}/large.webp?v={number}")
    assert service.asked == 4


async def test_an_answer_that_broke_off_is_not_kept() -> None:
    service = Service()

    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(b"half", headers=_FOR_EVER)(scope, receive, _first(send))
        raise OSError("cut")

    app = KeptPictures(breaks, service.of, 1 << 20)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        for _ in range(2):
            with pytest.raises(OSError, match="cut"):
                await http.get(f"/images/{_A}/large.webp?v=1")


def _first(send: Send) -> Send:
    async def sent(message: object) -> None:
        await send({**message, "more_body": True})  # type: ignore[dict-item]

    return sent
