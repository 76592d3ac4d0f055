"""One supergraph being served: operations planned, compiled, kept, executed.

Who calls, and by which protocol, is not known here.
"""

from gateway.edge.engine.cache import OperationKey
from gateway.edge.engine.engine import Engine, HeadersFor
from gateway.edge.engine.prepared import Prepared

__all__ = ["Engine", "HeadersFor", "OperationKey", "Prepared"]
