"""``lets-connect seed``: demo data, or a large data set."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

from infra.domains import DOMAINS
from infra.migrate import migrate
from infra.seeding import seed
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.domain.demo import PASSWORD, PEOPLE, LargeSet
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    large = LargeSet()
    parser = subparsers.add_parser(
        "seed",
        help="load demo data, or a large data set",
        description="Loads a dozen demo people with posts, pictures, conversations, a workspace and shops. "
        "Run again, it changes nothing.",
    )
    parser.add_argument(
        "--large",
        action="store_true",
        help=f"load {large.users:,} users and {large.posts:,} posts instead, to measure with; takes a few minutes",
    )
    parser.set_defaults(run=lambda options: asyncio.run(_seed(options)))


async def _seed(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(os.environ)
    domains = load_domains()
    async with open_servers(settings, DOMAINS) as servers:
        await migrate(domains, servers)
        size = "large" if options.large else "demo"
        async for name, seconds in seed(domains, settings, servers, Metrics(), size):
            print(f"{name}: {seconds:.1f} s", flush=True)
    if not options.large:
        print(f"Sign in as {', '.join(p.handle for p in PEOPLE)} with the password {PASSWORD}")
    return 0
