"""The media types of answers, and which of them a client wants (GraphQL over HTTP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gateway.edge.errors import RequestRefused
from gateway.execution import Format

__all__ = ["EVENT_STREAM", "GRAPHQL", "JSON", "MULTIPART", "Wish", "wish", "wishes"]

JSON, GRAPHQL, EVENT_STREAM = "application/json", "application/graphql-response+json", "text/event-stream"
MULTIPART = "multipart/mixed"
_KNOWN = (JSON, GRAPHQL, EVENT_STREAM)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client wants to be answered: in ``type_``, and in parts where ``parts`` names their format.

    Where it is not ``plain``, nothing but parts will do, and ``type_`` is for requests that are refused.
    """

    type_: str = JSON
    parts: Format | None = None
    plain: bool = True


@lru_cache(maxsize=256)
def wish(accept: str | None) -> Wish:
    """What an Accept header asks for; JSON where nothing is said. Raises RequestRefused (406)."""
    if accept is None or not accept.strip():
        return Wish()
    best, best_quality = None, 0.0
    parts: tuple[float, Format | None] = (0.0, None)
    for name, quality, parameters in wishes(accept):
        format_ = _format(parameters) if name == MULTIPART else None
        if format_ is not None and quality > parts[0]:
            parts = quality, format_
        concrete = JSON if name in {"*/*", "application/*"} else name
        if concrete in _KNOWN and quality > best_quality:
            best, best_quality = concrete, quality
    if best is None and parts[1] is None:
        raise RequestRefused(406, "NOT_ACCEPTABLE", f"Answers are {JSON} or {GRAPHQL}.")
    return Wish(best or JSON, parts[1], plain=best is not None)


def _format(parameters: Mapping[str, str]) -> Format | None:
    """Of a multipart answer; None for a draft that is not known, or for the parts of a subscription."""
    if "subscriptionspec" in parameters:
        return None
    version = parameters.get("deferspec")
    return "draft" if version is None else "20220824" if version == "20220824" else None


def wishes(accept: str) -> list[tuple[str, float, dict[str, str]]]:
    """The types of an Accept header with quality and parameters, in its order (RFC 9110, 12.5.1)."""
    found = []
    for part in accept.split(","):
        name, *rest = (p.strip().lower() for p in part.split(";"))
        parameters = {k.strip(): v.strip().strip('"') for k, _, v in (p.partition("=") for p in rest)}
        try:
            quality = float(parameters.pop("q", "1"))
        except ValueError:
            quality = 0.0
        found.append((name, quality, parameters))
    return found
