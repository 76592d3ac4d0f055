"""What is measured, of which gateways, and the mark that ours is held to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.benchmarks.gateway.gateways import FLOOR, RIVALS, Gateway, ours
from tests.benchmarks.gateway.graphs import GRAPHS, distinct_operations

__all__ = ["SCENARIOS", "Mark", "Scenario"]

_OURS = ours()
_BARE = ours("ours, guards off", guards=False)
_TWO = ours("ours, two workers", workers=2)
_COLD, _WARMING = 2000, 200
_LARGE_RISE = 50.0
"""Megabytes: six times the answer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """``figure`` of ``gateway`` is at most ``most`` times that of ``against``: a gateway, the rival that is best by
    CPU, or the one that is best by the figure itself; or it is at most ``most`` by itself."""

    gateway: Gateway
    most: float
    figure: str = "cpu_ms"
    against: Gateway | Literal["best", "leanest", "nothing"] = "best"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the table. ``once``: each operation is sent one time, after others have warmed the process."""

    title: str
    graph: str
    marks: Sequence[Mark]
    gateways: Sequence[Gateway] = (_OURS, *RIVALS)
    share: bool = True
    requests: int = 3000
    connections: int = 50
    pinned: bool = True
    once: bool = False
    long: bool = False
    """Whether memory is looked at after a fifth of the requests, and again in the end."""

    def rounds(self, count: int) -> Sequence[Sequence[bytes]]:
        """The bodies that are sent, a sequence a round."""
        if not self.once:
            return [[body(GRAPHS[self.graph].query)]] * (2 if self.long else count)
        bodies = [body(one) for one in distinct_operations(_COLD, seed=1)]
        size = _COLD // count
        return [bodies[size * n : size * (n + 1)] for n in range(count)]

    def warming(self) -> Sequence[bytes]:
        """The bodies that are sent before anything is measured."""
        if not self.once:
            return [body(GRAPHS[self.graph].query)]
        return [body(one) for one in distinct_operations(_WARMING, seed=2)]


def body(query: str) -> bytes:
    """A request's body, on one line."""
    return json.dumps({"query": query}).encode()


def _guild(on: float, off: float) -> Sequence[Mark]:
    return (Mark(_OURS, on), Mark(_BARE, off), Mark(_BARE, 1.0, against=FLOOR))


SCENARIOS: Mapping[str, Scenario] = {
    "shared": Scenario(
        "users → reviews → products (7 fetches, 86 KB), equal fetches shared",
        "shop",
        _guild(0.13, 0.09),
        (_OURS, _BARE, FLOOR, *RIVALS),
    ),
    "alone": Scenario(
        "the same, nothing shared",
        "shop",
        _guild(0.16, 0.13),
        (_OURS, _BARE, FLOOR, *RIVALS),
        share=False,
    ),
    "small": Scenario("one small fetch", "small", (Mark(_OURS, 0.5),), requests=20_000),
    "entities": Scenario(
        "1,000 entities in one batch, 10 fields each", "entities", (Mark(_OURS, 0.25),), requests=300
    ),
    "large": Scenario(
        "an answer of 8 MB, one at a time",
        "large",
        (Mark(_OURS, 0.3), Mark(_OURS, _LARGE_RISE, "rise_mb", "nothing")),
        requests=60,
        connections=1,
    ),
    "abstract": Scenario(
        "500 items of a union, 500 of an interface", "abstract", (Mark(_OURS, 0.3),), requests=600
    ),
    "failing": Scenario(
        "one subgraph failing, one answering nulls that bubble", "failing", (Mark(_OURS, 1.0),)
    ),
    "cold": Scenario(
        f"{_COLD:,} operations once each, {_WARMING} others before",
        "shop",
        (Mark(_OURS, 1.0),),
        requests=_COLD,
        once=True,
    ),
    "memory": Scenario(
        "50,000 times the first operation",
        "shop",
        (
            Mark(_OURS, 0.25, "resident_mb"),
            Mark(_OURS, 0.5, "resident_mb", "leanest"),
            Mark(_OURS, 1.05, "growth", "nothing"),
        ),
        requests=50_000,
        long=True,
    ),
    "workers": Scenario(
        "the first operation on both cores",
        "shop",
        (Mark(_TWO, 1.1, against=_OURS),),
        (_OURS, _TWO),
        requests=15_000,
        pinned=False,
    ),
    "workers-busy": Scenario(
        "the same on 100 connections, 50 a worker",
        "shop",
        (Mark(_TWO, 1.1, against=_OURS),),
        (_OURS, _TWO),
        requests=15_000,
        connections=100,
        pinned=False,
    ),
    "workers-alone": Scenario(
        "the first operation on both cores, nothing shared",
        "shop",
        (Mark(_TWO, 1.1, against=_OURS),),
        (_OURS, _TWO),
        share=False,
        requests=5000,
        pinned=False,
    ),
}
