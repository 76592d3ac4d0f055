"""The Info a resolver gets, made whole only when something is asked of it that needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType
from graphql.language import FieldNode
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

__all__ = ["Asked", "LazyInfo"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is the same for every call of one field of an operation."""

    field: StrawberryField
    definition: GraphQLField
    nodes: list[FieldNode]
    parent: GraphQLObjectType


class LazyInfo(Info[Any, Any]):
    """Strawberry's Info, for one call of a resolver; ``context`` is there at once.

    ``executor``: an Executor, or what stands for one.
    """

    def __init__(self, executor: Any, asked: Asked, path: Path) -> None:
        self.context = executor.context_value  # type: ignore[misc] # no property here, see below
        self._executor = executor
        self._asked = asked
        self._at = path

    if not TYPE_CHECKING:

        @property
        def __class__(self) -> type[Info]:
            """What ``dataclasses.replace`` makes of it, and what it calls itself."""
            return Info

        @property
        def _field(self) -> StrawberryField:
            return self._asked.field

        @property
        def _raw_info(self) -> Any:
            raw = self.__dict__.get("_made")
            if raw is None:
                asked = self._asked
                raw = self.__dict__["_made"] = self._executor.build_resolve_info(
                    asked.definition, asked.nodes, asked.parent, self._at
                )
            return raw

        context: Any = None


LazyInfo.__name__ = LazyInfo.__qualname__ = Info.__name__  # as errors call it that resolvers make with it
