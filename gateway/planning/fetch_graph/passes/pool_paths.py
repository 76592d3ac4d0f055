"""Entity fetches that ask the same of the same subgraph at several places become one request."""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import Fetch
from gateway.planning.fetch_graph.operation_text import print_selections
from gateway.planning.fetch_graph.passes.absorbing import Absorbing

__all__ = ["pool_paths"]


def pool_paths(fetches: list[Fetch]) -> list[Fetch]:
    """Pool wherever neither of two fetches waits for the other."""
    by_question: dict[tuple[object, ...], list[Fetch]] = {}
    absorbing = Absorbing(fetches)
    for fetch in fetches:
        if not fetch.is_entity or fetch.kind != "query":
            continue
        question = (
            fetch.part,
            fetch.subgraph,
            print_selections(fetch.selections),
            fetch.requirement.frozen(),
            tuple(fetch.input_rewrites),
            tuple(fetch.output_rewrites),
            tuple(fetch.context_rewrites),
        )
        alike = by_question.setdefault(question, [])
        for other in alike:
            if absorbing.independent(other, fetch):
                other.more_paths.append(fetch.path)
                other.more_paths.extend(fetch.more_paths)
                absorbing.absorb(other, fetch)
                break
        else:
            alike.append(fetch)
    return absorbing.left()
