"""One domain on real servers, asked as the gateway asks it: with a signed identity."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from prometheus_client import CollectorRegistry

from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.migrations import upgrade
from subgraphs.kit.database.transaction import Event
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.execution import Options
from subgraphs.kit.identity.keys import SigningKey
from subgraphs.kit.serving.service import SubgraphService, open_service
from subgraphs.kit.settings import Settings
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import SpanSink
from subgraphs.user.tokens import AccessTokens

__all__ = ["METRICS", "Harness", "access_token", "new_pem", "open_harness", "settings_for", "sign"]

METRICS = Metrics(CollectorRegistry())
"""One set a test process: a schema's resolvers are wrapped once."""


def new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


IDENTITY_KEY = SigningKey.from_pem(new_pem())
TOKEN_PEM = new_pem()


def settings_for(database_url: str, redis_url: str, home: Path) -> Settings:
    """A development process's settings on the given servers; queries are compiled the first time they are asked."""
    return Settings(
        environment="development",
        database_url=database_url,
        redis_url=redis_url,
        secret_key=b"a secret of the tests, and of nothing else",
        identity_keys=IDENTITY_KEY.public_keys(),
        access_token_keys=SigningKey.from_pem(TOKEN_PEM).public_keys(),
        home=home,
        token_key_pem=TOKEN_PEM,
        execution=Options(compile_after=0),
    )


def sign(audience: str, viewer: UUID | None = None, *, key: SigningKey = IDENTITY_KEY, **claims: Any) -> str:
    """An ``Authorization`` header with an identity as the gateway signs it; ``claims`` override."""
    payload: dict[str, Any] = {
        "iss": "lets-connect-gateway",
        "aud": audience,
        "exp": datetime.now(UTC) + timedelta(seconds=45),
        "roles": [],
        "addr": "127.0.0.1",
    }
    if viewer is not None:
        payload["sub"] = viewer.hex
    payload |= claims
    headers = {"typ": payload.pop("typ", "identity+jwt"), "kid": key.kid}
    return "Bearer " + jwt.encode(payload, key.private, "EdDSA", headers=headers)


def access_token(viewer: UUID) -> str:
    """An ``Authorization`` header with an access token as the user service signs it."""
    now = datetime.now(UTC)
    token, _ = AccessTokens(SigningKey.from_pem(TOKEN_PEM)).sign(viewer, "MEMBER", uuid4(), now)
    return f"Bearer {token}"


class Harness:
    """A running domain. ``ask`` answers the data and fails on errors; ``answer`` gives both."""

    def __init__(self, service: SubgraphService) -> None:
        self.service = service
        self.resources = service.resources

    async def answer(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        viewer: UUID | None = None,
        **claims: Any,
    ) -> dict[str, Any]:
        headers = {"authorization": sign(self.service.domain.name, viewer, **claims)}
        return await self.service.execute(query, variables or {}, None, headers)

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        viewer: UUID | None = None,
        **claims: Any,
    ) -> Any:
        answer = await self.answer(query, variables, viewer, **claims)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def entities(
        self, selection: str, representations: Sequence[Mapping[str, Any]], viewer: UUID | None = None
    ) -> Any:
        """``_entities`` as the gateway asks for them."""
        query = f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {{ __typename {selection} }} }}"
        return (await self.ask(query, {"representations": list(representations)}, viewer))["_entities"]

    async def relate(self, user: UUID, other: UUID, kind: str, *, held: bool = True) -> None:
        """Make or cut an edge as the user domain's event does."""
        async with self.resources.database.write() as tx:
            payload = {
                "user": user.hex,
                "other": other.hex,
                "kind": kind,
                "held": held,
                "since": tx.now.isoformat(),
            }
            await project_relation(
                tx, Event(uuid4(), RELATION_CHANGED, "", payload), self.service.domain.tables
            )


@asynccontextmanager
async def open_harness(
    domain: Domain, settings: Settings, spans: SpanSink | None = None
) -> AsyncIterator[Harness]:
    """Migrate the domain's database and run the domain on it."""
    await upgrade(domain.migrations, settings.database_url)
    async with open_service(domain, settings, METRICS, spans) as service:
        yield Harness(service)
