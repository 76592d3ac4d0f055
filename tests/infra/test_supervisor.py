"""The supervisor with real, tiny processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from infra.errors import CommandError
from infra.supervisor import Service, Supervisor, check_port
from tests.ports import free_ports

_SERVER = Path(__file__).with_name("tiny_server.py")


def _service(name: str, *arguments: str, port: int | None = None) -> Service:
    chosen = free_ports() if port is None else port
    return Service(name, (sys.executable, "-S", str(_SERVER), str(chosen), *arguments), chosen)


@asynccontextmanager
async def _running(supervisor: Supervisor) -> AsyncIterator[Supervisor]:
    await supervisor.start()
    try:
        yield supervisor
    finally:
        await supervisor.stop()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def _answers(service: Service) -> bool:
    try:
        _, writer = await asyncio.open_connection(service.host, service.port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def _until(service: Service, *, up: bool, other_than: tuple[Supervisor, int] | None = None) -> None:
    async def reached() -> bool:
        replaced = other_than is None or other_than[0].pids().get(service.name) not in (None, other_than[1])
        return replaced and await _answers(service) == up

    async with asyncio.timeout(60):
        while not await reached():  # noqa: ASYNC110 - no event tells of another process
            await asyncio.sleep(0.02)


async def test_all_are_ready_when_started_and_gone_when_stopped() -> None:
    services = [_service("one"), _service("two", "--slow")]
    async with _running(Supervisor(services)) as supervisor:
        pids = supervisor.pids()
        assert [await _answers(service) for service in services] == [True, True]
    assert ([*pids], [_alive(pid) for pid in pids.values()]) == (["one", "two"], [False, False])
    assert [await _answers(service) for service in services] == [False, False]


async def test_a_child_that_ignores_the_request_is_killed_after_the_grace() -> None:
    async with _running(Supervisor([_service("deaf", "--deaf")], grace_seconds=0.2)) as supervisor:
        pid = supervisor.pids()["deaf"]
    assert not _alive(pid)


async def test_a_child_that_dies_is_started_again() -> None:
    service = _service("one")
    async with _running(Supervisor([service], first_pause=0.01)) as supervisor:
        first = supervisor.pids()["one"]
        os.kill(first, signal.SIGKILL)
        await _until(service, up=True, other_than=(supervisor, first))
        assert not _alive(first)


async def test_a_child_that_will_not_stay_up_ends_all_with_a_clear_line(tmp_path: Path) -> None:
    fatal = tmp_path / "fatal"
    services = [_service("good"), _service("bad", "--unless", str(fatal))]
    async with _running(Supervisor(services, first_pause=0.01, patience=2)) as supervisor:
        fatal.touch()
        os.kill(supervisor.pids()["bad"], signal.SIGKILL)
        with pytest.raises(CommandError) as caught:
            await supervisor.wait()
    assert str(caught.value) == ("bad ended with status 3 before it was ready; its own lines above say why")


async def test_a_child_that_fails_at_the_start_ends_the_others() -> None:
    good = _service("good")
    with pytest.raises(CommandError, match="bad ended with status 3 before it was ready"):
        await Supervisor([good, _service("bad", "--unless", "/")]).start()
    assert not await _answers(good)


async def test_what_is_not_ready_in_time_is_named_with_its_port() -> None:
    seconds, told = 0.75, "good"
    while "good" in told:  # as long as this machine needs to start one
        seconds *= 2
        never = _service("never", "--never-ready")
        with pytest.raises(CommandError) as caught:
            await Supervisor([_service("good"), never], ready_seconds=seconds).start()
        told = str(caught.value)
    assert told == f"not ready within {seconds:g} s: never (port {never.port})"


def test_a_port_beyond_the_last_is_one_clear_line() -> None:
    with pytest.raises(
        CommandError, match=r"port 65536 on 127.0.0.1, wanted by ai, cannot be used \(ports end"
    ):
        check_port("ai", "127.0.0.1", 65536)


async def test_a_port_in_use_is_one_clear_line_and_nothing_is_started() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(CommandError) as caught:
            await Supervisor([_service("media", port=port)]).start()
    assert str(caught.value) == (
        f"port {port} on 127.0.0.1, wanted by media, cannot be used (Address already in use); "
        "stop what has it, or choose another with --port or PORT"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_however_the_supervisor_ends_its_children_end(number: signal.Signals) -> None:
    service = _service("one")
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("tiny_supervisor.py")),
        *map(str, service.command),
        str(service.port),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    await _until(service, up=True)
    parent.send_signal(number)
    assert await parent.wait() in (0, -number)
    await _until(service, up=False)
