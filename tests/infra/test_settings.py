"""Settings from the environment, and what is said of wrong ones."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.errors import CommandError
from infra.settings import Settings

_PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _settings(**values: str) -> Settings:
    return Settings.from_environment({f"LETS_CONNECT_{name}": value for name, value in values.items()})


def test_an_empty_environment_is_a_laptop() -> None:
    assert _settings() == Settings(
        environment="development",
        environment_given=False,
        home=Path(".data"),
        port=8000,
        database_url=None,
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
        gateway_compile_operations=True,
        compile_operations=True,
        stock_operations=(),
        shadow_rate=0.0,
    )


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
                "for example LETS_CONNECT_SUBGRAPH_URL_SHOP=http://shop:8000/graphql"
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


def test_production_does_not_start_without_servers_and_keys() -> None:
    given = {
        "ENV": "production",
        "DATABASE_URL": "postgresql://r:p@db/main",
        "REDIS_URL": "redis://cache",
        "OBJECT_STORE_URL": "s3://K:S@store/bucket",
        "SECRET_KEY": "s" * 32,
        "TOKEN_KEY": _PEM.decode(),
    }
    said = []
    for left_out in given:
        if left_out != "ENV":
            with pytest.raises(CommandError) as caught:
                _settings(**{k: v for k, v in given.items() if k != left_out}).check_production("TOKEN_KEY")
            said.append(str(caught.value))
    _settings(**given).check_production("TOKEN_KEY")
    assert said == [
        f"LETS_CONNECT_{name} is not set; LETS_CONNECT_ENV=production does not start without it"
        for name in given
        if name != "ENV"
    ]


def test_no_secret_is_in_the_settings_text() -> None:
    settings = _settings(
        SECRET_KEY="hush" * 8, DATABASE_URL="postgresql://r:hush@db/main", TOKEN_KEY=_PEM.decode()
    )
    assert ("hush" in repr(settings), "PRIVATE" in repr(settings)) == (False, False)
