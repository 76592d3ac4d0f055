"""What is told of a fetch, to whoever counts or traces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

__all__ = ["NOT_OBSERVED", "FetchEnded", "FetchObserver", "FetchOutcome", "Peer", "SpanId"]

FetchOutcome: TypeAlias = Literal["success", "errors", "unavailable", "cancelled"]
"""``errors``: the subgraph answered, with errors or in a wrong shape."""
SpanId: TypeAlias = int
"""64 bits; 0 where nothing has a span."""


class FetchEnded(Struct, frozen=True, gc=False):
    """A fetch that has been answered, or will not be. Times are of ``time.perf_counter``, in seconds."""

    subgraph: str
    began: float
    ended: float
    outcome: FetchOutcome
    representations: int
    """0 for root fetches."""
    span: SpanId = 0
    status: int = 0
    """Of HTTP; 0 in process, and where no answer came."""
    code: str = ""
    """Why there was no answer."""
    document: str = ""
    """What was asked, as the plan has it: this is how a fetch finds its place there."""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


class FetchObserver(Protocol):
    """Told of every fetch, in the task that makes it."""

    def fetch_started(self) -> SpanId:
        """A request is about to be sent: what is returned names it to the subgraph."""
        ...

    def fetch_ended(self, fetch: FetchEnded) -> None:
        """The request has been answered, or will not be."""
        ...

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        """An equal operation has made these for this one, too."""
        ...


class _NotObserved:
    def fetch_started(self) -> SpanId:
        return 0

    def fetch_ended(self, fetch: FetchEnded) -> None:
        return None

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        return None


NOT_OBSERVED: FetchObserver = _NotObserved()


@dataclass(frozen=True, slots=True)
class Peer:
    """A subgraph that is reached over HTTP, as a trace shows it: no credentials, no query."""

    address: str
    port: int
    url: str
    template: str
    version: str
    """Of HTTP; empty where it is settled with the subgraph."""
