"""``lets-connect backup FOLDER`` and ``restore FOLDER``: databases, objects and keys, out and in."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from infra.backup import Contents, back_up, restore
from infra.domains import DOMAINS
from infra.servers import open_servers
from infra.settings import Settings

__all__ = ["add_backup_command", "add_restore_command"]


def add_backup_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "backup",
        help="copy databases, objects and keys to a folder",
        description="Writes a dump of each domain's database (pg_dump), every object, and development's own keys to a "
        "new folder, while the product runs or not.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="is made; on a file system that keeps it")
    parser.set_defaults(run=lambda options: asyncio.run(_run(options.folder, writing=True)))


def add_restore_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "restore",
        help="bring a backup into servers that are empty",
        description="Reads what lets-connect backup wrote into databases and an object store that are empty. Nothing "
        "is written over. Events of the last hour before the backup are told again: each is handled once.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.set_defaults(run=lambda options: asyncio.run(_run(options.folder, writing=False)))


async def _run(folder: Path, *, writing: bool) -> int:
    settings = Settings.from_environment(os.environ)
    settings.require("OBJECT_STORE_URL")
    async with open_servers(settings, DOMAINS, cache=False) as servers:
        work = back_up if writing else restore
        print(_told(await work(settings, servers, folder), "to" if writing else "from", folder), flush=True)
    return 0


def _told(contents: Contents, way: str, folder: Path) -> str:
    megabytes = contents.object_bytes / 1e6
    keys = f", keys: {', '.join(contents.keys)}" if contents.keys else ""
    return f"{len(contents.domains)} databases, {contents.objects} objects ({megabytes:.1f} MB){keys} {way} {folder}"
