"""Supergraph SDL to an immutable Supergraph, ours or anyone's, and the API schema clients see."""

from gateway.supergraph.authorization import Authorization, Denied, Granted, Requirement
from gateway.supergraph.contracts import Contract, contract_sdl
from gateway.supergraph.deferrable import accepting_defer
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.features import Features
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
    "Authorization",
    "ContextArgument",
    "Contract",
    "Denied",
    "Features",
    "Granted",
    "InvalidSupergraph",
    "Key",
    "Requirement",
    "SubgraphField",
    "SubgraphInfo",
    "SubgraphType",
    "Supergraph",
    "accepting_defer",
    "contract_sdl",
    "load_supergraph",
]
