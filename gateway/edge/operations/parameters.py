"""GraphQL parameters from JSON, from a query string, or from the head of a multipart request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from gateway import jsontext
from gateway.edge.errors import RequestRefused

__all__ = ["Parameters", "from_query", "read_json", "read_parameters"]


class Parameters(Struct, frozen=True):
    """One operation as it was asked for. ``query`` is None where only a hash was sent."""

    query: str | None
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


def read_json(body: bytes | str) -> Any:
    """Decode; raises RequestRefused. Numbers keep their digits; depth is bounded by the decoder."""
    try:
        return jsontext.decode_strictly(body)
    except (ValueError, RecursionError) as error:
        raise RequestRefused(400, "BAD_REQUEST", "The body is not JSON.") from error


def read_parameters(given: Any) -> Parameters:
    """From a decoded object; a parameter of a wrong kind is 400 whatever the client accepts."""
    if not isinstance(given, dict):
        raise RequestRefused(400, "BAD_REQUEST", "A GraphQL request is a JSON object.")
    query = given.get("query")
    operation_name = given.get("operationName")
    if query is not None and not isinstance(query, str):
        raise RequestRefused(400, "BAD_REQUEST", "'query' is a string.")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RequestRefused(400, "BAD_REQUEST", "'operationName' is a string.")
    variables = _object(given, "variables")
    extensions = _object(given, "extensions")
    if query is None and "persistedQuery" not in extensions:
        raise RequestRefused(400, "BAD_REQUEST", "A GraphQL request has a 'query'.")
    return Parameters(query, operation_name or None, variables, extensions)


def from_query(query: Mapping[str, str]) -> Parameters:
    """From a GET request's query string, in which variables and extensions are JSON."""
    given: dict[str, Any] = {k: query[k] for k in ("query", "operationName") if k in query}
    for name in ("variables", "extensions"):
        if query.get(name):
            given[name] = read_json(query[name])
    return read_parameters(given)


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestRefused(400, "BAD_REQUEST", f"'{name}' is an object.")
    return value
