"""The Info a resolver gets, made whole only when something is asked of it that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType
from graphql.execution import Executor
from graphql.language import FieldNode
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

__all__ = ["LazyInfo"]


class LazyInfo(Info[Any, Any]):
    """Strawberry's Info, for one call of a resolver; ``context`` is there at once."""

    def __init__(
        self,
        executor: Executor[Any],
        field: StrawberryField,
        definition: GraphQLField,
        nodes: list[FieldNode],
        parent: GraphQLObjectType,
        path: Path,
    ) -> None:
        self._executor = executor
        self._field = field
        self._asked = (definition, nodes, parent, path)

    if not TYPE_CHECKING:

        @property
        def _raw_info(self) -> Any:
            raw = self.__dict__.get("_made")
            if raw is None:
                raw = self.__dict__["_made"] = self._executor.build_resolve_info(*self._asked)
            return raw

        @property
        def context(self) -> Any:
            return self._executor.context_value
