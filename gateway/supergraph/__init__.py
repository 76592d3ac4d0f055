"""Supergraph SDL to an immutable Supergraph, ours or anyone's, and the API schema clients see."""

from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.features import Feature, Features
from gateway.supergraph.load import load_supergraph
from gateway.supergraph.model import (
    ContextArgument,
    Key,
    SubgraphField,
    SubgraphInfo,
    SubgraphType,
    Supergraph,
)

__all__ = [
    "ContextArgument",
    "Feature",
    "Features",
    "InvalidSupergraph",
    "Key",
    "SubgraphField",
    "SubgraphInfo",
    "SubgraphType",
    "Supergraph",
    "load_supergraph",
]
