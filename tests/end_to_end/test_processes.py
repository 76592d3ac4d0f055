"""Starting, stopping and being killed: the same data either way, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import httpx
import pytest

from tests.end_to_end.arrival import until_events_have_arrived
from tests.end_to_end.product import ROOT, Product, start_product

_QUERIES = ROOT / "docs" / "queries"


def _of_home(home: Path) -> list[int]:
    """The processes that were started for this HOME."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(home).encode() in command or f"LETS_CONNECT_HOME={home}".encode() in environment:
                found.append(int(entry.name))
    return found


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    for left in _of_home(tmp_path / "home"):
        os.kill(left, signal.SIGKILL)


def _plain(answer: Any) -> str:
    """An answer without what differs by design: signatures, expiries and origins."""
    text = json.dumps(answer)
    return re.sub(r"https?://127\.0\.0\.1:\d+|&(exp|kid|sig)=[^\"& ]+", "", text)


def _pages(product: Product) -> list[str]:
    token = product.login()
    _until_events_have_arrived(product, token)
    variables = {"feed": {"first": 20}, "profile": {"handle": "chiyo"}, "product": {"slug": "celadon-bowl"}}
    return [
        _plain(product.post((_QUERIES / f"{page}.graphql").read_text(), given, token))
        for page, given in variables.items()
    ]


def _until_events_have_arrived(product: Product, token: str) -> None:
    """The demo's follows and its index reach the domains that keep projections of them by events."""
    query = """{ feed(kind: HOME, first: 20) { edges { node { author { handle } } } }
      product(slug: "celadon-bowl") { related(first: 5) { id } } }"""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        until_events_have_arrived(product.home)  # all of them: related are the most alike of what is known
        data = product.post(query, token=token)["data"]
        authors = {edge["node"]["author"]["handle"] for edge in data["feed"]["edges"]}
        if len(authors) >= 5 and len(data["product"]["related"]) == 5:  # who listens has begun to
            return
        time.sleep(0.05)
    raise AssertionError("the events did not arrive within three minutes")


def test_eight_processes_answer_as_one_does(home: Path) -> None:
    one = start_product(home)
    together = _pages(one)
    assert one.stop() == 0
    assert _of_home(home) == []
    split = start_product(home, "--split", LETS_CONNECT_GATEWAY_TRACE_PARENTS="any")
    try:
        assert _pages(split) == together
        picture = json.loads(together[0])["data"]["feed"]["edges"][0]["node"]["author"]["avatar"][
            "thumbnailUrl"
        ]
        first, kept = (httpx.get(split.url + picture) for _ in range(2))
        assert (first.headers["content-type"], len(first.headers.get_list("date"))) == ("image/webp", 1)
        assert (kept.content, set(kept.headers)) == (first.content, set(first.headers))
        assert [line for line in split.output if "ready" in line] == ["ready"]
        refused = httpx.post(f"http://127.0.0.1:{split.port + 1}/graphql", json={"query": "{viewer{id}}"})
        assert refused.status_code == 401
        token = {"authorization": f"Bearer {split.login()}"}
        for n in range(1, 8):
            asked = httpx.post(
                f"http://127.0.0.1:{split.port + n}/graphql", json={"query": "{__typename}"}, headers=token
            )
            assert (asked.status_code, asked.json()["errors"][0]["extensions"]["code"]) == (
                401,
                "UNAUTHENTICATED",
            )
        _look_at_all(split)
        _tell_everything(split)
        files = {"file": (ROOT / "tests" / "end_to_end" / "product.py").read_bytes()}
        direct = httpx.post(f"http://127.0.0.1:{split.port + 5}/upload", headers=token, files=files)
        assert (direct.status_code, direct.json()["error"]["code"]) == (415, "NOT_AN_IMAGE")
    finally:
        assert split.stop() == 0
    assert _of_home(home) == []
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", split.port))


