"""One set of subgraphs, composed here and by the oracle: in what the two disagree."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import print_schema

from gateway.composition import CompositionFailed, compose_from_sdls
from gateway.supergraph import load_supergraph
from tests.oracle.client import Answer, SubgraphSet
from tests.oracle.meaning import differences

__all__ = ["Disagreement", "disagreements"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """``about`` is one of success, codes, hints, supergraph, api; ``told`` is ours against theirs."""

    about: str
    told: str


def disagreements(subgraphs: SubgraphSet, theirs: Answer) -> list[Disagreement]:
    """Nothing where both agree. Where the oracle itself fell over, whatever we say is agreed to."""
    if theirs.crash is not None:
        return []
    try:
        ours = compose_from_sdls(subgraphs)
    except CompositionFailed as failed:
        codes = frozenset(error.code for error in failed.errors)
        if codes == theirs.codes:
            return []
        return [Disagreement("codes" if theirs.codes else "success", f"{_set(codes)} | {_set(theirs.codes)}")]
    if theirs.codes:
        return [Disagreement("success", f"composes | {_set(theirs.codes)}")]
    assert theirs.supergraph is not None
    assert theirs.api is not None
    found = []
    hints = frozenset(hint.code for hint in ours.hints)
    if hints != theirs.hint_codes:
        missing, extra = theirs.hint_codes - hints, hints - theirs.hint_codes
        found.append(Disagreement("hints", f"not told: {_set(missing)}; told alone: {_set(extra)}"))
    found += [Disagreement("supergraph", one) for one in differences(ours.supergraph_sdl, theirs.supergraph)]
    api = print_schema(load_supergraph(ours.supergraph_sdl).api_schema)
    found += [Disagreement("api", one) for one in differences(api, theirs.api)]
    return found


def _set(codes: frozenset[str]) -> str:
    return ", ".join(sorted(codes)) or "composes"
