"""Asks one query at a steady rate, answered or not, until standard input ends: ``URL TOKEN RATE QUERY``.

Prints for each query when it was due (``time.monotonic``), how much later it was sent, and how long after it was due it was
answered, in seconds, as JSON. What is asked first is not counted: it would tell what a client's own start costs.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time

import httpx

__all__: list[str] = []


async def _ask(
    client: httpx.AsyncClient, query: str, due: float, found: list[tuple[float, float, float]]
) -> None:
    """From when it was due: a queue before us counts, too."""
    late = time.monotonic() - due
    answer = await client.post("/graphql", json={"query": query})
    found.append((due, late, time.monotonic() - due))
    if answer.status_code != 200 or answer.json().get("errors"):
        raise SystemExit(f"a query failed: {answer.text[:300]}")


async def _main(url: str, token: str, rate: float, query: str) -> None:
    found: list[tuple[float, float, float]] = []
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client,
        asyncio.TaskGroup() as asking,
    ):
        await _ask(client, query, time.monotonic(), [])
        began = time.monotonic()
        for number in itertools.count():
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if ended.done():
                break
            asking.create_task(_ask(client, query, due, found))
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]))