def _look_at_all(split: Product) -> None:
    """An operator at the gateway sees the resolvers of every process, and one trace through several of them."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    feed = (_QUERIES / "feed.graphql").read_text()
    split.post(feed, {"first": 5}, split.login(), traceparent=f"00-{trace}-b7ad6b7169203331-01")
    query = """query ($t: String!) { ops(given: {trace: $t}) {
      away total resolvers { service field } services { name ready } trace { spans { service } } } }"""
    operator = {"authorization": f"Bearer {split.login('operator')}"}
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        body = {"query": query, "variables": {"t": trace}}
        found = httpx.post(f"{split.url}/api/ops/graphql", json=body, headers=operator).json()
        told = found["data"]["ops"]
        services = {row["service"] for row in told["resolvers"]}
        traced = {span["service"] for span in told["trace"]["spans"]} if told["trace"] else set()
        if {"user", "content", "media", "messaging", "shop", "ai"} <= services and len(traced) > 3:
            break
        time.sleep(0.1)
    assert (told["away"], {one["ready"] for one in told["services"]}) == ([], {True})
    assert services >= {"user", "content", "media", "messaging", "shop", "ai"}
    assert traced >= {"gateway", "user", "content", "media"}
    for n in range(1, 8):
        part = httpx.post(f"http://127.0.0.1:{split.port + n}/ops/part", json={}, headers=operator)
        assert part.status_code == 401  # an access token is no identity


def _tell_everything(split: Product) -> None:
    """One signal to the parent changes what all nine processes log, and another ends that."""
    log = split.home.parent / f"{split.home.name}.log"

    def told_since(start: int, holds: Callable[[str], bool]) -> None:
        deadline = time.monotonic() + 180
        while not holds(said := log.read_text()[start:]):
            assert time.monotonic() < deadline, said[-2000:]
            time.sleep(0.05)

    start = len(log.read_text())
    split.process.send_signal(signal.SIGUSR1)
    told_since(start, lambda said: said.count("everything is told from now on") == 9)
    split.post((_QUERIES / "feed.graphql").read_text(), {"first": 7}, split.login())
    services = ("user", "content", "media")
    told_since(start, lambda said: all(f"subgraphs.spans: {name} POST /graphql" in said for name in services))
    of_the_gateway = re.compile(r"DEBUG +gateway\.edge\.operations\.lifecycle: query Feed .* trace ")
    told_since(start, lambda said: of_the_gateway.search(said) is not None)
    start = len(log.read_text())
    split.process.send_signal(signal.SIGUSR2)
    told_since(start, lambda said: said.count("less is told from now on") == 9)
    start = len(log.read_text())
    split.post((_QUERIES / "feed.graphql").read_text(), {"first": 8}, split.login())
    told_since(start, lambda said: "POST /graphql 200" in said)
    assert "DEBUG" not in log.read_text()[start:]


def test_no_acknowledged_write_is_missing_after_everything_was_killed(home: Path) -> None:
    product = start_product(home)
    token = product.login()
    create = "mutation ($b: String!) { createPost(input: {body: $b}) { post { id } userErrors { code } } }"
    acknowledged: list[str] = []
    killing = Lock()

    def write(worker: int) -> None:
        number = 0
        while True:
            body = f"writer {worker}, post {number}"
            try:
                answer = product.post(create, {"b": body}, token)
            except (httpx.HTTPError, ValueError):
                return
            if answer.get("data") and answer["data"]["createPost"]["post"]:
                acknowledged.append(body)
            number += 1
            if len(acknowledged) >= 200 and killing.acquire(blocking=False):
                for process in _of_home(home):
                    os.kill(process, signal.SIGKILL)

    with ThreadPoolExecutor(20) as writers:
        list(writers.map(write, range(20)))
    product.stop()
    assert len(acknowledged) >= 200
    again = start_product(home)
    try:
        found = set(_bodies(again, again.login()))
        assert [body for body in acknowledged if body not in found] == []
    finally:
        again.stop()


def _bodies(product: Product, token: str) -> Iterator[str]:
    query = """query ($a: String) { user(handle: "ada") { posts(first: 100, after: $a) {
      pageInfo { hasNextPage endCursor } edges { node { body } } } } }"""
    after = None
    while True:
        posts = product.post(query, {"a": after}, token)["data"]["user"]["posts"]
        yield from (edge["node"]["body"] for edge in posts["edges"])
        if not posts["pageInfo"]["hasNextPage"]:
            return
        after = posts["pageInfo"]["endCursor"]


def test_the_clone_stays_clean(product: Product) -> None:
    done = subprocess.run(
        [
            "git",
            "status",
            "--porcelain",
            "--untracked-files=all",
            "--",
            ".data",
            "web/dist",
            "gateway/edge/graphiql",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
