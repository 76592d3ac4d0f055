"""Uploads to a subgraph: the GraphQL multipart request spec (https://github.com/jaydenseric/graphql-multipart-request-spec)."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from subgraphs.kit.errors import BadInput

__all__ = ["read_multipart"]


async def read_multipart(request: Request, max_files: int = 20) -> dict[str, Any]:
    """The operation with its files placed in ``variables``; raises BadInput."""
    try:
        form = await request.form(max_files=max_files, max_fields=10, max_part_size=1 << 20)
        operation = msgspec.json.decode(str(form.get("operations", "")))
        places = msgspec.json.decode(str(form.get("map", "")), type=dict[str, list[str]])
        if not isinstance(operation, dict):
            raise BadInput("'operations' is one operation.")
        for name, paths in places.items():
            file = form.get(name)
            if not isinstance(file, UploadFile):
                raise BadInput(f"The file {name!r} is missing.")
            for path in paths:
                _place(operation, path.split("."), file)
    except (MultiPartException, msgspec.DecodeError, LookupError, TypeError, ValueError) as error:
        raise BadInput("The multipart request does not follow the specification.") from error
    return operation


def _place(operation: Any, path: list[str], file: UploadFile) -> None:
    target = operation
    for key in path[:-1]:
        target = target[int(key)] if isinstance(target, list) else target[key]
    last: Any = int(path[-1]) if isinstance(target, list) else path[-1]
    if target[last] is not None:
        raise LookupError(path)
    target[last] = file
