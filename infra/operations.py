"""Operations known before they are asked: the gateway plans them, subgraphs compile what they are asked for them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

import msgspec
from prometheus_client import CollectorRegistry

from gateway.edge.engine import Engine
from gateway.supergraph import Supergraph
from gateway.telemetry.metrics import GatewayMetrics
from infra.errors import CommandError
from infra.settings import PREFIX, Settings

__all__ = ["KnownOperation", "asked_of_subgraphs", "expect_operations", "known_operations"]

_log = logging.getLogger("lets_connect.operations")
_WEB = Path(__file__).parent / "operations.json"
"""What the web app sends; ``npm run codegen`` writes it."""


class KnownOperation(NamedTuple):
    """A document as clients send it, and which of its operations they mean."""

    text: str
    name: str | None


class _Listed(msgspec.Struct):
    body: str
    name: str | None = None


class _Manifest(msgspec.Struct):
    operations: list[_Listed]
    version: int = 1


def known_operations(settings: Settings) -> list[KnownOperation]:
    """Of the manifest that is set, or the web app's. Raises CommandError."""
    path = settings.operations or _WEB
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except OSError as error:
        raise CommandError(f"{PREFIX}OPERATIONS: {path} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise CommandError(
            f"{PREFIX}OPERATIONS: {path} is no manifest of persisted queries ({error}); for example: "
            '{"format": "apollo-persisted-query-manifest", "version": 1, '
            '"operations": [{"id": "SHA-256", "name": "Me", "type": "query", "body": "query Me { viewer { id } }"}]}'
        ) from error
    return [KnownOperation(listed.body, listed.name) for listed in manifest.operations]


def expect_operations(engine: Engine, settings: Settings, metrics: GatewayMetrics) -> frozenset[str]:
    """Let the gateway prepare them, for as long as a new supergraph may take; their names. Raises CommandError.

    Their names are counted first, so that strangers' do not use up what there is of labels.
    """
    known = known_operations(settings)
    for operation in known:
        metrics.operation_label(operation.name)
    count = engine.preparation.expect(known, settings.gateway.warm_seconds)
    if count < len(known):
        _log.warning("of %s known operations %s are prepared; the others do not fit", len(known), count)
    return frozenset(operation.name for operation in known if operation.name)


def asked_of_subgraphs(supergraph: Supergraph, settings: Settings) -> dict[str, list[str]]:
    """The documents each subgraph is asked for them, where the gateway is another process. Raises CommandError."""
    metrics = GatewayMetrics(CollectorRegistry())
    engine = Engine(supergraph, {}, settings.gateway, metrics)
    expect_operations(engine, settings, metrics)
    return engine.preparation.asked()
