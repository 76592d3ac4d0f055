"""When operations are compiled: on their second use, once for each combination of their conditions' values."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode

from gateway.compiling import (
    CompiledOperation,
    NotCompilable,
    Place,
    compile_operation,
    condition_variables,
)
from gateway.planning.plan import QueryPlan
from gateway.supergraph import Supergraph

__all__ = ["Compilation"]

_log = logging.getLogger(__name__)
_MOST_FORMS = 16
"""Combinations of conditions that one operation is compiled for; the others are run on the exact path."""
_LARGE = 4 * 1024
"""Characters of an operation that is compiled in a thread, the exact path answering meanwhile."""


class Compilation:
    """The compiled forms of one operation."""

    def __init__(
        self,
        supergraph: Supergraph,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        plan: QueryPlan,
        grown: Callable[[Compilation], None] = lambda _: None,
    ) -> None:
        """``grown`` is told of each form that is there to stay."""
        self._grown = grown
        self._supergraph = supergraph
        self._document = document
        self._operation = operation
        self._plan = plan
        self.conditions = condition_variables(document, operation)
        """The variables that decide what is selected."""
        self._forms: dict[tuple[bool, ...], CompiledOperation | None] = {}
        self._settled: set[tuple[bool, ...]] = set()
        self._length = document.loc.end - document.loc.start if document.loc else 0
        self._used = False

    async def find(self, variables: Mapping[str, Any]) -> CompiledOperation | None:
        """The form for these variables; None on the first use, and where there is none or none yet."""
        if not self._used:
            self._used = True
            return None
        key = tuple([bool(variables.get(name)) for name in self.conditions])
        if key in self._forms:
            form = self._forms[key]
            if form is not None and key not in self._settled and form.usage.is_known:
                await self._settle(key, form, variables)
            return self._forms[key]
        if len(self._forms) >= _MOST_FORMS:
            return None
        self._forms[key] = None
        self._forms[key] = await self._compiled(variables)
        if self._forms[key] is not None:
            self._grown(self)
        return self._forms[key]

    @property
    def forms(self) -> int:
        """How many there are."""
        return sum(form is not None for form in self._forms.values())

    def expect(self) -> None:
        """It will be used again: compile on the next use already."""
        self._used = True

    def compile(
        self, variables: Mapping[str, Any], packing: frozenset[Place] = frozenset()
    ) -> CompiledOperation:
        """Compile for the conditions of these variables. Raises NotCompilable."""
        conditions = {name: bool(variables.get(name)) for name in self.conditions}
        return compile_operation(
            self._supergraph, self._document, self._operation, self._plan, conditions, packing
        )

    async def _settle(
        self, key: tuple[bool, ...], form: CompiledOperation, variables: Mapping[str, Any]
    ) -> None:
        """Pack all that can be packed, to see what comes of it; the next time what was worth it."""
        possible = frozenset() if form.usage.trees else form.candidates
        packing = form.usage.worth() if form.packed else possible
        self._settled.add(key)  # whoever comes while it is compiled takes the form there is
        try:
            if packing != form.packed.keys():
                self._forms[key] = await self._compiled(variables, packing) or form
        finally:
            if not (form.packed or not packing):
                self._settled.discard(key)

    async def _compiled(
        self, variables: Mapping[str, Any], packing: frozenset[Place] = frozenset()
    ) -> CompiledOperation | None:
        if self._length > _LARGE:
            return await asyncio.to_thread(self._made, variables, packing)
        return self._made(variables, packing)

    def _made(self, variables: Mapping[str, Any], packing: frozenset[Place]) -> CompiledOperation | None:
        try:
            return self.compile(variables, packing)
        except NotCompilable as reason:
            _log.debug("an operation is run on the exact path: %s", reason)
        except Exception:
            _log.exception("an operation could not be compiled, and is run on the exact path")
        return None
