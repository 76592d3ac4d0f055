"""Sends photographs all at once, each until it is taken: ``URL COUNT TOKEN…``, by the holders of the tokens in turn; prints what became of them as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle

import httpx

from tests.media_core.photographs import photograph

__all__: list[str] = []

_NICENESS = 5
"""Clients are other machines: what they cost must not hold up what is measured."""


@dataclass(slots=True)
class _Sent:
    acknowledged: int = 0
    busy: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    seconds: float = 0.0


def _distinct(photo: bytes, number: int) -> bytes:
    """The same picture with a comment of its own: other bytes, the same work."""
    comment = f"number {number}".encode()
    return photo[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + photo[2:]


async def _send(client: httpx.AsyncClient, token: str, data: bytes, sent: _Sent) -> str:
    headers = {"authorization": f"Bearer {token}"}
    while True:
        try:
            answer = await client.post("/upload", files={"file": ("photo.jpg", data)}, headers=headers)
        except httpx.TransportError as error:
            name = type(error).__name__
            sent.failed[name] = sent.failed.get(name, 0) + 1
            await asyncio.sleep(1)
            continue
        if answer.status_code == 200:
            sent.acknowledged += 1
            return str(answer.json()["thumbnailUrl"])
        if answer.status_code == 429:
            sent.busy += 1
        else:
            sent.failed[answer.text] = sent.failed.get(answer.text, 0) + 1
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")))


async def _main(url: str, count: int, tokens: Sequence[str]) -> None:
    os.nice(_NICENESS)
    photo = photograph(quality=88)
    sent, began = _Sent(), time.monotonic()
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    async with httpx.AsyncClient(base_url=url, timeout=300, limits=limits) as client:
        addresses = await asyncio.gather(
            *(
                _send(client, token, _distinct(photo, number), sent)
                for number, token in zip(range(count), cycle(tokens), strict=False)
            )
        )
        sent.seconds = time.monotonic() - began
    # Over connections of its own: of those above the server closes some just now, which have been idle for its five seconds.
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=httpx.Limits(max_keepalive_connections=0)
    ) as client:
        for address in addresses:
            sent.missing += (await client.get(address)).status_code != 200
    print(json.dumps(asdict(sent)))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
