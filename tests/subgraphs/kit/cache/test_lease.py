"""When others may believe Redis, and when not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from subgraphs.kit.cache.lease import LEASE_SECONDS, Lease


@dataclass
class _Domain:
    """Grants or refuses, when it is let; and the clock."""

    grants: bool = True
    asked: int = 0
    now: float = 100.0
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.answering.set()

    async def ask(self) -> bool:
        self.asked += 1
        granted = self.grants
        await self.answering.wait()
        return granted

    def lease(self) -> Lease:
        return Lease(self.ask, lambda: self.now)


async def test_one_lease_is_asked_for_all_who_come_and_holds_for_its_time() -> None:
    domain = _Domain()
    lease = domain.lease()
    assert await asyncio.gather(*(lease.held() for _ in range(5))) == [True] * 5
    domain.now += LEASE_SECONDS * 0.4
    assert (await lease.held(), domain.asked) == (True, 1)


async def test_it_runs_from_when_it_was_asked_for() -> None:
    domain = _Domain()
    domain.answering.clear()
    lease = domain.lease()
    asking = asyncio.create_task(lease.held())
    while not domain.asked:  # noqa: ASYNC110 - the very next ticks
        await asyncio.sleep(0)
    domain.now += LEASE_SECONDS
    domain.answering.set()
    assert await asking is False


async def test_it_is_renewed_from_half_of_its_time_on_and_nobody_waits_for_that() -> None:
    domain = _Domain()
    lease = domain.lease()
    await lease.held()
    domain.now += LEASE_SECONDS * 0.6
    domain.answering.clear()
    assert await lease.held()
    domain.answering.set()
    await asyncio.sleep(0.01)
    domain.now += LEASE_SECONDS * 0.6
    assert await lease.held()


async def test_a_refusal_ends_it_with_its_time_and_is_asked_again_only_after_a_moment() -> None:
    domain = _Domain()
    lease = domain.lease()
    await lease.held()
    domain.grants = False
    domain.now += LEASE_SECONDS
    assert [await lease.held() for _ in range(3)] == [False] * 3
    assert domain.asked == 2
    domain.grants = True
    domain.now += 0.2
    assert (await lease.held(), domain.asked) == (True, 3)
