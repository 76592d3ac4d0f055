"""The gateway's commands, each by its room; imported only when asked for."""

from __future__ import annotations

from typing import Any

__all__ = ["add_compose_command", "add_gateway_command", "add_plan_command"]


def add_compose_command(subparsers: Any) -> None:
    """``compose``: subgraph schemas to a supergraph."""
    from gateway.composition import cli

    cli.add_compose_command(subparsers)


def add_plan_command(subparsers: Any) -> None:
    """``plan``: an operation's query plan."""
    from gateway.planning import cli

    cli.add_plan_command(subparsers)


def add_gateway_command(subparsers: Any) -> None:
    """``gateway``: serve any supergraph."""
    from gateway.edge.standalone import cli

    cli.add_gateway_command(subparsers)
