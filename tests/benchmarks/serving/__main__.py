"""CPU of serving one stored picture: the product in one process, media by itself, and Starlette's ``FileResponse``.

``python -m tests.benchmarks.serving [--requests N]`` starts the product twice in a HOME of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvloop

from tests.benchmarks.serving.load import fetch, load
from tests.end_to_end.product import start_product
from tests.ports import free_ports

_SIZES = ("thumbnail", "large")


@dataclass(frozen=True)
class Server:
    """A way to the picture, and the processes that serve it."""

    name: str
    url: str
    processes: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        return sum(_seconds(pid) for pid in self.processes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for split in (False, True):
            _measure(home, options.requests, options.rounds, split=split)


def _measure(home: Path, requests: int, rounds: int, *, split: bool) -> None:
    product = start_product(home, *(["--split"] if split else []))
    try:
        for size in _SIZES:
            path = _stored(product.url, size)
            body = uvloop.run(fetch(f"{product.url}{path}"))
            with _rival(home, body) as rival:
                servers = [rival, *_ours(product.port, product.process.pid, path, split=split)]
                print(f"{size}, {len(body):,} bytes; {'split' if split else 'one process'}")
                for connections in (1, 16):
                    uvloop.run(_side_by_side(servers, requests, connections, rounds))
    finally:
        product.stop()


async def _side_by_side(servers: list[Server], requests: int, connections: int, rounds: int) -> None:
    """Microseconds of CPU a request, the best of several rounds taken in turn."""
    best = dict.fromkeys(servers, float("inf"))
    for server in servers:
        await load(server.url, 200, connections)
    for _ in range(rounds):
        for server in servers:
            began = server.cpu_seconds()
            await load(server.url, requests, connections)
            best[server] = min(best[server], (server.cpu_seconds() - began) / requests * 1e6)
    base = best[servers[0]]
    for server, cost in best.items():
        print(
            f"  {connections:2} at a time  {server.name:34} {cost:7.0f} us  {cost / base:5.2f} x", flush=True
        )


def _stored(url: str, size: str) -> str:
    """A public picture's address; demo pictures are JPEGs of 1600 pixels."""
    listed = httpx.get(f"{url}/public/files?first=20").json()["files"]
    addresses: list[str] = [f["responsiveSizes"][size] for f in listed]
    return max(addresses, key=lambda a: len(httpx.get(url + a).content))


def _ours(port: int, pid: int, path: str, *, split: bool) -> list[Server]:
    if not split:
        return [Server("the product in one process", f"http://127.0.0.1:{port}{path}", (pid,))]
    gateway, media = _listening(port), _listening(port + 5)
    return [
        Server("the media service", f"http://127.0.0.1:{port + 5}{path}", (media,)),
        Server("gateway and media service", f"http://127.0.0.1:{port}{path}", (gateway, media)),
    ]


@contextmanager
def _rival(home: Path, body: bytes) -> Iterator[Server]:
    file, port = home.parent / "picture.webp", free_ports(1)
    file.write_bytes(body)
    command = [sys.executable, "-m", "tests.benchmarks.serving.rival", str(port), str(file)]
    process = subprocess.Popen(command)
    url = f"http://127.0.0.1:{port}/picture"
    try:
        while True:
            try:
                uvloop.run(fetch(url))
                break
            except OSError:
                time.sleep(0.1)
        yield Server("Starlette's FileResponse", url, (process.pid,))
    finally:
        process.terminate()
        process.wait()


def _listening(port: int) -> int:
    """The process that listens on a port of this machine."""
    tcp = Path("/proc/net/tcp").read_text().splitlines()[1:]
    inode = next(f[9] for f in map(str.split, tcp) if f[1].endswith(f":{port:04X}") and f[3] == "0A")
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) == f"socket:[{inode}]":
                return int(link.parts[2])
        except OSError:
            continue
    raise RuntimeError(f"nobody listens on {port}")


def _seconds(pid: int) -> float:
    """On a core, of all its threads (nanoseconds in ``schedstat``); those that have ended are not counted."""
    files = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[0]) for file in files) / 1e9


if __name__ == "__main__":
    main()
