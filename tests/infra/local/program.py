"""A program that starts the servers of the HOME it is given, says where they are, and waits."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from infra.errors import CommandError
from infra.local import LocalServers


async def main(home: str) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with await LocalServers.start(Path(home), ["scratch"]) as servers:
        print(servers.database_url("scratch"), servers.redis_url, flush=True)
        await ending.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1]))
    except CommandError as error:
        sys.exit(str(error))
