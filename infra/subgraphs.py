"""The seven domains as code, and the settings each is run with."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from infra.domains import DOMAINS
from infra.errors import CommandError
from infra.keys import development_secret, development_signing_key
from infra.servers import Servers
from infra.settings import Settings
from subgraphs.kit import settings as kit
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.execution import Options
from subgraphs.kit.identity.jwks import RemoteKeys
from subgraphs.kit.identity.keys import KeySource, SigningKey, StaticKeys, public_keys

__all__ = [
    "domain_settings",
    "identity_keys",
    "load_domain",
    "load_domains",
    "needed_by",
    "token_keys",
    "token_signing_key",
]

_WITH_DOORS = frozenset({"media"})
"""Domains with doors that clients reach with their access tokens; the others believe identities alone."""


def load_domain(name: str) -> Domain:
    """Import one domain; only what a process serves is imported."""
    if name not in DOMAINS:
        raise CommandError(f"there is no subgraph {name!r}; there are {', '.join(DOMAINS)}")
    found: Domain = importlib.import_module(f"subgraphs.{name}.app").DOMAIN
    return found


def load_domains(names: Iterable[str] = DOMAINS) -> list[Domain]:
    """Several, in the order given."""
    return [load_domain(name) for name in names]


def needed_by(name: str) -> tuple[str, ...]:
    """The settings that a subgraph's process does not start without, in production."""
    own = {"user": ("TOKEN_KEY",), "media": ("OBJECT_STORE_URL", "TOKEN_JWKS_URL")}.get(name, ())
    return ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "IDENTITY_JWKS", *own)


def domain_settings(settings: Settings, servers: Servers, name: str) -> kit.Settings:
    """What the domain is told. Raises CommandError where a key that it needs is missing."""
    return kit.Settings(
        environment=settings.environment,
        database_url=servers.database_urls[name],
        redis_url=servers.redis_url,
        secret_key=_secret(settings),
        identity_keys=_identity_keys(settings),
        access_token_keys=token_keys(settings) if name in _WITH_DOORS else StaticKeys({}),
        home=settings.home,
        object_store_url=settings.object_store_url,
        public_url=settings.public_url,
        upload_max_bytes=settings.upload_max_bytes,
        token_key_pem=_token_key(settings) if name == "user" else None,
        serving=settings.serving,
        storage=settings.storage,
        library=settings.library,
        execution=Options(
            enabled=settings.compile_operations,
            stock_operations=frozenset(settings.stock_operations),
            shadow_rate=settings.shadow_rate,
        ),
        database_pooled=settings.database_pooler == "transaction",
        caching=settings.caching,
        attribute_timing=settings.attribute_timing,
    )


def identity_keys(settings: Settings) -> list[SigningKey]:
    """The gateway's keys; the first signs identities."""
    given = settings.identity_key
    if given is None:
        settings.require("IDENTITY_KEY")
        given = development_signing_key(settings.home, "identity")
    return SigningKey.all_from_pem(given)


def token_keys(settings: Settings) -> KeySource:
    """The public side of access tokens: by URL, or of the key that is at hand."""
    if settings.token_jwks_url is not None:
        return RemoteKeys(settings.token_jwks_url)
    if settings.token_key is None:
        settings.require("TOKEN_JWKS_URL")
    return public_keys(SigningKey.all_from_pem(_token_key(settings)))


def token_signing_key(settings: Settings) -> SigningKey:
    """The key that signs access tokens now, where this process may have it."""
    return SigningKey.all_from_pem(_token_key(settings))[0]


def _identity_keys(settings: Settings) -> KeySource:
    if settings.identity_jwks is not None:
        if settings.identity_jwks.startswith(("http://", "https://")):
            return RemoteKeys(settings.identity_jwks)
        return StaticKeys.from_jwks(settings.identity_jwks)
    if settings.identity_key is None:
        settings.require("IDENTITY_JWKS")
    return public_keys(identity_keys(settings))


def _token_key(settings: Settings) -> bytes:
    if settings.token_key is not None:
        return settings.token_key
    settings.require("TOKEN_KEY")
    return development_signing_key(settings.home, "token")


def _secret(settings: Settings) -> bytes:
    if settings.secret_key is not None:
        return settings.secret_key
    settings.require("SECRET_KEY")
    return development_secret(settings.home)
