"""``lets-connect gateway`` as its users start it: a process, a file, subgraphs over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.composition import compose_from_sdls
from tests.gateway.edge.standalone.process import command, environment_of, started, write_supergraph
from tests.gateway.transport.serving import Peer, answer, read_request, serving
from tests.ports import free_ports


async def _play(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await read_request(peer, reader)
        writer.write(answer(b'{"data": {"one": 1, "two": 2}}'))


async def _until(holds: object) -> None:
    assert callable(holds)
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.05)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving(*[_play] * 50) as made:
        yield made


async def test_a_supergraph_is_served_and_a_changed_file_is_from_then_on(tmp_path: Path, peer: Peer) -> None:
    path = write_supergraph(tmp_path / "supergraph.graphql", peer.url)
    with started("--supergraph", path, LETS_CONNECT_LOG_FORMAT="json") as gateway:
        assert await gateway.ask("{ one }") == {"data": {"one": 1}}
        write_supergraph(path, peer.url, "two")

        async def served() -> bool:
            return await gateway.ask("{ two }") == {"data": {"two": 2}}

        await _until(served)
        gateway.process.send_signal(signal.SIGTERM)
        _, log = await asyncio.to_thread(gateway.process.communicate, timeout=60)
    assert gateway.process.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    first = next(line for line in lines if line["logger"] == "gateway.access")
    assert (first["route"], first["status"]) == ("/graphql", 200)
    assert any(line["message"] == f"{path} has changed, and is served" for line in lines)


async def test_workers_share_the_port_and_one_that_dies_is_replaced_and_none_is_left(
    tmp_path: Path, peer: Peer
) -> None:
    path = write_supergraph(tmp_path / "supergraph.graphql", "http://elsewhere.invalid/graphql")
    url = {"LETS_CONNECT_SUBGRAPH_URL_MY_BOOKS": peer.url}
    with started("--supergraph", path, "--workers", "2", **url) as gateway:
        before = gateway.children()
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)

        async def replaced() -> bool:
            return len(set(gateway.children()) - {before[0]}) == 2

        await _until(replaced)
        assert [await gateway.ask("{ one }") for _ in range(6)] == [{"data": {"one": 1}}] * 6
        workers = gateway.children()
        gateway.process.kill()  # even so
        await asyncio.to_thread(gateway.process.wait, 60)

        async def gone() -> bool:
            return not any(_runs(worker) for worker in workers)

        await _until(gone)


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def test_a_subgraph_that_is_at_no_address_leaves_its_fields_null(tmp_path: Path) -> None:
    path = write_supergraph(tmp_path / "supergraph.graphql", "")
    with started("--supergraph", path) as gateway:
        assert await gateway.ask("{ one }") == {
            "errors": [
                {
                    "message": "Subgraph 'my-books' did not answer: no way to it is configured",
                    "path": ["one"],
                    "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "my-books"},
                }
            ],
            "data": {"one": None},
        }


async def test_metrics_have_a_port_of_their_own(tmp_path: Path) -> None:
    port = free_ports()
    path = write_supergraph(tmp_path / "supergraph.graphql", "http://127.0.0.1:1/graphql")
    config = tmp_path / "gateway.yaml"
    config.write_text(f"metrics: false\nmetrics_port: {port}\n")
    with started("--supergraph", path, "--config", config) as gateway:
        async with httpx.AsyncClient() as client:
            own = await client.get(f"http://127.0.0.1:{port}/metrics")
            other = await client.get(gateway.url.replace("/graphql", "/metrics"))
    assert "gateway_plan_duration_seconds" in own.text
    assert other.status_code == 404


def _refused(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    ended = subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=120, env=environment_of(**environment)
    )
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


def test_what_cannot_be_served_is_said_in_one_line(tmp_path: Path) -> None:
    good = write_supergraph(tmp_path / "supergraph.graphql", "http://a/graphql")
    broken = tmp_path / "broken.graphql"
    broken.write_text("type Query {\n a: Int")
    binary = tmp_path / "binary.graphql"
    binary.write_bytes(b"\xff\xfe")
    config = tmp_path / "gateway.yaml"
    config.write_text("guards: {\n  depth: [")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        cases = [
            _refused("--supergraph", tmp_path / "none.graphql"),
            _refused("--supergraph", tmp_path),
            _refused("--supergraph", broken),
            _refused("--supergraph", binary),
            _refused("--supergraph", good, "--config", config),
            _refused("--supergraph", good, "--port", port),
            _refused("--supergraph", good, "--port", "0", LETS_CONNECT_METRICS_PORT=port),
            _refused("--supergraph", good, "--port", "0", "--host", "192.0.2.1"),
            _refused("--supergraph", good, LETS_CONNECT_ENV="test"),
            _refused("--supergraph", good, LETS_CONNECT_GATEWAY_CONTRACT="{include: [a], exclude: [a]}"),
            _refused("--supergraph", good, LETS_CONNECT_GATEWAY_CONTRACT="{include: [a]}"),
        ]
    told = [line.removeprefix("lets-connect gateway: ").rstrip() for _, line in cases]
    assert [code for code, _ in cases] == [1] * len(cases)
    assert [line.count("\n") for _, line in cases] == [1] * len(cases)
    assert told == [
        f"{tmp_path / 'none.graphql'} cannot be read: No such file or directory",
        f"{tmp_path} cannot be read: Is a directory",
        f"{broken}: Not GraphQL: Expected Name, found <EOF>. (line 2, column 8)",
        f"{binary} cannot be read: it is not UTF-8",
        told[4],
        f"port {port} of 127.0.0.1 cannot be listened on: Address already in use",
        f"port {port} of 127.0.0.1 cannot be listened on: Address already in use",
        "port 0 of 192.0.2.1 cannot be listened on: Cannot assign requested address",
        "LETS_CONNECT_ENV must be development or production, and is 'test'",
        "contract: a: a tag is included or excluded, not both",
        told[10],
    ]
    assert told[4].startswith(f"{config} is neither YAML nor JSON: ")
    assert told[10].startswith(f"{good}: Query is visible and all it has is hidden; ")


async def test_an_upload_under_way_is_answered_after_the_end_was_asked_for(tmp_path: Path) -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    async def hold(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(peer, reader)
        arrived.set()
        await go.wait()
        writer.write(answer(b'{"data": {"up": 1}}'))

    sdl = "scalar Upload type Query { one: Int } type Mutation { up(file: Upload!): Int }"
    async with serving(hold) as peer:
        file = tmp_path / "supergraph.graphql"
        file.write_text(compose_from_sdls([("media", peer.url, sdl)]).supergraph_sdl)
        with started("--supergraph", file) as gateway:
            async with httpx.AsyncClient() as client:
                operations = {"query": "mutation ($f: Upload!) { up(file: $f) }", "variables": {"f": None}}
                form = {"operations": json.dumps(operations), "map": '{"0": ["variables.f"]}'}
                sent = client.post(
                    gateway.url,
                    data=form,
                    files={"0": b"x" * 100_000},
                    headers={"apollo-require-preflight": "1"},
                )
                asked = asyncio.create_task(sent)
                await arrived.wait()
                gateway.process.send_signal(signal.SIGTERM)
                await _until(lambda: _refuses(gateway.url))
                assert gateway.process.poll() is None
                go.set()
                assert (await asked).json() == {"data": {"up": 1}}
            assert gateway.process.wait(timeout=60) == 0


async def _refuses(url: str) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            await client.get(url.replace("/graphql", "/health/live"))
    except httpx.ConnectError:
        return True
    except httpx.RemoteProtocolError:  # it came in before the door was shut, and was not read
        return False
    return False
