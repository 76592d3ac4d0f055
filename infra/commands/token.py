"""``lets-connect token HANDLE``: a bearer token for a local user."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

from infra.errors import CommandError
from infra.migrate import migrate
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import domain_settings, load_domain
from subgraphs.kit.serving.service import open_service
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "token",
        help="print a bearer token for a local user",
        description="Begins a session for the user and prints its access token, good for 15 minutes: "
        'curl -H "Authorization: Bearer $(lets-connect token ada)" …',
    )
    parser.add_argument("handle", metavar="HANDLE")
    parser.set_defaults(run=lambda options: asyncio.run(_token(options)))


async def _token(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(os.environ)
    domain = load_domain("user")
    async with open_servers(settings, ["user"]) as servers:
        await migrate([domain], servers)
        own = domain_settings(settings, servers, "user")
        async with open_service(domain, own, Metrics()) as service:
            services = service.runtime.services
            handle = options.handle.lower()
            found = (await services.repository.ids_by_handle([handle])).get(handle)
            if found is None:
                raise CommandError(f"there is no user {options.handle!r}; lets-connect seed makes demo users")
            print((await services.accounts.begin_session(found)).access_token)
    return 0
