"""The ``plan`` command: a supergraph and an operation in, the query plan out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from graphql import GraphQLError, parse, validate

from gateway.planning.errors import PlanningError
from gateway.planning.planner import Planner
from gateway.planning.printer import to_json, to_text
from gateway.supergraph import InvalidSupergraph, accepting_defer, load_supergraph

__all__ = ["add_plan_command", "plan_command"]


def add_plan_command(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``plan`` to a command line; its handler is in ``args.run``."""
    parser = subparsers.add_parser(
        "plan",
        help="print the query plan of an operation",
        description="Print which subgraphs an operation is sent to, in which order, and what each is asked.",
    )
    parser.add_argument("--supergraph", required=True, type=Path, metavar="FILE", help="supergraph SDL")
    parser.add_argument("--query", required=True, type=Path, metavar="FILE", help="the GraphQL document")
    parser.add_argument("--operation", metavar="NAME", help="which operation, where there are several")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")
    parser.add_argument(
        "--defer", action="store_true", help="fetch what is under @defer apart (without, @defer is ignored)"
    )
    parser.set_defaults(run=plan_command)


def plan_command(args: argparse.Namespace) -> int:
    """Print the plan; 1 and one line on stderr for each reason why there is none."""
    try:
        supergraph = load_supergraph(args.supergraph.read_text(encoding="utf-8"))
        document = parse(args.query.read_text(encoding="utf-8"))
        invalid = validate(accepting_defer(supergraph.api_schema), document)
        if invalid:
            return _refuse(str(error) for error in invalid)
        plan = Planner(supergraph).plan(document, args.operation, defer=args.defer)
    except OSError as error:
        return _refuse([f"lets-connect plan: {error.filename} cannot be read: {error.strerror}"])
    except (InvalidSupergraph, PlanningError) as error:
        return _refuse([f"{error.code}: {error}"])
    except GraphQLError as error:
        return _refuse([str(error)])
    text = to_text(plan) if args.format == "text" else json.dumps(to_json(plan), indent=2)
    sys.stdout.write(text + "\n")
    return 0


def _refuse(reasons: Iterable[str]) -> int:
    for reason in reasons:
        sys.stderr.write(f"{reason}\n")
    return 1
