"""``lets-connect compose``: subgraph schemas to a supergraph."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway.composition.compose import compose_from_sdls
from gateway.composition.errors import Composed, CompositionError, CompositionFailed, Hint
from gateway.composition.sources import UnusableInput, read_sources
from gateway.supergraph import Contract, InvalidSupergraph, contract_sdl, load_supergraph

__all__ = ["add_compose_command"]


def add_compose_command(subparsers: Any) -> None:
    """Register the command; ``run`` answers the exit code."""
    parser = subparsers.add_parser(
        "compose",
        help="compose subgraph schemas into a supergraph",
        description="Composes subgraphs into a supergraph. CONFIG has the shape of rover's supergraph.yaml: "
        "subgraphs: {NAME: {routing_url: URL, schema: {file: FILE}}}, files relative to it; schemas are not fetched. "
        "Hints go to standard "
        "error; errors end with exit code 1.",
    )
    parser.add_argument("config", nargs="?", type=Path, metavar="CONFIG")
    parser.add_argument("--subgraph", action="append", default=[], metavar="NAME=URL=FILE")
    for option, what in (
        ("--include-tag", "with fields of this @tag"),
        ("--exclude-tag", "without this @tag"),
    ):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="TAG",
            help=f"make a contract {what}; may be repeated",
        )
    parser.add_argument(
        "--keep-unreachable",
        action="store_true",
        help="in a contract, show types that nothing shown leads to",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        sources = read_sources(options.config, options.subgraph)
        contract = _contract(options)
        given = [(source.name, source.url, source.sdl) for source in sources]
        composed = _under_contract(compose_from_sdls(given), contract)
        if options.output:
            _write(options.output, composed.supergraph_sdl)
    except UnusableInput as error:
        print(f"lets-connect compose: {error}", file=sys.stderr)
        return 1
    except CompositionFailed as failed:
        return _failed(failed, options.format, {source.name: source.place for source in sources})
    if options.format == "json":
        answer: dict[str, Any] = {"errors": [], "hints": _hints(composed.hints)}
        if not options.output:
            answer["supergraphSdl"] = composed.supergraph_sdl
        print(json.dumps(answer))
    else:
        _tell(composed.hints)
        if not options.output:
            print(composed.supergraph_sdl, end="")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnusableInput(f"{path} cannot be written: {error.strerror or error}") from error


def _contract(options: argparse.Namespace) -> Contract | None:
    include, exclude = frozenset(options.include_tag), frozenset(options.exclude_tag)
    if not include and not exclude:
        return None
    try:
        return Contract(include, exclude, hide_unreachable=not options.keep_unreachable)
    except ValueError as error:
        raise UnusableInput(str(error)) from error


def _under_contract(composed: Composed, contract: Contract | None) -> Composed:
    if contract is None:
        return composed
    sdl = contract_sdl(composed.supergraph_sdl, contract)
    try:
        load_supergraph(sdl)
    except InvalidSupergraph as invalid:
        error = CompositionError(invalid.code, f"Under the contract, {invalid.message}")
        raise CompositionFailed([error], composed.hints) from invalid
    return replace(composed, supergraph_sdl=sdl)


def _failed(failed: CompositionFailed, format_: str, places: Mapping[str, str]) -> int:
    """Tell the errors; ``places`` are the files of the subgraphs."""
    if format_ == "json":
        errors = [
            {"code": e.code, "message": e.message, "subgraphs": list(e.subgraphs)} for e in failed.errors
        ]
        print(json.dumps({"errors": errors, "hints": _hints(failed.hints)}))
        return 1
    for error in failed.errors:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        for where in dict.fromkeys(error.locations):
            file = places.get(where.subgraph, where.subgraph)
            print(f"  at {file}:{where.line}:{where.column}", file=sys.stderr)
    _tell(failed.hints)
    return 1


def _tell(hints: Sequence[Hint]) -> None:
    for hint in hints:
        print(f"HINT {hint.code}: {hint.message}", file=sys.stderr)


def _hints(hints: Sequence[Hint]) -> list[dict[str, str]]:
    return [{"code": h.code, "message": h.message} for h in hints]
