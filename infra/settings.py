"""The environment's LETS_CONNECT_* variables, read once and checked by name."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from infra.domains import DOMAINS
from infra.errors import CommandError
from infra.keys import read_private

__all__ = ["PREFIX", "Settings"]

PREFIX = "LETS_CONNECT_"
_NEEDED_IN_PRODUCTION = ("DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "SECRET_KEY")
_SIZE = re.compile(r"(\d+) ?([KMG]i?)?B?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command is told from outside. None: unset."""

    environment: Literal["development", "production"]
    environment_given: bool
    """Whether ENV was said, not defaulted."""
    home: Path
    port: int
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    object_store_url: str | None = field(repr=False)
    supergraph: Path | None
    subgraph_urls: Mapping[str, str]
    public_url: str | None
    forwarded_allow_ips: tuple[str, ...]
    metrics_port: int | None
    upload_max_bytes: int
    demo: bool
    log_format: Literal["text", "json"]
    secret_key: bytes | None = field(repr=False)
    token_key: bytes | None = field(repr=False)
    """The PEM of the user service's Ed25519 key."""
    identity_key: bytes | None = field(repr=False)
    """The PEM of the gateway's Ed25519 key."""
    token_jwks_url: str | None
    identity_jwks: str | None
    gateway_compile_operations: bool
    """Whether the gateway runs operations compiled."""
    compile_operations: bool
    """Whether subgraphs run queries compiled."""
    stock_operations: tuple[str, ...]
    """Names of operations that they never do."""
    shadow_rate: float
    """The share of compiled queries that are run both ways and compared."""

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check all of them. Raises CommandError: the name, what it got, an example."""
        read = _Reader(environ)
        environment = read.choice("ENV", "development", "production")
        production = environment == "production"
        return cls(
            environment="production" if production else "development",
            environment_given=read.text("ENV") is not None,
            home=Path(read.text("HOME") or ".data"),
            port=_port("PORT", environ.get("PORT") or "8000"),
            database_url=read.url(
                "DATABASE_URL", "postgresql://user:password@host:5432/lets_connect", _POSTGRES
            ),
            redis_url=read.url("REDIS_URL", "redis://:password@host:6379/0", ("redis", "rediss", "unix")),
            object_store_url=read.url("OBJECT_STORE_URL", "s3://KEY:SECRET@HOST/BUCKET", ("s3", "s3+http")),
            supergraph=read.path("SUPERGRAPH"),
            subgraph_urls=_subgraph_urls(read),
            public_url=read.origin("PUBLIC_URL"),
            forwarded_allow_ips=read.networks("FORWARDED_ALLOW_IPS"),
            metrics_port=read.port("METRICS_PORT"),
            upload_max_bytes=read.size("UPLOAD_MAX_BYTES", 128 << 20),
            demo=read.flag("DEMO", default=not production),
            log_format="json" if read.choice("LOG_FORMAT", "text", "json") == "json" else "text",
            secret_key=read.secret("SECRET_KEY"),
            token_key=read.signing_key("TOKEN_KEY"),
            identity_key=read.signing_key("IDENTITY_KEY"),
            token_jwks_url=read.url("TOKEN_JWKS_URL", "http://user:8000/.well-known/jwks.json", _HTTP),
            identity_jwks=read.jwks("IDENTITY_JWKS"),
            gateway_compile_operations=read.flag("GATEWAY_COMPILE_OPERATIONS", default=True),
            compile_operations=read.flag("SUBGRAPH_COMPILE_OPERATIONS", default=True),
            stock_operations=read.names("SUBGRAPH_STOCK_OPERATIONS"),
            shadow_rate=read.share("SUBGRAPH_SHADOW_RATE"),
        )

    def check_production(self, *keys: str) -> None:
        """Production starts with external servers, SECRET_KEY and the ``keys`` named, or not at all."""
        if self.production:
            for name in (*_NEEDED_IN_PRODUCTION, *keys):
                if getattr(self, name.lower()) is None:
                    raise CommandError(
                        f"{PREFIX}{name} is not set; {PREFIX}ENV=production does not start without it"
                    )


_POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")
_HTTP = ("http", "https")


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str) -> str | None:
        return self.environ.get(PREFIX + name, "").strip() or None

    def choice(self, name: str, first: str, second: str) -> str:
        value = self.text(name) or first
        if value not in (first, second):
            raise _wrong(name, value, f"{first} or {second}", second)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name)
        known = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        if value is not None and value.lower() not in known:
            raise _wrong(name, value, "true or false", "false")
        return default if value is None else known[value.lower()]

    def size(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        match = _SIZE.fullmatch(value)
        if match is None or int(match[1]) == 0:
            raise _wrong(name, value, "a number of bytes", "128MiB")
        return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[(match[2] or "")[:1].upper()]

    def port(self, name: str) -> int | None:
        value = self.text(name)
        return None if value is None else _port(PREFIX + name, value)

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return None if value is None else Path(value)

    def url(self, name: str, example: str, schemes: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is not None:
            parts = _split(value)
            if (
                parts is None
                or parts[0] not in schemes
                or not (parts[1] or parts[0] == "unix" or "host=" in value)
            ):
                # Never the value: it may hold a password.
                got = f"something that begins with {parts[0]!r}" if parts and parts[0] else "no URL"
                raise CommandError(
                    f"{PREFIX}{name} must be a URL with {' or '.join(f'{s}://' for s in schemes)}, "
                    f"and is {got}; for example {PREFIX}{name}={example}"
                )
        return value

    def origin(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = _split(value)
        if parts is None or parts[0] not in _HTTP or not parts[1] or urlsplit(value).path.strip("/"):
            raise _wrong(name, value, "an origin without a path", "https://connect.example.org")
        return value.rstrip("/")

    def names(self, name: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        for part in given:
            if not (part.isascii() and part.isidentifier()):
                raise _wrong(
                    name, part, "names of operations separated by commas", "Feed__content__0,Product"
                )
        return given

    def share(self, name: str) -> float:
        value = self.text(name) or "0"
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise _wrong(name, value, "a number from 0 to 1", "0.001")
        return share

    def networks(self, name: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        for part in given:
            try:
                ipaddress.ip_network(part, strict=False)
            except ValueError:
                raise _wrong(
                    name, part, "addresses or networks separated by commas", "10.0.0.0/8,127.0.0.1"
                ) from None
        return given

    def secret(self, name: str) -> bytes | None:
        value = self.text(name)
        if value is None:
            return None
        if len(value) < 32:
            raise CommandError(
                f"{PREFIX}{name} has {len(value)} characters and needs at least 32 random ones: openssl rand -hex 32"
            )
        return value.encode()

    def signing_key(self, name: str) -> bytes | None:
        value = self.text(name)
        if value is None:
            return None
        pem = _pem(value)
        try:
            good = isinstance(load_pem_private_key(pem, password=None), Ed25519PrivateKey)
        except (ValueError, TypeError):
            good = False
        if not good:
            raise CommandError(
                f"{PREFIX}{name} must be an Ed25519 private key, as PEM, its base64, or the path of a file with it; "
                "for example: openssl genpkey -algorithm ed25519 -out key.pem"
            )
        return pem

    def jwks(self, name: str) -> str | None:
        value = self.text(name)
        if value is None or value.startswith(("http://", "https://")):
            return value
        text = value if value.startswith("{") else _read_public(name, value)
        try:
            if isinstance(json.loads(text)["keys"], list):
                return text
        except (ValueError, KeyError, TypeError):
            pass
        raise _wrong(name, value[:40], "a JWKS, a file with one, or its URL", '{"keys":[{"kty":"OKP",…}]}')


def _split(value: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts.scheme, parts.netloc


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise CommandError(
            f"{name} must be a port from 0 to 65535, and is {value!r}; for example {name}=8000"
        )
    return int(value)


def _pem(value: str) -> bytes:
    if value.startswith("-----BEGIN"):
        return value.replace("\\n", "\n").encode()
    if len(value) < 4096 and Path(value).is_file():
        return read_private(Path(value))
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""


def _read_public(name: str, value: str) -> str:
    try:
        return Path(value).read_text()
    except OSError as error:
        raise CommandError(
            f"{PREFIX}{name} names a file that cannot be read: {value} ({error.strerror})"
        ) from error


def _subgraph_urls(read: _Reader) -> dict[str, str]:
    found = {}
    for name in DOMAINS:
        url = read.url(f"SUBGRAPH_URL_{name.upper()}", f"http://{name}:8000/graphql", _HTTP)
        if url is not None:
            found[name] = url
    return found


def _wrong(name: str, got: str, wanted: str, example: str) -> CommandError:
    return CommandError(
        f"{PREFIX}{name} must be {wanted}, and is {got!r}; for example {PREFIX}{name}={example}"
    )
