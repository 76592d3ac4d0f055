"""Random sets of subgraphs, composed here and by the oracle: ``python -m tests.conformance.composition.fuzz --help``."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from random import Random

from graphql import GraphQLSyntaxError, parse, print_ast

from tests.conformance.composition.agreement import Disagreement, disagreements
from tests.conformance.composition.corpus import Case, load
from tests.conformance.composition.entangle import entangle
from tests.conformance.composition.generate import generate
from tests.conformance.composition.minimise import minimise
from tests.conformance.composition.mutate import mutate
from tests.oracle.client import Oracle, SubgraphSet

__all__ = ["main"]

_Set = list[tuple[str, str, str]]
_OWN_NAMES = re.compile(r"\b(T\d|alpha|beta|gamma|delta|my-graph|a_1|2nd|[A-Z0-9_]*(?=[,)])|[a-z0-9]+t\d)\b")


def main() -> None:
    """Compare, count what differs, and print the smallest set of each difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="seed of the first set")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--plain", action="store_true", help="without mistakes put into the sets")
    parser.add_argument(
        "--corpus", action="store_true", help="sets of the corpus, one or two together, changed"
    )
    parser.add_argument("--entangled", action="store_true", help="sets that are hard to satisfy, unchanged")
    parser.add_argument("--show", type=int, default=10, help="differences to print, the most frequent first")
    parser.add_argument(
        "--about", default="", help="only differences in these: success codes hints supergraph api"
    )
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.count)
    counted: Counter[str] = Counter()
    examples: dict[str, tuple[int, _Set, Disagreement]] = {}
    agreed, crashed = Counter[str](), 0
    with Oracle() as oracle:
        cases = load() if options.corpus else []
        sets = [
            entangle(Random(seed)) if options.entangled else _set(seed, cases, plain=options.plain)  # noqa: S311
            for seed in seeds
        ]
        for seed, subgraphs, theirs in zip(seeds, sets, oracle.all(sets), strict=True):
            crashed += theirs.crash is not None
            found = disagreements(subgraphs, theirs)
            agreed["all"] += not found
            for about in ("success", "codes", "hints", "supergraph", "api"):
                agreed[about] += all(one.about != about for one in found)
            for signature, one in {_signature(one): one for one in found}.items():
                counted[signature] += 1
                examples.setdefault(signature, (seed, subgraphs, one))
        print(f"{options.count} sets, the oracle fell over in {crashed}; agreed: {dict(agreed)}")
        wanted = [
            s for s, _ in counted.most_common() if not options.about or s.split(":")[0] in options.about
        ]
        for signature in wanted[: options.show]:
            seed, subgraphs, one = examples[signature]
            small = minimise(subgraphs, lambda s: signature in _signatures(oracle, s))  # noqa: B023
            print(
                f"\n{'=' * 100}\n{counted[signature]} × {one.about}, seed {seed}: ours | theirs\n  {one.told}"
            )
            for line in _told(oracle, small):
                print(line)


def _set(seed: int, cases: list[Case], *, plain: bool) -> _Set:
    rng = Random(seed)  # noqa: S311
    made = _of_corpus(rng, cases) if cases else generate(rng)
    return made if plain else mutate(rng, made)


def _of_corpus(rng: Random, cases: list[Case]) -> _Set:
    """One set, or two of which the second's subgraphs have other names."""
    made = [(name, url, _lines(sdl)) for name, url, sdl in rng.choice(cases).subgraphs]
    if rng.random() < 0.3:
        made += [(f"{name}B", url, _lines(sdl)) for name, url, sdl in rng.choice(cases).subgraphs]
    return made


def _lines(sdl: str) -> str:
    """The text with each field on a line of its own, as changes are made by lines."""
    try:
        return "\n".join(
            " ".join(text.split()) if "@link" in text else text
            for text in print_ast(parse(sdl)).split("\n\n")
        )
    except GraphQLSyntaxError:
        return sdl


def _signature(one: Disagreement) -> str:
    return f"{one.about}: {_OWN_NAMES.sub('_', one.told)}"


def _signatures(oracle: Oracle, subgraphs: SubgraphSet) -> set[str]:
    try:
        return {_signature(one) for one in disagreements(subgraphs, oracle.compose(subgraphs))}
    except Exception:
        return set()


def _told(oracle: Oracle, subgraphs: _Set) -> Iterator[str]:
    for name, _, sdl in subgraphs:
        yield f"--- {name}\n" + re.sub(r", import: \[[^]]*\]", ", import: …", sdl)
    theirs = oracle.compose(subgraphs)
    for code, message in theirs.errors or theirs.hints:
        yield f"    {code}: {message}"


if __name__ == "__main__":
    main()
