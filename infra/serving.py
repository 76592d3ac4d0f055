"""One ASGI application on one port, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from infra.errors import CommandError
from infra.supervisor import check_port

__all__ = ["serve"]

_DRAIN_SECONDS = 5


async def serve(app: ASGIApp, host: str, port: int, *, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C, then let what is under way finish, within five seconds.

    ``ready`` is called once the port answers. Raises CommandError where the port cannot be had.
    """
    check_port("the service", host, port)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        ws_max_size=1 << 20,
    )
    server = uvicorn.Server(config)
    announcing = asyncio.create_task(_announce(server, ready))
    try:
        await server.serve()
    except SystemExit as error:
        raise CommandError(f"could not listen on {host}:{port}") from error
    finally:
        announcing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await announcing


async def _announce(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    ready()
