"""Settings from the environment, and what is said of wrong ones."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.config import GatewaySettings
from infra.errors import CommandError
from infra.ops.rules import OpsRules
from infra.settings import Settings
from subgraphs.kit.identity.keys import SigningKey
from subgraphs.kit.settings import Library, Serving, Storage

_PEM, _OTHER = (
    Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for _ in range(2)
)


def _settings(**values: str) -> Settings:
    return Settings.from_environment({f"LETS_CONNECT_{name}": value for name, value in values.items()})


def test_an_empty_environment_is_a_laptop() -> None:
    assert _settings() == Settings(
        environment="development",
        home=Path(".data"),
        port=8000,
        database_url=None,
        database_pooler="session",
        redis_url=None,
        object_store_url=None,
        supergraph=None,
        subgraph_urls={},
        public_url=None,
        forwarded_allow_ips=(),
        metrics_port=None,
        upload_max_bytes=128 * 1024 * 1024,
        demo=True,
        log_format="text",
        secret_key=None,
        token_key=None,
        identity_key=None,
        token_jwks_url=None,
        identity_jwks=None,
        leave_seconds=0.0,
        drain_seconds=9.0,
        gateway=GatewaySettings(limit_loopback=False),
        compile_operations=True,
        stock_operations=(),
        shadow_rate=0.0,
        operations=None,
        caching=True,
        attribute_timing=0.0,
        serving=Serving(),
        storage=Storage(),
        library=Library(),
        ops=OpsRules(),
    )


def test_how_pictures_are_served_is_set_from_outside() -> None:
    settings = _settings(
        SECRET_KEY_PREVIOUS="o" * 32,
        IMAGE_MEMORY_BYTES="8MiB",
        IMAGE_RENDITIONS="3",
        CDN_URL="https://cdn.example.org",
        CDN_PURGE_URL="http://varnish:6081/",
        CDN_PURGE_METHOD="PURGE",
        CDN_PURGE_TOKEN="sesame",
    )
    assert settings.serving == Serving(
        b"o" * 32, 8 << 20, 3, "https://cdn.example.org", "http://varnish:6081/", "PURGE", "sesame"
    )
    assert "sesame" not in repr(settings)
    assert "ooo" not in repr(settings)
    with pytest.raises(CommandError, match="LETS_CONNECT_IMAGE_RENDITIONS must be a number from 1 on"):
        _settings(IMAGE_RENDITIONS="0")


def test_the_subgraphs_compiled_executor_is_set_from_outside() -> None:
    settings = _settings(
        SUBGRAPH_COMPILE_OPERATIONS="false",
        SUBGRAPH_STOCK_OPERATIONS="Feed__content__0, Product",
        SUBGRAPH_SHADOW_RATE="0.01",
    )
    assert (settings.compile_operations, settings.stock_operations, settings.shadow_rate) == (
        False,
        ("Feed__content__0", "Product"),
        0.01,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("SHADOW_RATE", "2"), ("SHADOW_RATE", "nan"), ("SHADOW_RATE", "often"), ("STOCK_OPERATIONS", "a b")],
)
def test_a_wrong_setting_of_the_compiled_executor_is_named(name: str, value: str) -> None:
    with pytest.raises(CommandError, match=f"LETS_CONNECT_SUBGRAPH_{name}"):
        _settings(**{f"SUBGRAPH_{name}": value})


def test_which_films_are_taken_is_set_from_outside() -> None:
    given = _settings(
        FILMS="webm, mp4", FILM_MAX_BYTES="8MiB", FILM_SECONDS="30", FILM_PIXELS="921600"
    ).storage
    assert (given.films, given.film_max_bytes) == (("webm", "mp4"), 8 << 20)
    assert (given.film_seconds, given.film_pixels) == (30, 921_600)
    assert _settings(FILMS="none").storage.films == ()


def test_how_large_a_picture_may_be_is_set_from_outside() -> None:
    given = _settings(
        PICTURE_PIXELS="1000", PICTURE_SIDE="200", PICTURE_FRAMES="3", ANIMATION_PIXELS="2000"
    ).storage
    assert (given.picture_pixels, given.picture_side) == (1000, 200)
    assert (given.picture_frames, given.animation_pixels) == (3, 2000)


def test_production_has_no_demo_unless_asked_for() -> None:
    assert [_settings(ENV="production").demo, _settings(ENV="production", DEMO="yes").demo] == [False, True]


@pytest.mark.parametrize("form", ["text", "one line", "base64", "file"])
def test_a_key_is_a_pem_or_where_it_lies(tmp_path: Path, form: str) -> None:
    (tmp_path / "key.pem").write_bytes(_PEM)
    (tmp_path / "key.pem").chmod(0o600)
    given = {
        "text": _PEM.decode().strip(),
        "one line": _PEM.decode().strip().replace("\n", "\\n"),
        "base64": base64.b64encode(_PEM).decode(),
        "file": str(tmp_path / "key.pem"),
    }
    read = _settings(TOKEN_KEY=given[form]).token_key
    assert read is not None
    assert read.strip() == _PEM.strip()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "ENV",
            "prod",
            "must be development or production, and is 'prod'; for example LETS_CONNECT_ENV=production",
        ),
        ("DEMO", "maybe", "must be true or false, and is 'maybe'; for example LETS_CONNECT_DEMO=false"),
        (
            "UPLOAD_MAX_BYTES",
            "lots",
            "must be a number of bytes, and is 'lots'; for example LETS_CONNECT_UPLOAD_MAX_BYTES=128MiB",
        ),
        (
            "FILMS",
            "mp4,avi",
            "must be some of mp4, mov, webm, separated by commas, or none, and is 'avi'; for example LETS_CONNECT_FILMS=mp4",
        ),
        (
            "METRICS_PORT",
            "70000",
            "must be a port from 0 to 65535, and is '70000'; for example LETS_CONNECT_METRICS_PORT=8000",
        ),
        (
            "PUBLIC_URL",
            "example.org",
            (
                "must be an origin without a path, and is 'example.org'; "
                "for example LETS_CONNECT_PUBLIC_URL=https://connect.example.org"
            ),
        ),
        (
            "FORWARDED_ALLOW_IPS",
            "10.0.0.0/8,proxy",
            (
                "must be addresses or networks separated by commas, and is 'proxy'; "
                "for example LETS_CONNECT_FORWARDED_ALLOW_IPS=10.0.0.0/8,127.0.0.1"
            ),
        ),
        (
            "DATABASE_URL",
            "mysql://root:hush@db/x",
            (
                "must be a URL with postgresql:// or postgres:// or postgresql+asyncpg://, and is something that begins "
                "with 'mysql'; for example LETS_CONNECT_DATABASE_URL=postgresql://user:password@host:5432/lets_connect"
            ),
        ),
        (
            "DRAIN_SECONDS",
            "soon",
            (
                "must be a number of seconds from 0 to 3600, and is 'soon'; "
                "for example LETS_CONNECT_DRAIN_SECONDS=9"
            ),
        ),
        (
            "SECRET_KEY",
            "short",
            "has 5 characters and needs at least 32 random ones: openssl rand -hex 32",
        ),
        (
            "IDENTITY_KEY",
            "nonsense",
            (
                "must be an Ed25519 private key, as PEM, its base64, or the path of a file with it; "
                "for example: openssl genpkey -algorithm ed25519 -out key.pem"
            ),
        ),
        (
            "SUBGRAPH_URL_SHOP",
            "shop:8000",
            (
                "must be a URL with http:// or https://, and is something that begins with 'shop'; "
                "for example LETS_CONNECT_SUBGRAPH_URL_SHOP=http://shop:8006/graphql"
            ),
        ),
    ],
)
def test_what_is_wrong_is_named_with_an_example(name: str, value: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        _settings(**{name: value})
    assert str(caught.value) == f"LETS_CONNECT_{name} {message}"


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(_PEM)
    key.chmod(0o644)
    with pytest.raises(CommandError) as caught:
        _settings(IDENTITY_KEY=str(key))
    assert str(caught.value) == f"{key} can be read by others (mode 644); chmod 600 {key}"


def test_production_names_each_setting_that_is_missing_with_an_example() -> None:
    given = _settings(ENV="production", DATABASE_URL="postgresql://r:p@db/main", SECRET_KEY="s" * 32)
    given.require("DATABASE_URL", "SECRET_KEY")
    with pytest.raises(CommandError) as caught:
        given.require("DATABASE_URL", "REDIS_URL", "TOKEN_KEY", "SUBGRAPH_URL_SHOP")
    assert str(caught.value) == (
        "LETS_CONNECT_ENV=production does not start without what is not set here; for example:\n"
        "  LETS_CONNECT_REDIS_URL=redis://:password@host:6379/0\n"
        '  LETS_CONNECT_TOKEN_KEY="$(openssl genpkey -algorithm ed25519)"\n'
        "  LETS_CONNECT_SUBGRAPH_URL_SHOP=http://shop:8006/graphql"
    )


def test_development_starts_without_any() -> None:
    _settings().require("DATABASE_URL", "TOKEN_KEY")


def test_a_folder_of_secrets_stands_behind_the_environment(tmp_path: Path) -> None:
    (tmp_path / "LETS_CONNECT_SECRET_KEY").write_text("from the file" * 4 + "\n")
    (tmp_path / "LETS_CONNECT_PUBLIC_URL").write_text("https://file.example")
    (tmp_path / "..data").mkdir()
    read = _settings(SECRETS=str(tmp_path), PUBLIC_URL="https://environment.example")
    assert (read.secret_key, read.public_url) == (b"from the file" * 4, "https://environment.example")


def test_a_folder_of_secrets_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        _settings(SECRETS=str(tmp_path / "nowhere"))
    assert str(caught.value) == (
        f"LETS_CONNECT_SECRETS must be a folder of files that can be read, and {tmp_path}/nowhere cannot "
        "(No such file or directory); for example LETS_CONNECT_SECRETS=/run/secrets/lets-connect"
    )


def test_the_products_gateway_is_set_as_the_gateway_alone_is() -> None:
    read = _settings(GATEWAY_CORS_ORIGINS="[https://a.example]", GATEWAY_DEPTH="40").gateway
    assert (read.cors_origins, read.guards.depth) == (("https://a.example",), 40)
    with pytest.raises(CommandError, match="LETS_CONNECT_GATEWAY_DEPTH: depth must be a whole number"):
        _settings(GATEWAY_DEPTH="deep")


def test_keys_one_after_another_are_all_read(tmp_path: Path) -> None:
    read = _settings(TOKEN_KEY=_PEM.decode() + _OTHER.decode()).token_key
    assert read is not None
    assert [key.kid for key in SigningKey.all_from_pem(read)] == [
        SigningKey.from_pem(_PEM).kid,
        SigningKey.from_pem(_OTHER).kid,
    ]


def test_no_secret_is_in_the_settings_text() -> None:
    settings = _settings(
        SECRET_KEY="hush" * 8, DATABASE_URL="postgresql://r:hush@db/main", TOKEN_KEY=_PEM.decode()
    )
    assert ("hush" in repr(settings), "PRIVATE" in repr(settings)) == (False, False)


def test_what_people_may_make_of_their_pictures_is_set() -> None:
    given = {
        "ALBUMS": "1",
        "ALBUM_PICTURES": "2",
        "ALBUM_MEMBERS": "3",
        "ALBUM_LINKS": "4",
        "PICTURE_TAGS": "5",
    }
    assert _settings(**given).library == Library(1, 2, 3, 4, 5)
