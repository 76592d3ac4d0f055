"""Settings from a file and from the environment, and what is said of wrong ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.config import ConfigError, GatewaySettings, Guards, read_config, read_environment, settings_for

_BASE = GatewaySettings()


def test_production_is_closed_and_development_open() -> None:
    closed = GatewaySettings(
        introspection=False, explorer=False, suggestions=False, limit_loopback=True, metrics=False
    )
    assert settings_for("production") == closed
    assert settings_for("development") == GatewaySettings(limit_loopback=False)


def test_another_environment_is_none() -> None:
    with pytest.raises(ConfigError) as caught:
        settings_for("staging")
    assert str(caught.value) == "LETS_CONNECT_ENV must be development or production, and is 'staging'"


def test_a_file_is_read_over_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(
        "introspection: false\ncors_origins: [https://a.example]\nsubgraph_timeout: 2\n"
        "subgraph_urls: {books: 'http://books'}\nsubgraph_http2: [books]\ncontract: {exclude: [internal], hide_unreachable: false}\nguards: {depth: 7, body_seconds: 1.5}\n"
    )
    assert read_config(path, _BASE) == replace(
        _BASE,
        introspection=False,
        cors_origins=("https://a.example",),
        subgraph_timeout=2,
        subgraph_urls={"books": "http://books"},
        subgraph_http2=("books",),
        contract={"exclude": ("internal",), "hide_unreachable": False},
        guards=Guards(depth=7, body_seconds=1.5),
    )


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text("")
    assert read_config(path, _BASE) == _BASE


def test_the_environment_has_the_products_names_and_every_setting() -> None:
    given = {
        "LETS_CONNECT_LOG_FORMAT": "json",
        "LETS_CONNECT_METRICS_PORT": "9100",
        "LETS_CONNECT_FORWARDED_ALLOW_IPS": "10.0.0.0/8, 127.0.0.1",
        "LETS_CONNECT_UPLOAD_MAX_BYTES": "2 MiB",
        "LETS_CONNECT_SUBGRAPH_URL_MY_BOOKS": "http://books",
        "LETS_CONNECT_GATEWAY_INTROSPECTION": "false",
        "LETS_CONNECT_GATEWAY_CORS_ORIGINS": "[https://a.example]",
        "LETS_CONNECT_GATEWAY_DEPTH": "7",
        "LETS_CONNECT_GATEWAY_SUBGRAPH_TIMEOUT": " ",
        "LETS_CONNECT_DATABASE_URL": "postgresql://not/ours",
        "HOME": "/root",
    }
    assert read_environment(given, _BASE) == replace(
        _BASE,
        log_format="json",
        metrics_port=9100,
        trusted_proxies=("10.0.0.0/8", "127.0.0.1"),
        subgraph_urls={"my_books": "http://books"},
        introspection=False,
        cors_origins=("https://a.example",),
        guards=Guards(upload_bytes=2 << 20, depth=7),
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LOG_FORMAT", "xml", "log_format must be text or json, and is 'xml'"),
        ("METRICS_PORT", "70000", "metrics_port must be a port, or null, and is 70000"),
        (
            "FORWARDED_ALLOW_IPS",
            "proxy",
            "trusted proxies are addresses or networks, and 'proxy' is neither",
        ),
        ("UPLOAD_MAX_BYTES", "much", "upload_bytes must be a whole number above 0, and is 'much'"),
        ("GATEWAY_DEPTH", "-1", "depth must be a whole number above 0, and is -1"),
        ("GATEWAY_DEPTH", "true", "depth must be a whole number above 0, and is True"),
        ("GATEWAY_BODY_SECONDS", ".inf", "body_seconds must be a number above 0, and is inf"),
        ("LEAVE_SECONDS", "-1", "leave_seconds must be a number, 0 or more, and is -1"),
        ("GATEWAY_TRACE_SHARE", "2", "trace_share must be a number from 0 to 1, and is 2"),
        ("GATEWAY_EXPLORER", "2", "explorer must be true or false, and is 2"),
        ("GATEWAY_CORS_ORIGINS", "https://a", "cors_origins must be a list of texts, and is 'https://a'"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_name(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_environment({f"LETS_CONNECT_{name}": value}, _BASE)
    assert str(caught.value) == f"LETS_CONNECT_{name}: {told}"


@pytest.mark.parametrize("name", ["leave_seconds", "loop_held_seconds", "trace_share"])
def test_a_setting_that_0_switches_off_takes_it(name: str) -> None:
    read = read_environment({f"LETS_CONNECT_GATEWAY_{name.upper()}": "0"}, _BASE)
    assert getattr(read, name) == 0


def test_a_subgraph_may_have_a_settings_name(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text("subgraph_urls: {log_level: 'http://log-level'}")
    assert read_config(path, _BASE).subgraph_urls == {"log_level": "http://log-level"}


def test_a_setting_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(
        ConfigError, match="there is no setting 'dept'; there are access_log, compile_operations, "
    ):
        read_environment({"LETS_CONNECT_GATEWAY_DEPT": "1"}, _BASE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"- 1", "must be a mapping of settings, and is list"),
        (b"guards: 3", "guards must be a mapping"),
        (b"{", "is neither YAML nor JSON: "),
        (b"\xff\xfe\x00", "is neither YAML nor JSON: "),
        (b"[" * 5000, "is neither YAML nor JSON: "),
        (b"subgraph_urls: {a: 1}", "a must be a text, and is 1"),
        (b"contract: [a]", "contract must be a mapping, and is ['a']"),
        (
            b"contract: {excludes: [a]}",
            "a contract has include, exclude, hide_unreachable, and no 'excludes'",
        ),
        (b"contract: {exclude: a}", "exclude must be a list of texts, and is 'a'"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told(tmp_path: Path, text: bytes, told: str) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_bytes(text)
    with pytest.raises(ConfigError) as caught:
        read_config(path, _BASE)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path / "none.yaml", _BASE)
    assert str(caught.value) == f"{tmp_path / 'none.yaml'} cannot be read: No such file or directory"
