"""What an orchestrator asks of the gateway: whether it lives, and whether it can serve."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.responses import JSONResponse, Response

__all__ = ["PROBES", "probed"]

_LIVE = "/health/live"
PROBES = frozenset({"/health", _LIVE, "/health/ready"})


async def probed(path: str, ready: Callable[[], Awaitable[Sequence[str]]]) -> Response:
    """``live`` touches nothing else; ``ready`` asks what the product stands on."""
    if path == _LIVE:
        return JSONResponse({"status": "ok"})
    try:
        away = await ready()
    except Exception as error:
        return JSONResponse({"status": "unavailable", "reason": str(error)}, 503)
    return JSONResponse({"status": "degraded", "away": list(away)} if away else {"status": "ok"})
