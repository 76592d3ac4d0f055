"""The seven domains as code, and the settings each is run with."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from infra.domains import DOMAINS
from infra.errors import CommandError
from infra.keys import development_secret, development_signing_key
from infra.servers import Servers
from infra.settings import PREFIX, Settings
from subgraphs.kit import settings as kit
from subgraphs.kit.domain import Domain
from subgraphs.kit.execution import Options
from subgraphs.kit.jwks import RemoteKeys
from subgraphs.kit.keys import KeySource, SigningKey, StaticKeys

__all__ = ["domain_settings", "identity_key", "load_domain", "load_domains", "token_keys"]


def load_domain(name: str) -> Domain:
    """Import one domain; only what a process serves is imported."""
    if name not in DOMAINS:
        raise CommandError(f"there is no subgraph {name!r}; there are {', '.join(DOMAINS)}")
    found: Domain = importlib.import_module(f"subgraphs.{name}.app").DOMAIN
    return found


def load_domains(names: Iterable[str] = DOMAINS) -> list[Domain]:
    """Several, in the order given."""
    return [load_domain(name) for name in names]


def domain_settings(settings: Settings, servers: Servers, name: str) -> kit.Settings:
    """What the domain is told. Raises CommandError where a key that it needs is missing."""
    return kit.Settings(
        environment=settings.environment,
        database_url=servers.database_urls[name],
        redis_url=servers.redis_url,
        secret_key=_secret(settings),
        identity_keys=_identity_keys(settings),
        access_token_keys=token_keys(settings),
        home=settings.home,
        object_store_url=settings.object_store_url,
        public_url=settings.public_url,
        upload_max_bytes=settings.upload_max_bytes,
        token_key_pem=_token_key(settings) if name == "user" else None,
        execution=Options(
            enabled=settings.compile_operations,
            stock_operations=frozenset(settings.stock_operations),
            shadow_rate=settings.shadow_rate,
        ),
    )


def identity_key(settings: Settings) -> SigningKey:
    """The gateway's key, which signs identities."""
    given = settings.identity_key
    if given is None:
        _development_only(settings, "IDENTITY_KEY")
        given = development_signing_key(settings.home, "identity")
    return SigningKey.from_pem(given)


def token_keys(settings: Settings) -> KeySource:
    """The public side of access tokens: by URL, or of the key that is at hand."""
    if settings.token_jwks_url is not None:
        return RemoteKeys(settings.token_jwks_url)
    if settings.token_key is None:
        _development_only(settings, "TOKEN_JWKS_URL")
    return SigningKey.from_pem(_token_key(settings)).public_keys()


def _identity_keys(settings: Settings) -> KeySource:
    if settings.identity_jwks is not None:
        if settings.identity_jwks.startswith(("http://", "https://")):
            return RemoteKeys(settings.identity_jwks)
        return StaticKeys.from_jwks(settings.identity_jwks)
    if settings.identity_key is None:
        _development_only(settings, "IDENTITY_JWKS")
    return identity_key(settings).public_keys()


def _token_key(settings: Settings) -> bytes:
    if settings.token_key is not None:
        return settings.token_key
    _development_only(settings, "TOKEN_KEY")
    return development_signing_key(settings.home, "token")


def _secret(settings: Settings) -> bytes:
    if settings.secret_key is not None:
        return settings.secret_key
    _development_only(settings, "SECRET_KEY")
    return development_secret(settings.home)


def _development_only(settings: Settings, name: str) -> None:
    if settings.production:
        raise CommandError(f"{PREFIX}{name} is not set; {PREFIX}ENV=production does not start without it")
