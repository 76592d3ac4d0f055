"""Entity fetches that ask the same of the same subgraph at several places become one request."""

from __future__ import annotations

from gateway.planning.fetches import Fetch
from gateway.planning.operations import print_selections
from gateway.planning.passes.fuse_equal_places import absorb

__all__ = ["pool_paths"]


def pool_paths(fetches: list[Fetch]) -> list[Fetch]:
    """Pool wherever neither of two fetches waits for the other."""
    by_question: dict[tuple[object, ...], list[Fetch]] = {}
    for fetch in list(fetches):
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
            if fetch not in other.ancestors() and other not in fetch.ancestors():
                other.more_paths.append(fetch.path)
                other.more_paths.extend(fetch.more_paths)
                absorb(other, fetch, fetches)
                break
        else:
            alike.append(fetch)
    return fetches
