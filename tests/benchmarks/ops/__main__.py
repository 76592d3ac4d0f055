"""What the operators' page costs at 5,000 fields that all run: ``python -m tests.benchmarks.ops [--fields N]``.

The product in one process, with a thread in which all of them run twice a second. A look is what the process does every two
seconds whoever watches; the query is the page's own, over HTTP; the browser is Chromium with ``/ops`` open, its main thread's
time for each snapshot as it counts it itself. Ten minutes are remembered at most, within bounds that 5,000 fields reach
after 40 seconds; before anything is measured the page has half a minute of them.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import uvloop
from playwright.async_api import CDPSession, async_playwright

from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from tests.browser import chromium
from tests.end_to_end.web.watched import Watched, open_watched, visiting
from tests.infra.ops.cells import Looking, ran

_OPERATION = Path(__file__).parents[3] / "web" / "src" / "ops" / "operations" / "ops.graphql"
_QUERIES, _SNAPSHOT_SECONDS = 20, 10.0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ops")
    parser.add_argument("--fields", type=int, default=5_000)
    fields = parser.parse_args().fields
    logging.disable(logging.CRITICAL)
    _look(fields)
    uvloop.run(_page(fields))


def _look(fields: int) -> None:
    looking = Looking()
    for n in range(fields):
        looking.cell("shop", f"Type{n // 50}", f"field{n}")
    taken = []
    for _ in range(10):
        for n, cell in enumerate(looking.cells.values()):
            ran(cell, 0.001 * (n % 100 + 1))
        began = time.process_time()
        looking.look()
        taken.append(time.process_time() - began)
    print(f"{fields} fields: a look {1000 * statistics.median(taken):.0f} ms CPU")


async def _page(fields: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"LETS_CONNECT_HOME": str(Path(folder) / "home")})
        async with (
            open_servers(settings, attach=False) as servers,
            open_watched(settings, servers, load_domains()) as watched,
        ):
            with watched.busy(fields):
                await asyncio.sleep(30)
                await _queries(watched)
                await _browser(watched)


async def _queries(watched: Watched) -> None:
    query = _OPERATION.read_text().replace("subscription Ops", "query Ops", 1)
    asked = {"query": query, "variables": {"given": {}}}
    token = (await watched.sign_in("operator"))["accessToken"]
    headers = {"authorization": f"Bearer {token}"}
    taken, size = [], 0
    async with httpx.AsyncClient(timeout=30, headers=headers) as client:
        for _ in range(_QUERIES):
            began = time.perf_counter()
            answer = await client.post(f"{watched.url}/api/ops/graphql", json=asked)
            taken.append(time.perf_counter() - began)
            size = len(answer.content)
            assert "errors" not in answer.json(), answer.text[:500]
    told = f"median {1000 * statistics.median(taken):.0f} ms, longest {1000 * max(taken):.0f} ms"
    print(f"the page's query: {told}, {size / 1024:.0f} KiB")


async def _browser(watched: Watched) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        async with visiting(browser, watched, "operator") as page:
            began = time.perf_counter()
            await page.goto(f"{watched.url}/ops")
            rows = page.get_by_role("table", name="Latency of each resolver").locator("tbody tr")
            await rows.first.wait_for()
            print(f"opened, the first rows are there after {time.perf_counter() - began:.2f} s")
            talk = await page.context.new_cdp_session(page)
            await talk.send("Performance.enable")
            before = await _counted(talk)
            await asyncio.sleep(_SNAPSHOT_SECONDS)
            after = await _counted(talk)
            snapshots = _SNAPSHOT_SECONDS / 2
            busy = (after["TaskDuration"] - before["TaskDuration"]) / snapshots
            heap = after["JSHeapUsedSize"] / (1 << 20)
            print(f"the browser's main thread: {1000 * busy:.0f} ms a snapshot, {heap:.0f} MiB of heap")
            began = time.perf_counter()
            await page.get_by_role("searchbox", name="Find a resolver").fill("field4321")
            await rows.get_by_text("field4321").wait_for()
            print(f"a name looked for is found after {time.perf_counter() - began:.2f} s")
        await browser.close()


async def _counted(talk: CDPSession) -> dict[str, Any]:
    """What the browser has counted since this session began to ask."""
    metrics = (await talk.send("Performance.getMetrics"))["metrics"]
    return {one["name"]: one["value"] for one in metrics}


if __name__ == "__main__":
    main()
