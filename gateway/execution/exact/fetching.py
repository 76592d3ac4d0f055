"""One fetch: ask the subgraph, say how it went, put the answer where it belongs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from gateway.execution.errors import ErrorLog, client_error, from_subgraph, root_keys, subgraph_path
from gateway.execution.exact.asked import asked_by, keep_asked
from gateway.execution.exact.merging import copy_tree, merge_into
from gateway.execution.exact.representations import Batch, build_batch
from gateway.execution.places import Place, ResponsePath, common_path, object_above
from gateway.execution.request import ExecutionRequest
from gateway.execution.rewrites import apply_rewrites, rename_path
from gateway.planning.plan import DeferNode, FetchNode, KeyRenamer
from gateway.supergraph.conditions import TypeConditions
from gateway.telemetry.fetches import FetchEnded, FetchOutcome, SpanId
from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphUnavailable

__all__ = ["Fetcher", "Later"]

_MALFORMED = "SUBREQUEST_MALFORMED_RESPONSE"


class Later(Protocol):
    """Where the parts of a plan go that are answered later."""

    async def defer(self, node: DeferNode, fetcher: Fetcher) -> None:
        """Run the primary part, and see to it that the deferred ones run as soon as they can."""
        ...

    def ended(self, fetch: FetchNode) -> None:
        """A fetch has ended, well or not."""
        ...


class Fetcher:
    """Makes the fetches of one answer. ``data`` is the answer so far, as the subgraphs gave it."""

    def __init__(
        self, request: ExecutionRequest, data: dict[str, Any], log: ErrorLog, later: Later | None = None
    ) -> None:
        self.request = request
        self.data = data
        self.log = log
        self.later = later
        self.types = TypeConditions(request.supergraph.schema)

    def forks(self, count: int) -> list[Fetcher]:
        """Fetchers for what goes on at the same time, each with errors of its own until ``join``."""
        return [Fetcher(self.request, self.data, ErrorLog(), self.later) for _ in range(count)]

    def join(self, forks: Iterable[Fetcher]) -> None:
        """Take over the errors of ``forks``, in their order: who answers first makes no difference."""
        for fork in forks:
            self.log.join(fork.log)

    async def fetch_root(self, fetch: FetchNode, places: Sequence[Place]) -> None:
        """A fetch of root fields; ``places`` are the root objects that want them."""
        answer = await self._ask(fetch, self._variables(fetch), 0, places)
        if answer is not None:
            self.take_root(fetch, answer, places)

    def take_root(self, fetch: FetchNode, answer: SubgraphAnswer, places: Sequence[Place]) -> None:
        """Merge the answer to a root fetch."""
        if fetch.operation_kind != "query":
            self.request.renew()
        for error in answer.errors:
            inner = rename_path(subgraph_path(error), fetch.output_rewrites)
            paths = [(*place.path, *inner) for place in places] if inner else self._blame(fetch, places)
            self.log.extend(from_subgraph(error, fetch.subgraph, path) for path in paths)
        if answer.data is None:
            if not answer.errors:
                self._malformed(fetch, "no data and no errors", places)
            for place in places:
                for key in root_keys(fetch.operation):
                    self.log.excuse((*place.path, key))
            return
        self._merge(fetch, answer.data, places)

    async def fetch_entities(self, fetch: FetchNode, places: Sequence[Place]) -> None:
        """An entity fetch; one request, or one for each value of what it takes from context."""
        if not fetch.context_rewrites:
            await self._fetch_batch(fetch, places, {})
            return
        groups: dict[str, tuple[dict[str, Any], list[Place]]] = {}
        for place in places:
            context = self._context(fetch, place)
            groups.setdefault(repr(context), (context, []))[1].append(place)
        forks = self.forks(len(groups))
        async with asyncio.TaskGroup() as tasks:
            for fork, (context, members) in zip(forks, groups.values(), strict=True):
                tasks.create_task(fork._fetch_batch(fetch, members, context))
        self.join(forks)

    async def _fetch_batch(
        self, fetch: FetchNode, places: Sequence[Place], context: Mapping[str, Any]
    ) -> None:
        batch = build_batch(places, fetch, self.types)
        if not batch.representations:
            return
        variables = {**self._variables(fetch), **context, fetch.representations: batch.representations}
        answer = await self._ask(fetch, variables, len(batch.representations), batch.all_places())
        if answer is not None:
            self._take_entities(fetch, answer, batch)

    def _take_entities(self, fetch: FetchNode, answer: SubgraphAnswer, batch: Batch) -> None:
        for error in answer.errors:
            self.log.extend(self._entity_errors(fetch, error, batch))
        entities = answer.data.get("_entities") if answer.data is not None else None
        if not isinstance(entities, list) or len(entities) != len(batch.representations):
            if not answer.errors:
                self._malformed(fetch, "not one entity for each representation", batch.all_places())
            for place in batch.all_places():
                self.log.excuse(place.path)
            return
        for entity, places in zip(entities, batch.places, strict=True):
            if isinstance(entity, dict):
                self._merge(fetch, entity, places)
            elif entity is not None:
                self._malformed(fetch, "an entity that is no object", places)
            else:
                # Its subgraph has no such entity, or hides it: that is an answer, and null here says it.
                for place in places:
                    self.log.excuse(place.path)

    def _entity_errors(
        self, fetch: FetchNode, error: Mapping[str, Any], batch: Batch
    ) -> list[dict[str, Any]]:
        match subgraph_path(error):
            case ("_entities", int(number), *rest) if 0 <= number < len(batch.places):
                inner = rename_path(tuple(rest), fetch.output_rewrites)
                paths: list[ResponsePath] = [(*place.path, *inner) for place in batch.places[number]]
            case _:
                paths = self._blame(fetch, batch.all_places())
        return [from_subgraph(error, fetch.subgraph, path) for path in paths]

    def _merge(self, fetch: FetchNode, data: dict[str, Any], places: Sequence[Place]) -> None:
        keep_asked(data, asked_by(fetch.operation, entities=bool(fetch.requires)))
        if fetch.output_rewrites:
            apply_rewrites(data, fetch.output_rewrites, self.types)
        last = len(places) - 1
        for index, place in enumerate(places):
            own = data if index == last else copy_tree(data)
            merge_into(place.object, own, self.types.is_abstract)

    def _variables(self, fetch: FetchNode) -> dict[str, Any]:
        given = self.request.variables
        return {name: given[name] for name in fetch.variable_usages if name in given}

    def _context(self, fetch: FetchNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for rewrite in fetch.context_rewrites:
            if not isinstance(rewrite, KeyRenamer):
                continue
            levels = sum(1 for step in rewrite.path if step == "..")
            value = object_above(self.data, place.path, levels)
            for step in rewrite.path[levels:]:
                if not isinstance(value, dict):
                    break
                if not step.startswith("... on "):
                    value = value.get(step)
                elif not self.types.holds(value.get("__typename"), step[7:]):
                    break
            else:
                found[rewrite.rename_to] = value
        return found

    def _blame(self, fetch: FetchNode, places: Sequence[Place]) -> list[ResponsePath]:
        """Where an error about a whole fetch belongs: one path, except that root fields have one each."""
        above = common_path([place.path for place in places])
        if above or fetch.requires:
            return [above]
        return [(key,) for key in root_keys(fetch.operation)] or [()]

    def _malformed(self, fetch: FetchNode, what: str, places: Sequence[Place]) -> None:
        message = f"Subgraph '{fetch.subgraph}' answered with {what}"
        for path in self._blame(fetch, places):
            self.log.add(client_error(message, _MALFORMED, fetch.subgraph, path))

    def unavailable(self, fetch: FetchNode, reason: SubgraphUnavailable, places: Sequence[Place]) -> None:
        """Note that a fetch had no answer."""
        for path in self._blame(fetch, places):
            self.log.add(client_error(str(reason), reason.code, fetch.subgraph, path))

    def subgraph_request(
        self, fetch: FetchNode, variables: Mapping[str, Any], span: SpanId
    ) -> SubgraphRequest:
        """The request as a transport takes it."""
        return SubgraphRequest(
            query=fetch.operation,
            variables=variables,
            operation_name=fetch.operation_name,
            kind=fetch.operation_kind,
            headers=self.request.headers_for(fetch.subgraph, fetch.operation_kind, span),
        )

    async def _ask(
        self, fetch: FetchNode, variables: Mapping[str, Any], representations: int, places: Sequence[Place]
    ) -> SubgraphAnswer | None:
        observer = self.request.observer
        outcome: FetchOutcome = "cancelled"
        status, code = 0, ""
        span = observer.fetch_started()
        began = time.perf_counter()
        try:
            transport = self.request.transports.get(fetch.subgraph)
            if transport is None:
                raise SubgraphUnavailable(fetch.subgraph, "no way to it is configured")
            answer = await transport.execute(self.subgraph_request(fetch, variables, span))
            outcome = "errors" if answer.errors or answer.data is None else "success"
            status = answer.status
            return answer
        except SubgraphUnavailable as reason:
            outcome, status, code = "unavailable", reason.status, reason.code
            self.unavailable(fetch, reason, places)
            return None
        finally:
            ended = time.perf_counter()
            observer.fetch_ended(
                FetchEnded(
                    fetch.subgraph,
                    began,
                    ended,
                    outcome,
                    representations,
                    span,
                    status,
                    code,
                    fetch.operation,
                )
            )
