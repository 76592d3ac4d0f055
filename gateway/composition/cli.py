"""``lets-connect compose``: subgraph schemas to a supergraph."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from gateway.composition.compose import compose_from_sdls
from gateway.composition.errors import Composed, CompositionError, CompositionFailed, Hint
from gateway.supergraph import Contract, InvalidSupergraph, contract_sdl, load_supergraph

__all__ = ["add_compose_command"]


class _Unusable(Exception):
    """The command's own input is wrong."""


def add_compose_command(subparsers: Any) -> None:
    """Register the command; ``run`` answers the exit code."""
    parser = subparsers.add_parser(
        "compose",
        help="compose subgraph schemas into a supergraph",
        description="Composes subgraphs into a supergraph. CONFIG has the shape of rover's supergraph.yaml: "
        "subgraphs: {NAME: {routing_url: URL, schema: {file: FILE}}}, files relative to it. Hints go to standard "
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
        given = _from_config(options.config) if options.config else []
        given += [_from_option(text) for text in options.subgraph]
        if not given:
            raise _Unusable("nothing to compose: give CONFIG or --subgraph NAME=URL=FILE")
        contract = _contract(options)
    except (_Unusable, OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        print(f"lets-connect compose: {error}", file=sys.stderr)
        return 1
    try:
        composed = _under_contract(compose_from_sdls(given), contract)
    except CompositionFailed as failed:
        return _failed(failed, options.format)
    if options.output:
        options.output.write_text(composed.supergraph_sdl)
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


def _contract(options: argparse.Namespace) -> Contract | None:
    include, exclude = frozenset(options.include_tag), frozenset(options.exclude_tag)
    if not include and not exclude:
        return None
    try:
        return Contract(include, exclude, hide_unreachable=not options.keep_unreachable)
    except ValueError as error:
        raise _Unusable(str(error)) from error


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


def _from_config(path: Path) -> list[tuple[str, str, str]]:
    config = yaml.safe_load(path.read_text())
    subgraphs = config.get("subgraphs") if isinstance(config, dict) else None
    if not isinstance(subgraphs, dict) or not subgraphs:
        raise _Unusable(f"{path} has no 'subgraphs'")
    return [_configured(path, str(name), entry) for name, entry in subgraphs.items()]


def _configured(path: Path, name: str, entry: Any) -> tuple[str, str, str]:
    schema = entry.get("schema") if isinstance(entry, dict) else None
    if not isinstance(schema, dict):
        raise _Unusable(f"{path}: subgraph {name} has no 'schema'")
    url = str(entry.get("routing_url") or "")
    if "sdl" in schema:
        return name, url, str(schema["sdl"])
    if "file" in schema:
        return name, url, (path.parent / str(schema["file"])).read_text()
    raise _Unusable(f"{path}: the schema of {name} is a 'file' or an 'sdl'; schemas are not fetched")


def _from_option(text: str) -> tuple[str, str, str]:
    name, _, rest = text.partition("=")
    url, _, file = rest.rpartition("=")
    if not name or not file:
        raise _Unusable(f"--subgraph takes NAME=URL=FILE, and is {text!r}")
    return name, url, Path(file).read_text()


def _failed(failed: CompositionFailed, format_: str) -> int:
    if format_ == "json":
        errors = [
            {"code": e.code, "message": e.message, "subgraphs": list(e.subgraphs)} for e in failed.errors
        ]
        print(json.dumps({"errors": errors, "hints": _hints(failed.hints)}))
        return 1
    for error in failed.errors:
        places = ", ".join(f"{p.subgraph}:{p.line}:{p.column}" for p in error.locations)
        print(f"{error.code}: {error.message}" + (f" ({places})" if places else ""), file=sys.stderr)
    _tell(failed.hints)
    return 1


def _tell(hints: Sequence[Hint]) -> None:
    for hint in hints:
        print(f"HINT {hint.code}: {hint.message}", file=sys.stderr)


def _hints(hints: Sequence[Hint]) -> list[dict[str, str]]:
    return [{"code": h.code, "message": h.message} for h in hints]
