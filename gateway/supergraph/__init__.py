"""Supergraph SDL to an immutable Supergraph, ours or anyone's, and the API schema clients see."""

from gateway.supergraph.contracts import Contract, contract_sdl
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
    "Contract",
    "Feature",
    "Features",
    "InvalidSupergraph",
    "Key",
    "SubgraphField",
    "SubgraphInfo",
    "SubgraphType",
    "Supergraph",
    "contract_sdl",
    "load_supergraph",
]
