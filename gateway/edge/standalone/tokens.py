"""Access tokens of the gateway alone: its settings say who issues them, and where the keys are published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from gateway.config import ConfigError, GatewaySettings
from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.keys import PublishedKeys
from gateway.transport import HttpClient, Limits

__all__ = ["configured_access"]

_SECONDS = 5.0
_MOST_BYTES = 1 << 20


def configured_access(settings: GatewaySettings) -> Access:
    """Verifies tokens where a JWKS is configured; else everybody is anonymous. Raises ConfigError."""
    if not settings.token_jwks_url:
        return Access(None, TokenRules("", ""))
    if not (settings.token_issuer and settings.token_audience):
        raise ConfigError("token_jwks_url needs token_issuer and token_audience: what tokens have to say")
    try:
        fetch = _fetching(settings.token_jwks_url)
    except ValueError as error:
        raise ConfigError(f"token_jwks_url is {settings.token_jwks_url!r}: {error}") from error
    rules = TokenRules(settings.token_issuer, settings.token_audience, settings.token_type)
    return Access(PublishedKeys(fetch), rules)


def _fetching(url: str) -> Callable[[], Awaitable[bytes]]:
    """Raises ValueError."""
    parts = urlsplit(url)
    client = HttpClient(url, limits=Limits(total_seconds=_SECONDS, answer_bytes=_MOST_BYTES))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    async def fetch() -> bytes:
        answer = await client.request("GET", path, {"accept": "application/json"}, retry=True)
        if answer.status != 200:
            raise ValueError(f"HTTP status {answer.status}")
        return answer.body

    return fetch
