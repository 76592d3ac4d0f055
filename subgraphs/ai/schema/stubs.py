"""Types that other domains own, as far as this one refers to them: their keys."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Node
from subgraphs.kit.graph.schema import BY_ID

__all__ = ["User"]


@strawberry.federation.type(keys=[BY_ID])
class User(Node):
    pass
