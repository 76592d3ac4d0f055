"""Subgraph SDLs to supergraph SDL, or errors and hints: ``reading``, ``rules``, ``merging``, ``printing``, ``satisfiability``."""

from gateway.composition.compose import compose_from_sdls
from gateway.composition.errors import Composed, CompositionError, CompositionFailed, Hint, Location

__all__ = ["Composed", "CompositionError", "CompositionFailed", "Hint", "Location", "compose_from_sdls"]
