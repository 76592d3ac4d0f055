"""A faster executor for Strawberry: operations compiled to Python, the answers the same. Needs no other part of the kit."""

from subgraphs.kit.execution.context import CompiledExecutionContext
from subgraphs.kit.execution.direct import DirectEntry, warm
from subgraphs.kit.execution.documents import DocumentCache
from subgraphs.kit.execution.options import Difference, Options
from subgraphs.kit.execution.recording import Recorder, recorded_by
from subgraphs.kit.execution.shadow import shadowing
from subgraphs.kit.execution.timing import Tally, counted, timed, timing_of
from subgraphs.kit.execution.together import together

__all__ = [
    "CompiledExecutionContext",
    "Difference",
    "DirectEntry",
    "DocumentCache",
    "Options",
    "Recorder",
    "Tally",
    "counted",
    "recorded_by",
    "shadowing",
    "timed",
    "timing_of",
    "together",
    "warm",
]
