"""Whether the peer of a connection is there still: after a silence it is asked, and given up after another."""

from __future__ import annotations

import asyncio
from typing import Protocol

from gateway.transport.http.client import Limits

__all__ = ["Liveness", "Patient"]


class Patient(Protocol):
    """The connection that is watched."""

    closed: bool

    @property
    def idle(self) -> bool:
        """Whether nothing is waited for."""

    def ping(self) -> None:
        """Ask for a sign of life."""

    def abort(self) -> None:
        """Close at once."""


class Liveness:
    """Watches a connection while something is under way on it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: Limits, patient: Patient) -> None:
        self._loop = loop
        self._limits = limits
        self._patient = patient
        self._sign = asyncio.Event()
        self._heard = loop.time()
        self._asked = False
        self._beat: asyncio.TimerHandle | None = None

    def heard(self) -> None:
        """Something has come."""
        self._heard, self._asked = self._loop.time(), False
        self._sign.set()

    def watch(self) -> None:
        """Something is waited for from now on."""
        if self._beat is None:
            self._heard = self._loop.time()
            self._again()

    async def prove(self) -> None:
        """Ask after a silence, and close the connection where no sign of life comes."""
        if self._patient.closed or self._loop.time() - self._heard < self._limits.ping_seconds / 10:
            return
        self._sign.clear()
        self._patient.ping()
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                await self._sign.wait()
        except TimeoutError:
            self._patient.abort()

    def stop(self) -> None:
        """The connection is closed."""
        self._sign.set()
        if self._beat is not None:
            self._beat.cancel()

    def _again(self) -> None:
        self._beat = self._loop.call_later(self._limits.ping_seconds, self._on_beat)

    def _on_beat(self) -> None:
        self._beat = None
        if self._patient.closed or self._patient.idle:
            return
        if self._loop.time() - self._heard >= self._limits.ping_seconds:
            if self._asked:
                self._patient.abort()
                return
            self._asked = True
            self._patient.ping()
        self._again()
