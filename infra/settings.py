"""The environment's LETS_CONNECT_* variables, read once and checked by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from gateway.config import ConfigError, GatewaySettings, read_environment, settings_for
from infra.domains import DOMAINS
from infra.environment import PREFIX, Reader, port, with_secrets
from infra.errors import CommandError
from infra.ops.rules import OpsRules
from subgraphs.kit.settings import Library, Serving, Storage

__all__ = ["PREFIX", "Settings"]

_POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")
_HTTP = ("http", "https")
_EXAMPLES = MappingProxyType(
    {
        "DATABASE_URL": "postgresql://user:password@host:5432/lets_connect",
        "REDIS_URL": "redis://:password@host:6379/0",
        "OBJECT_STORE_URL": "s3://KEY:SECRET@HOST/BUCKET",
        "SUPERGRAPH": "supergraph.graphql",
        "SECRET_KEY": "$(openssl rand -hex 32)",
        "TOKEN_KEY": '"$(openssl genpkey -algorithm ed25519)"',
        "IDENTITY_KEY": '"$(openssl genpkey -algorithm ed25519)"',
        "TOKEN_JWKS_URL": "http://user:8001/.well-known/jwks.json",
        "IDENTITY_JWKS": '"$(lets-connect jwks identity.pem)"',
        **{f"SUBGRAPH_URL_{d.upper()}": f"http://{d}:{8001 + n}/graphql" for n, d in enumerate(DOMAINS)},
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command is told from outside. None: unset."""

    environment: Literal["development", "production"]
    home: Path
    port: int
    database_url: str | None = field(repr=False)
    database_pooler: Literal["session", "transaction"]
    """For how long a pooler before the database, if there is one, gives a connection to one of ours."""
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
    leave_seconds: float
    """How long, once told to stop, a process still takes requests, and tells clients to go elsewhere."""
    drain_seconds: float
    """How long after that what is under way may take to end."""
    gateway: GatewaySettings
    """The gateway's own."""
    compile_operations: bool
    """Whether subgraphs run queries compiled."""
    stock_operations: tuple[str, ...]
    """Names of operations that they never do."""
    shadow_rate: float
    """The share of compiled queries that are run both ways and compared."""
    operations: Path | None
    """A manifest of operations known beforehand."""
    caching: bool
    """Whether subgraphs ask Redis for rows before the database."""
    attribute_timing: float
    """The share of operations in which plain attributes are timed, too."""
    serving: Serving
    """How pictures are served."""
    storage: Storage
    """What people may store, and how long what they let go stays."""
    library: Library
    """How much people may make of their pictures."""
    ops: OpsRules
    """How much the operators' page looks at."""

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check all of them. Raises CommandError: the name, what it got, an example."""
        environ = with_secrets(environ)
        read = Reader(environ)
        environment = read.choice("ENV", "development", "production")
        production = environment == "production"
        return cls(
            environment="production" if production else "development",
            home=Path(read.text("HOME") or ".data"),
            port=port("PORT", environ.get("PORT") or "8000"),
            database_url=read.url("DATABASE_URL", _EXAMPLES["DATABASE_URL"], _POSTGRES),
            database_pooler="transaction"
            if read.choice("DATABASE_POOLER", "session", "transaction") == "transaction"
            else "session",
            redis_url=read.url("REDIS_URL", _EXAMPLES["REDIS_URL"], ("redis", "rediss", "unix")),
            object_store_url=read.url("OBJECT_STORE_URL", _EXAMPLES["OBJECT_STORE_URL"], ("s3", "s3+http")),
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
            token_jwks_url=read.url("TOKEN_JWKS_URL", _EXAMPLES["TOKEN_JWKS_URL"], _HTTP),
            identity_jwks=read.jwks("IDENTITY_JWKS"),
            leave_seconds=read.seconds("LEAVE_SECONDS", 0.0),
            drain_seconds=read.seconds("DRAIN_SECONDS", 9.0),
            gateway=_gateway(environ, environment),
            compile_operations=read.flag("SUBGRAPH_COMPILE_OPERATIONS", default=True),
            stock_operations=read.names("SUBGRAPH_STOCK_OPERATIONS"),
            shadow_rate=read.share("SUBGRAPH_SHADOW_RATE"),
            operations=read.path("OPERATIONS"),
            caching=read.flag("CACHE", default=True),
            attribute_timing=read.share("SUBGRAPH_ATTRIBUTE_TIMING"),
            serving=_serving(read),
            storage=_storage(read),
            library=_library(read),
            ops=_ops(read),
        )

    def require(self, *names: str) -> None:
        """Production does not start without the settings named. Raises CommandError: each on a line, with an example."""
        missing = [name for name in names if self.production and not self._has(name)]
        if missing:
            raise CommandError(
                f"{PREFIX}ENV=production does not start without what is not set here; for example:"
                + "".join(f"\n  {PREFIX}{name}={_EXAMPLES[name]}" for name in missing)
            )

    def _has(self, name: str) -> bool:
        if name.startswith(_SUBGRAPH_URL):
            return name.removeprefix(_SUBGRAPH_URL).lower() in self.subgraph_urls
        return getattr(self, name.lower()) is not None


_SUBGRAPH_URL = "SUBGRAPH_URL_"


def _gateway(environ: Mapping[str, str], environment: str) -> GatewaySettings:
    try:
        return read_environment(environ, settings_for(environment))
    except ConfigError as error:
        raise CommandError(str(error)) from error


def _serving(read: Reader) -> Serving:
    default = Serving()
    return Serving(
        previous_secret=read.secret("SECRET_KEY_PREVIOUS"),
        memory_bytes=read.size("IMAGE_MEMORY_BYTES", default.memory_bytes),
        renditions=read.count("IMAGE_RENDITIONS", default.renditions),
        cdn_url=read.origin("CDN_URL"),
        cdn_purge_url=read.url("CDN_PURGE_URL", "https://api.fastly.com/service/ID/purge", _HTTP),
        cdn_purge_method=read.choice("CDN_PURGE_METHOD", "POST", "PURGE"),
        cdn_purge_token=read.text("CDN_PURGE_TOKEN"),
    )


def _storage(read: Reader) -> Storage:
    default = Storage()
    return Storage(
        quota_bytes=read.size("QUOTA_BYTES", default.quota_bytes),
        quota_files=read.count("QUOTA_FILES", default.quota_files),
        open_uploads=read.count("OPEN_UPLOADS", default.open_uploads),
        uploads_at_once=read.count("UPLOADS_AT_ONCE", default.uploads_at_once),
        uploads_waiting=read.count("UPLOADS_WAITING", default.uploads_waiting),
        uploads_at_once_each=read.count("UPLOADS_AT_ONCE_EACH", default.uploads_at_once_each),
        uploads_waiting_each=read.count("UPLOADS_WAITING_EACH", default.uploads_waiting_each),
        pictures_at_once=read.count("PICTURES_AT_ONCE", default.pictures_at_once),
        pictures_waiting=read.count("PICTURES_WAITING", default.pictures_waiting),
        upload_wait_seconds=read.seconds("UPLOAD_WAIT_SECONDS", default.upload_wait_seconds),
        upload_rate=read.size("UPLOAD_RATE", default.upload_rate),
        upload_hours=read.count("UPLOAD_HOURS", default.upload_hours),
        trash_days=read.count("TRASH_DAYS", default.trash_days),
        grace_minutes=read.count("COLLECTION_GRACE_MINUTES", default.grace_minutes),
        picture_pixels=read.count("PICTURE_PIXELS", default.picture_pixels),
        picture_side=read.count("PICTURE_SIDE", default.picture_side),
        picture_frames=read.count("PICTURE_FRAMES", default.picture_frames),
        animation_pixels=read.count("ANIMATION_PIXELS", default.animation_pixels),
        films=read.some_of("FILMS", default.films),
        film_max_bytes=read.size("FILM_MAX_BYTES", default.film_max_bytes),
        film_seconds=read.count("FILM_SECONDS", default.film_seconds),
        film_pixels=read.count("FILM_PIXELS", default.film_pixels),
        scanner_url=read.url("SCANNER_URL", "tcp://clamd:3310", ("tcp", "unix")),
        public_url=read.origin("OBJECT_STORE_PUBLIC_URL"),
    )


def _ops(read: Reader) -> OpsRules:
    default = OpsRules()
    return OpsRules(
        seconds=max(0.1, read.seconds("OPS_SECONDS", default.seconds)),
        minutes=read.count("OPS_MINUTES", default.minutes),
        cells=read.count("OPS_CELLS", default.cells),
        watchers=read.count("OPS_WATCHERS", default.watchers),
        replicas=read.text("OPS_REPLICAS") or default.replicas,
        gateways=read.hosts("OPS_GATEWAYS"),
    )


def _library(read: Reader) -> Library:
    default = Library()
    return Library(
        albums=read.count("ALBUMS", default.albums),
        album_pictures=read.count("ALBUM_PICTURES", default.album_pictures),
        album_members=read.count("ALBUM_MEMBERS", default.album_members),
        album_links=read.count("ALBUM_LINKS", default.album_links),
        picture_tags=read.count("PICTURE_TAGS", default.picture_tags),
        edits_an_hour=read.count("PICTURE_EDITS_AN_HOUR", default.edits_an_hour),
    )


def _subgraph_urls(read: Reader) -> dict[str, str]:
    given = {name: f"{_SUBGRAPH_URL}{name.upper()}" for name in DOMAINS}
    urls = {name: read.url(setting, _EXAMPLES[setting], _HTTP) for name, setting in given.items()}
    return {name: url for name, url in urls.items() if url is not None}
