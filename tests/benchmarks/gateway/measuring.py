"""Runs a scenario: the same subgraphs for all gateways, all warmed, each in turn, figures taken from outside."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.gateway.gateways import Gateway, Place
from tests.benchmarks.gateway.processes import NotReady, Started, pinned
from tests.benchmarks.gateway.scenarios import Scenario
from tests.benchmarks.gateway.tokens import issue
from tests.benchmarks.gateway.upstream import composed, stubs
from tests.ports import free_ports

__all__ = ["Effort", "Measured", "Outcome", "measure"]

_ROOT = Path(__file__).parents[3]
_GATEWAYS_CORE, _OTHERS_CORE = 0, 1
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is sent: ``share`` of a scenario's requests in ``rounds``, each of at most so many ``seconds``."""

    rounds: int = 5
    share: float = 1.0
    seconds: float = 6.0
    warm_seconds: float = 6.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One gateway's figures: medians of the rounds, but for memory, which is that of the whole run."""

    requests: int
    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    resident_mb: float
    peak_mb: float
    rise_mb: float
    """Of the peak over what was resident before the first request."""
    growth: float
    """Of what is resident, from the first round's end to the last's, as a ratio."""
    cpu_rounds: tuple[float, ...] = ()
    """``cpu_ms`` of each round: those of one number were taken one gateway after another."""


@dataclass(slots=True)
class Outcome:
    """What came of a scenario, by gateway, and what is to be said about it."""

    measured: dict[str, Measured] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Runner:
    """A gateway under way and its rounds."""

    gateway: Gateway
    process: Started
    port: int
    idle: int = 0
    rounds: list[dict[str, Any]] = field(default_factory=list)


def measure(scenario: Scenario, npm: Path | None, effort: Effort) -> Outcome:
    """Measure every gateway of the scenario that can be started."""
    outcome = Outcome()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gateways-")))
        base = free_ports(40)
        keys, token = issue()
        (folder / "keys").write_bytes(keys)
        others = _OTHERS_CORE if scenario.pinned else None
        stack.enter_context(stubs(scenario.graph, base, folder / "keys", others))
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(composed(scenario.graph, base))
        runners = []
        for number, gateway in enumerate(scenario.gateways):
            if gateway.is_rival and npm is None:
                continue
            place = Place(base + 20 + number, supergraph, base, folder, npm, scenario.share)
            core = _GATEWAYS_CORE if scenario.pinned else None
            try:
                runners.append(stack.enter_context(_started(gateway, place, core)))
            except NotReady as reason:
                outcome.remarks.append(f"{gateway.name} is left out: {reason}")
        _compare(scenario, runners, outcome)
        _run(scenario, runners, effort, _Load(scenario, folder, token))
        for runner in runners:
            outcome.measured[runner.gateway.name] = _figures(runner)
    return outcome


def _run(scenario: Scenario, runners: Sequence[_Runner], effort: Effort, load: _Load) -> None:
    warming = scenario.warming()
    for runner in runners:
        count = len(warming) if scenario.once else scenario.requests // 6
        load.send(runner, warming, count, 600 if scenario.once else effort.warm_seconds)
    rounds = scenario.rounds(effort.rounds)
    for number, bodies in enumerate(rounds):
        count = int(scenario.requests * effort.share) // len(rounds)
        seconds = effort.seconds
        if scenario.long:
            count = int(scenario.requests * effort.share * (0.2, 0.8)[number])
            seconds = effort.seconds * (3, 12)[number]
        if scenario.once:
            count, seconds = int(len(bodies) * effort.share), 600
        for runner in runners:
            if not (scenario.once or scenario.long):  # whoever comes after a rival has cold caches
                load.send(runner, bodies, max(1, scenario.requests // 20), effort.seconds)
            before = runner.process.cpu_seconds()
            sent = load.send(runner, bodies, count, seconds)
            sent["cpu"] = runner.process.cpu_seconds() - before
            sent["resident"] = runner.process.resident()
            runner.rounds.append(sent)


@dataclass(frozen=True, slots=True)
class _Load:
    scenario: Scenario
    folder: Path
    token: str

    def send(self, runner: _Runner, bodies: Sequence[bytes], requests: int, seconds: float) -> dict[str, Any]:
        """What the load generator saw."""
        file = self.folder / "bodies"
        file.write_bytes(b"\n".join(bodies))
        connections = str(min(self.scenario.connections, max(1, requests)))
        command = [sys.executable, "-m", "tests.benchmarks.gateway.load", "--port", str(runner.port)]
        if runner.gateway.verifies:
            command += ["--header", f"authorization: Bearer {self.token}"]
        command += ["--bodies", str(file), "--requests", str(requests), "--seconds", str(seconds)]
        command = pinned(
            _OTHERS_CORE if self.scenario.pinned else None, [*command, "--connections", connections]
        )
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
        seen: dict[str, Any] = json.loads(done.stdout)
        if set(seen["statuses"]) != {"200"}:
            raise NotReady(f"{runner.gateway.name} answered with {seen['statuses']}")
        return seen


def _compare(scenario: Scenario, runners: Sequence[_Runner], outcome: Outcome) -> None:
    """All gateways have to give the same data, and errors where the others do."""
    for body in scenario.warming()[:20]:
        answers = {}
        for runner in runners:
            runner.process.wait_for(
                runner.port, body
            )  # ours runs an operation compiled from its second use on
            answers[runner.gateway.name] = _comparable(runner.process.wait_for(runner.port, body))
        expected = next(iter(answers.values()), None)
        outcome.remarks.extend(
            f"{name} answers otherwise" for name, answer in answers.items() if answer != expected
        )


def _comparable(answer: bytes) -> tuple[Any, bool]:
    given = json.loads(answer)
    return given.get("data"), bool(given.get("errors"))


def _figures(runner: _Runner) -> Measured:
    rounds = runner.rounds
    last, first = rounds[-1]["resident"], rounds[0]["resident"]
    peak = runner.process.peak()
    cpu = [1000 * one["cpu"] / one["requests"] for one in rounds]
    return Measured(
        requests=sum(one["requests"] for one in rounds),
        cpu_ms=statistics.median(cpu),
        per_second=statistics.median(one["requests"] / one["seconds"] for one in rounds),
        p50_ms=statistics.median(one["p50_ms"] for one in rounds),
        p99_ms=statistics.median(one["p99_ms"] for one in rounds),
        resident_mb=last / _MEGABYTE,
        peak_mb=peak / _MEGABYTE,
        rise_mb=(peak - runner.idle) / _MEGABYTE,
        growth=last / first,
        cpu_rounds=tuple(cpu),
    )


@contextmanager
def _started(gateway: Gateway, place: Place, core: int | None) -> Iterator[_Runner]:
    log = place.folder / f"{place.port}.log"
    command = pinned(core, gateway.command(place))
    process = Started(
        command, gateway.environment(place), log, place.npm if gateway.is_rival and place.npm else _ROOT
    )
    try:
        process.wait_for(place.port, b'{"query": "{ __typename }"}')
        runner = _Runner(gateway, process, place.port, process.resident())
        process.forget_peak()
        yield runner
    finally:
        process.stop()
