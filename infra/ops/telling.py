"""What one process knows, for whoever asks it. Each takes milliseconds: for a thread."""

from __future__ import annotations

from dataclasses import dataclass

from infra.ops.ask import Ask, Part
from infra.ops.operation_times import OperationTimes
from infra.ops.overview import Overview, overview_of
from infra.ops.part import part_of
from infra.ops.recorder import Recorder
from infra.recent_traces import RecentTraces

__all__ = ["Telling"]


@dataclass(frozen=True, slots=True)
class Telling:
    """A process's memory of its last minutes; ``times``: a gateway's."""

    recorder: Recorder
    recent: RecentTraces
    times: OperationTimes | None = None
    process: str = ""
    """What a gateway calls itself among gateways."""

    def part(self, ask: Ask) -> Part:
        """Of what was asked."""
        return part_of(self.recorder, self.recent, ask, self.times)

    def overview(self) -> Overview:
        """A gateway's."""
        return overview_of(self.process, self.recorder, self.recent)
