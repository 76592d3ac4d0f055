"""``lets-connect migrate``: bring the databases to the newest schema."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

from infra.domains import DOMAINS
from infra.migrate import migrate
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="bring the databases to the newest schema",
        description="Runs the migrations of each domain in its own database. Run again, it changes nothing. "
        "A migration is one transaction: what fails leaves the database as it was, and the version that runs serving.",
    )
    parser.add_argument("domains", nargs="*", metavar="DOMAIN", help=f"all by default: {', '.join(DOMAINS)}")
    parser.set_defaults(run=lambda options: asyncio.run(_migrate(options)))


async def _migrate(options: argparse.Namespace) -> int:
    names = options.domains or DOMAINS
    settings = Settings.from_environment(os.environ)
    async with open_servers(settings, names, cache=False) as servers:
        changed = await migrate(load_domains(names), servers)
    for name in names:
        print(f"{name}: {'migrated' if name in changed else 'up to date'}")
    return 0
