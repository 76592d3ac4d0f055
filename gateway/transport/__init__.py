"""How a fetch reaches a subgraph: pooled HTTP, WebSocket, in process. Execution sees only a protocol."""

from gateway.transport.http.client import HttpAnswer, HttpStream, Limits
from gateway.transport.http.failures import HttpFailure
from gateway.transport.http.http1 import HttpClient
from gateway.transport.local import LocalSubgraph, LocalTransport
from gateway.transport.over_http import HttpTransport
from gateway.transport.protocol import (
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
)

__all__ = [
    "HttpAnswer",
    "HttpClient",
    "HttpFailure",
    "HttpStream",
    "HttpTransport",
    "Limits",
    "LocalSubgraph",
    "LocalTransport",
    "SubgraphAnswer",
    "SubgraphRequest",
    "SubgraphTransport",
    "SubgraphUnavailable",
]
