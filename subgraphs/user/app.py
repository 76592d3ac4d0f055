"""The user domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.identity.keys import SigningKey, jwks
from subgraphs.user.loaders import Loaders, Sources
from subgraphs.user.models import METADATA, TABLES
from subgraphs.user.passwords import Passwords
from subgraphs.user.relating import RelationService
from subgraphs.user.repository import UserRepository
from subgraphs.user.schema import SCHEMA
from subgraphs.user.seed import seed
from subgraphs.user.service import AccountService, Services
from subgraphs.user.tokens import AccessTokens

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    pem = resources.settings.token_key_pem
    if pem is None:
        raise ValueError("the user service signs access tokens: LETS_CONNECT_TOKEN_KEY is needed")
    keys = SigningKey.all_from_pem(pem)
    repository = UserRepository(resources.database)
    sources = Sources.of(resources, repository)
    passwords = Passwords()
    try:
        yield Runtime(
            services=Services(
                repository=repository,
                accounts=AccountService(resources, repository, passwords, AccessTokens(keys[0])),
                relating=RelationService(resources, repository),
            ),
            loaders=lambda viewer: Loaders(sources, viewer),
            routes=[Route("/.well-known/jwks.json", _jwks(keys))],
        )
    finally:
        passwords.close()


def _jwks(keys: Sequence[SigningKey]) -> Callable[[Request], Awaitable[Response]]:
    document = jwks(keys)

    async def publish(request: Request) -> Response:
        return JSONResponse(document, headers={"cache-control": "public, max-age=300"})

    return publish


DOMAIN = Domain(name="user", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
