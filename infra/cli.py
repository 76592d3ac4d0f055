"""The ``lets-connect`` command: finds the subcommand's module, and says errors in one line."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import MappingProxyType

from infra.errors import CommandError

__all__ = ["COMMANDS", "main", "parser"]

# Where each subcommand registers itself. Only the one that was asked for is imported.
COMMANDS = MappingProxyType(
    {
        "up": ("infra.commands.up", "add_command", "start everything: gateway, subgraphs, servers"),
        "gateway": ("gateway.cli", "add_gateway_command", "serve any supergraph"),
        "compose": ("gateway.cli", "add_compose_command", "compose subgraph schemas into a supergraph"),
        "plan": ("gateway.cli", "add_plan_command", "print the query plan of an operation"),
        "subgraph": ("infra.commands.subgraph", "add_command", "serve one subgraph, or print its schema"),
        "migrate": ("infra.commands.migrate", "add_command", "bring the databases to the newest schema"),
        "seed": ("infra.commands.seed", "add_command", "load demo data, or a large data set"),
        "backup": (
            "infra.commands.backup",
            "add_backup_command",
            "copy databases, objects and keys to a folder",
        ),
        "restore": (
            "infra.commands.backup",
            "add_restore_command",
            "bring a backup into servers that are empty",
        ),
        "token": ("infra.commands.token", "add_command", "print a bearer token for a local user"),
        "jwks": ("infra.commands.jwks", "add_command", "print the public side of signing keys"),
        "profile": ("infra.commands.profile", "add_command", "profile a running product"),
        "image": ("infra.commands.image", "add_command", "optimise images as the media service does"),
    }
)


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these arguments: whole for the subcommand named, one line for each other."""
    top = argparse.ArgumentParser(
        prog="lets-connect",
        description="A social-and-work platform served as one federated GraphQL graph.",
        epilog="Settings come from the environment, prefix LETS_CONNECT_: docs/settings.md. "
        "Each command explains itself: lets-connect COMMAND --help",
    )
    subparsers = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, (module, function, summary) in COMMANDS.items():
        if name == asked:
            getattr(importlib.import_module(module), function)(subparsers)
        else:
            subparsers.add_parser(name, help=summary)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; its ``run(options)`` default gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = parser(given).parse_args(given)
        return int(options.run(options) or 0)
    except CommandError as error:
        print(f"lets-connect: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output left early (`… | head`): nothing to say, nobody to say it to.
        sys.stderr.close()
        return 0
