"""What a domain is, to the kit: a schema, tables, and what it runs beside requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from strawberry.federation import Schema

from subgraphs.kit.database.models import SharedTables
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.events.consumer import Handlers
from subgraphs.kit.identity.viewer import Viewer

__all__ = ["Domain", "Runtime", "Seeder"]

Seeder = Callable[[Resources, str], Awaitable[None]]
"""Fills an empty domain: ``demo`` or ``large``. A second call changes nothing."""


@dataclass(frozen=True)
class Runtime:
    """A domain that runs: made from its resources, once a process."""

    services: Any
    """What resolvers change things by; shared by all requests."""
    loaders: Callable[[Viewer], Any]
    """The loaders of one request."""
    handlers: Handlers = field(default_factory=dict)
    """Other domains' events that this one keeps projections by."""
    routes: Sequence[BaseRoute] = ()
    """Doors beside GraphQL."""
    swift: Mapping[str, ASGIApp] = field(default_factory=dict)
    """Those that are asked without a router, by the prefix of their paths (``kit.serving.doors``)."""
    jobs: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """Background work by name; each runs until cancelled, and is started again if it fails."""


@dataclass(frozen=True)
class Domain:
    """Declared once in each domain's ``app.py``, as ``DOMAIN``."""

    name: str
    schema: Schema
    metadata: MetaData
    tables: SharedTables
    open: Callable[[Resources], AbstractAsyncContextManager[Runtime]]
    seed: Seeder

    @property
    def migrations(self) -> str:
        """The package of its Alembic scripts."""
        return f"subgraphs.{self.name}.migrations"
