"""From what a subgraph sent to a SubgraphAnswer, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway import jsontext
from gateway.transport.protocol import (
    Encoded,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphUnavailable,
    Tree,
)

__all__ = [
    "MALFORMED",
    "encode_request",
    "read_answer",
    "read_body",
    "read_reply",
]

MALFORMED = "SUBREQUEST_MALFORMED_RESPONSE"


def read_body(subgraph: str, status: int, body: bytes) -> SubgraphAnswer:
    """An HTTP answer; a GraphQL body counts whatever the status is. Raises SubgraphUnavailable."""
    try:
        value = jsontext.decode(body)
    except ValueError as error:
        if status // 100 != 2:
            raise _http_error(subgraph, status) from error
        raise SubgraphUnavailable(subgraph, "not with JSON", code=MALFORMED, status=status) from error
    if status // 100 != 2 and not (isinstance(value, dict) and value.keys() & {"data", "errors"}):
        raise _http_error(subgraph, status)
    return read_answer(subgraph, value, status)


def _http_error(subgraph: str, status: int) -> SubgraphUnavailable:
    return SubgraphUnavailable(subgraph, f"HTTP status {status}", code="SUBREQUEST_HTTP_ERROR", status=status)


def read_answer(subgraph: str, value: Any, status: int = 0) -> SubgraphAnswer:
    """A decoded GraphQL answer, its shape looked at. Raises SubgraphUnavailable."""
    if not isinstance(value, dict):
        raise SubgraphUnavailable(subgraph, "not with a GraphQL answer", code=MALFORMED, status=status)
    data, errors, extensions = value.get("data"), value.get("errors"), value.get("extensions")
    if not isinstance(data, dict | None) or not isinstance(errors, list | None):
        raise SubgraphUnavailable(subgraph, "not with a GraphQL answer", code=MALFORMED, status=status)
    if data is None and not errors:
        what = "neither with data nor with errors"
        raise SubgraphUnavailable(subgraph, what, code=MALFORMED, status=status)
    return SubgraphAnswer(
        data=data,
        errors=[error if isinstance(error, Mapping) else {} for error in errors or ()],
        extensions=extensions if isinstance(extensions, dict) else None,
        status=status,
    )


def encode_request(request: SubgraphRequest) -> bytes:
    """The request's body. Raises TypeError, ValueError, OverflowError where the variables are no JSON."""
    operation: dict[str, Any] = {"query": request.query}
    if request.variables:
        operation["variables"] = request.variables
    if request.operation_name is not None:
        operation["operationName"] = request.operation_name
    return jsontext.encode(operation)


def read_reply(subgraph: str, reply: Reply) -> SubgraphAnswer:
    """The answer in a reply. Raises SubgraphUnavailable."""
    if isinstance(reply, Encoded):
        return read_body(subgraph, reply.status, reply.body)
    if isinstance(reply, Tree):
        return read_answer(subgraph, reply.value)
    raise reply
