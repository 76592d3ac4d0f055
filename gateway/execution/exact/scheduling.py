"""Walking a plan: at once what can be, in turn what must be."""

from __future__ import annotations

import asyncio

from gateway.execution.exact.fetching import Fetcher
from gateway.execution.places import Place, find_places
from gateway.planning.plan import (
    ConditionNode,
    DeferNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
    SubscriptionNode,
)

__all__ = ["run_plan"]


async def run_plan(node: PlanNode, fetcher: Fetcher) -> None:
    """Run ``node``; fetches in flight are cancelled with the task that called this."""
    match node:
        case FetchNode():
            await fetcher.fetch_root(node, [Place(fetcher.data, ())])
            _ended(node, fetcher)
        case FlattenNode():
            await _run_flatten(node, fetcher)
            _ended(node.node, fetcher)
        case SequenceNode():
            for one in node.nodes:
                await run_plan(one, fetcher)
        case ParallelNode():
            forks = fetcher.forks(len(node.nodes))
            async with asyncio.TaskGroup() as tasks:
                for one, fork in zip(node.nodes, forks, strict=True):
                    tasks.create_task(run_plan(one, fork))
            fetcher.join(forks)
        case ConditionNode():
            chosen = node.if_clause if fetcher.request.variables.get(node.condition) else node.else_clause
            if chosen is not None:
                await run_plan(chosen, fetcher)
        case DeferNode():
            if fetcher.later is None:
                raise TypeError("A plan that defers is run by execute_incrementally()")
            await fetcher.later.defer(node, fetcher)
        case SubscriptionNode():
            raise TypeError("A subscription is run by subscribe()")


def _ended(node: FetchNode, fetcher: Fetcher) -> None:
    if node.id is not None and fetcher.later is not None:
        fetcher.later.ended(node)


async def _run_flatten(node: FlattenNode, fetcher: Fetcher) -> None:
    places = find_places(fetcher.data, (node.path, *node.more_paths))
    if not places:
        return
    if node.node.requires:
        await fetcher.fetch_entities(node.node, places)
    else:
        await fetcher.fetch_root(node.node, places)
