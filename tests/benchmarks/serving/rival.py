"""The same file through Starlette's ``FileResponse``: ``python -m tests.benchmarks.serving.rival PORT FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route


def application(path: Path) -> Starlette:
    """One route."""

    async def picture(request: Request) -> Response:
        return FileResponse(path, media_type="image/webp")

    return Starlette(routes=[Route("/picture", picture)])


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[2])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
