"""A profile says where the time goes and what holds memory, to operators alone, bounded, one at a time."""

from __future__ import annotations

import asyncio
import json
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import jwt
import pytest
from starlette.types import Receive, Scope, Send

from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.keys import PublicKeys
from gateway.edge.identity.signing import IdentitySigner
from infra.profile_door import profile_door
from infra.profiling import Busy, cpu_profile, memory_profile
from subgraphs.kit.identity.keys import SigningKey
from tests.subgraphs.harness import IDENTITY_KEY, TOKEN_PEM

_KEY = SigningKey.from_pem(TOKEN_PEM)


@contextmanager
def _spinning() -> Iterator[None]:
    begun, ended = threading.Event(), threading.Event()

    def spin_here() -> None:
        begun.set()
        while not ended.is_set():
            sum(range(1000))

    thread = threading.Thread(target=spin_here, name="spinner")
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        ended.set()
        thread.join()


async def test_what_takes_the_time_is_in_the_stacks() -> None:
    with _spinning():
        told = await cpu_profile(0.3)
        scope = json.loads(await cpu_profile(0.3, "speedscope"))
    counted = {stack: int(count) for stack, count in (line.rsplit(" ", 1) for line in told.splitlines())}
    assert any(stack.startswith("spinner;") and "spin_here" in stack for stack in counted)
    (profile,) = scope["profiles"]
    names = [frame["name"] for frame in scope["shared"]["frames"]]
    assert any("spin_here" in name for name in names)
    assert len(profile["samples"]) == len(profile["weights"])
    assert max(frame for sample in profile["samples"] for frame in sample) == len(names) - 1


async def test_what_holds_memory_is_told_by_its_line() -> None:
    held: list[bytearray] = []

    seconds, first = 0.5, [""]
    while (
        not held or "test_profiling.py" not in first[-1]
    ):  # so long that it is held while the profile is made
        seconds *= 2
        assert seconds < 60, first
        profile = asyncio.create_task(memory_profile(seconds))
        while not tracemalloc.is_tracing() and not profile.done():  # noqa: ASYNC110 - it begins in a thread
            await asyncio.sleep(0.01)
        held = [bytearray(5_000_000)]
        lines = (await profile).splitlines()
        first = lines[1].split() if len(lines) > 1 else [""]
    assert int(first[0]) >= 5_000_000


async def test_one_at_a_time() -> None:
    first = asyncio.create_task(cpu_profile(1))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await memory_profile(0.1)
    await first


async def test_who_leaves_gives_the_turn_on_when_the_work_has_ended() -> None:
    seconds, refused = 0.15, 0
    while not refused:  # so long that it is still at work when the next one comes
        seconds *= 2
        assert seconds < 60
        left = asyncio.create_task(cpu_profile(seconds))
        await asyncio.sleep(0)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        while await _busy():
            refused += 1
            await asyncio.sleep(0.01)


async def _busy() -> bool:
    try:
        await cpu_profile(0.01)
    except Busy:
        return True
    return False


class _Keys(PublicKeys):
    async def key(self, kid: str) -> Any:
        return _KEY.private.public_key() if kid == _KEY.kid else None


def _token(*roles: str) -> str:
    claims = {"iss": "lets-connect", "aud": "lets-connect", "sub": "1", "exp": 10**10, "roles": list(roles)}
    return jwt.encode(claims, _KEY.private, "EdDSA", headers={"typ": "at+jwt", "kid": _KEY.kid})


@asynccontextmanager
async def _client() -> AsyncIterator[httpx.AsyncClient]:
    signer = IdentitySigner(IDENTITY_KEY.private, IDENTITY_KEY.kid, frozenset())
    door = profile_door(Access(_Keys(), TokenRules("lets-connect", "lets-connect")), signer, {})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await door({**scope, "state": {"address": "127.0.0.1"}}, receive, send)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer nonsense", 401),
        (f"Bearer {_token()}", 403),
        (f"Bearer {_token('member')}", 403),
        (f"Bearer {_token('operator')}", 200),
    ],
)
async def test_it_is_for_operators_alone(authorization: str | None, status: int) -> None:
    async with _client() as client:
        headers = {"authorization": authorization} if authorization else {}
        assert (await client.get("/api/ops/profile?seconds=0.05", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("seconds=61", 400),
        ("seconds=0", 400),
        ("seconds=nan", 400),
        ("seconds=x", 400),
        ("format=svg", 400),
        ("service=shop", 404),
        ("seconds=0.05&kind=memory", 200),
        ("seconds=0.05&format=speedscope", 200),
    ],
)
async def test_what_is_asked_is_bounded(query: str, status: int) -> None:
    async with _client() as client:
        headers = {"authorization": f"Bearer {_token('operator')}"}
        assert (await client.get(f"/api/ops/profile?{query}", headers=headers)).status_code == status
