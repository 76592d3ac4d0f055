"""Sends photographs all at once, each until it is taken: ``URL TOKEN COUNT``; prints what became of them as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field

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


async def _send(client: httpx.AsyncClient, data: bytes, sent: _Sent) -> str:
    while True:
        try:
            answer = await client.post("/upload", files={"file": ("photo.jpg", data)})
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


async def _main(url: str, token: str, count: int) -> None:
    os.nice(_NICENESS)
    photo = photograph(quality=88)
    sent, began = _Sent(), time.monotonic()
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=300, limits=limits) as client:
        addresses = await asyncio.gather(
            *(_send(client, _distinct(photo, number), sent) for number in range(count))
        )
        sent.seconds = time.monotonic() - began
        for address in addresses:
            sent.missing += (await client.get(address)).status_code != 200
    print(json.dumps(asdict(sent)))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
