"""Contexts have names of letters and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.reading.meaning import argument_of

__all__ = ["context_name"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def context_name(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each ``@context`` with another name."""
    for definition in subgraph.types.values():
        for applied in definition.federation:
            if applied.name == "context":
                name = str(argument_of(applied.node, "name"))
                if not _NAME.fullmatch(name):
                    told = (
                        f"The context '{name}' of '{definition.name}' has to be of letters and digits only."
                    )
                    yield error_in(subgraph.name, "CONTEXT_NAME_INVALID", told, applied.node)
