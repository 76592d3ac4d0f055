"""Several processes as one: started together, watched, started again, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.errors import CommandError
from infra.process import Child

__all__ = ["Service", "Supervisor", "check_port"]

log = logging.getLogger("lets_connect.supervisor")


@dataclass(frozen=True, slots=True)
class Service:
    """One process: what to run, and the port where ``/health/ready`` answers 200 when it is ready."""

    name: str
    command: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    """Added to this process's own."""
    host: str = "127.0.0.1"


def check_port(name: str, host: str, port: int) -> None:
    """Raise CommandError where something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = "ports end at 65535" if isinstance(error, OverflowError) else error.strerror
            raise CommandError(
                f"port {port} on {host}, wanted by {name}, cannot be used ({reason}); "
                "stop what has it, or choose another with --port or PORT"
            ) from error


class Supervisor:
    """Runs services until told to stop. A service that ends is started again, less and less eagerly;
    one that ends ``patience`` times without having become ready in between ends them all."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        ready_seconds: float = 300.0,
        grace_seconds: float = 10.0,
        first_pause: float = 0.25,
        patience: int = 5,
    ) -> None:
        self._services = tuple(services)
        self._ready_seconds = ready_seconds
        self._grace = grace_seconds
        self._first_pause = first_pause
        self._patience = patience
        self._children: dict[str, Child] = {}
        self._watches: list[asyncio.Task[None]] = []
        self._waiting: set[Service] = set()
        self._ending = asyncio.Event()
        self._failure: CommandError | None = None

    async def start(self) -> None:
        """Start all; returns when each is ready. Raises CommandError, with nothing left running."""
        for service in self._services:
            check_port(service.name, service.host, service.port)
        try:
            async with asyncio.timeout(self._ready_seconds):
                await _all([self._bring_up(service) for service in self._services])
        except TimeoutError:
            await self.stop()
            raise CommandError(
                f"not ready within {self._ready_seconds:g} s: {', '.join(self._unready())}"
            ) from None
        except BaseException:
            await self.stop()
            raise
        self._watches = [asyncio.create_task(self._keep_running(service)) for service in self._services]

    async def wait(self) -> None:
        """Until ``stop``; raises CommandError where a service will not stay up."""
        await self._ending.wait()
        if self._failure is not None:
            raise self._failure

    async def stop(self) -> None:
        """SIGTERM to all at once, SIGKILL to what is there after the grace; returns when all are gone."""
        self._ending.set()
        for watch in self._watches:
            if watch is not asyncio.current_task():
                watch.cancel()
        await asyncio.gather(*(child.stop() for child in self._children.values()))

    async def run_until_signal(self, ready: Callable[[], None] = lambda: None) -> None:
        """Start, call ``ready``, then hold until SIGTERM or SIGINT, and stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ending.set)
        try:
            starting = asyncio.ensure_future(self.start())
            ending = asyncio.ensure_future(self._ending.wait())
            await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            if not starting.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                return
            await starting
            ready()
            await self.wait()
        finally:
            await self.stop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def pids(self) -> dict[str, int]:
        """The process of each service that is ready."""
        waiting = {service.name for service in self._waiting}
        return {
            name: child.process.pid
            for name, child in self._children.items()
            if child.running and name not in waiting
        }

    async def _bring_up(self, service: Service) -> None:
        self._waiting.add(service)
        child = await self._spawn(service)
        while not await _ready(service):
            if not child.running:
                raise CommandError(
                    f"{service.name} ended with {_status(await child.wait())} before it was ready; "
                    "its own lines above say why"
                )
            await asyncio.sleep(0.05)
        self._waiting.discard(service)

    async def _spawn(self, service: Service) -> Child:
        child = await Child.start(
            service.name,
            service.command,
            environment={**os.environ, **service.environment},
            stop_signals=((signal.SIGTERM, self._grace),),
        )
        self._children[service.name] = child
        return child

    async def _keep_running(self, service: Service) -> None:
        failures, pause = 0, self._first_pause
        while True:
            status = _status(await self._children[service.name].wait())
            log.error("%s ended with %s; starting it again in %g s", service.name, status, pause)
            await asyncio.sleep(pause)
            try:
                await self._bring_up(service)
            except CommandError as error:
                failures, pause = failures + 1, min(pause * 2, 10.0)
                if failures >= self._patience:
                    self._failure = error
                    self._ending.set()
                    return
            else:
                failures, pause = 0, self._first_pause

    def _unready(self) -> list[str]:
        return sorted(f"{service.name} (port {service.port})" for service in self._waiting)


async def _all(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Await all together; the first error ends the rest."""
    tasks = [asyncio.ensure_future(item) for item in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ready(service: Service) -> bool:
    """Whether ``/health/ready`` answers 200."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(service.host, service.port)
            try:
                writer.write(
                    f"GET /health/ready HTTP/1.1\r\nHost: {service.host}\r\nConnection: close\r\n\r\n".encode()
                )
                line = await reader.readline()
                return line.split(b" ")[1:2] == [b"200"]
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    return False


def _status(code: int) -> str:
    return f"status {code}" if code >= 0 else signal.Signals(-code).name
