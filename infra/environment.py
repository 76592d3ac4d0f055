"""How settings are written in the environment, or in files beside it, and what is said of one that is not."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from infra.errors import CommandError
from infra.keys import read_private
from subgraphs.kit.identity.keys import SigningKey

__all__ = ["PREFIX", "Reader", "port", "with_secrets", "wrong"]

PREFIX = "LETS_CONNECT_"
_HTTP = ("http", "https")
_SIZE = re.compile(r"(\d+) ?([KMG]i?)?B?", re.IGNORECASE)


def with_secrets(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment and, under it, what the files in the folder LETS_CONNECT_SECRETS say: a file a setting,
    named as it is, as orchestrators mount secrets. Raises CommandError."""
    folder = environ.get(f"{PREFIX}SECRETS", "").strip()
    if not folder:
        return environ
    try:
        files = [file for file in sorted(Path(folder).iterdir()) if file.name.startswith(PREFIX)]
        return {**{file.name: file.read_text() for file in files}, **environ}
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CommandError(
            f"{PREFIX}SECRETS must be a folder of files that can be read, and {folder} cannot ({said}); "
            f"for example {PREFIX}SECRETS=/run/secrets/lets-connect"
        ) from error


class Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str) -> str | None:
        return self.environ.get(PREFIX + name, "").strip() or None

    def choice(self, name: str, first: str, second: str) -> str:
        value = self.text(name) or first
        if value not in (first, second):
            raise wrong(name, value, f"{first} or {second}", second)
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
            raise wrong(name, value, "true or false", "false")
        return default if value is None else known[value.lower()]

    def size(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        match = _SIZE.fullmatch(value)
        if match is None or int(match[1]) == 0:
            raise wrong(name, value, "a number of bytes", "128MiB")
        return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[(match[2] or "")[:1].upper()]

    def count(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is not None and not (value.isdecimal() and 0 < int(value) < 1 << 31):
            raise wrong(name, value, "a number from 1 on", str(default))
        return default if value is None else int(value)

    def seconds(self, name: str, default: float) -> float:
        value = self.text(name)
        try:
            seconds = default if value is None else float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 3600:
            raise wrong(name, value or "", "a number of seconds from 0 to 3600", f"{default:g}")
        return seconds

    def port(self, name: str) -> int | None:
        value = self.text(name)
        return None if value is None else port(PREFIX + name, value)

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
            raise wrong(name, value, "an origin without a path", "https://connect.example.org")
        return value.rstrip("/")

    def hosts(self, name: str) -> tuple[tuple[str, int | None], ...]:
        """Each with its port, None where it is not said."""
        found = []
        for part in (self.text(name) or "").split(","):
            if not (given := part.strip()):
                continue
            try:
                split = urlsplit(f"//{given}")
                host, port_ = split.hostname, split.port
            except ValueError:
                host, port_ = None, None
            if host is None or split.netloc != given:
                raise wrong(
                    name, given, "hosts separated by commas, each with a port or without", "gateway:8000"
                )
            found.append((host, port_))
        return tuple(found)

    def names(self, name: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        for part in given:
            if not (part.isascii() and part.isidentifier()):
                raise wrong(name, part, "names of operations separated by commas", "Feed__content__0,Product")
        return given

    def some_of(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Those that are named, all where nothing is said, and none for ``none``."""
        value = self.text(name)
        if value is None or value == "none":
            return known if value is None else ()
        given = tuple(part.strip() for part in value.split(",") if part.strip())
        for part in given:
            if part not in known:
                raise wrong(name, part, f"some of {', '.join(known)}, separated by commas, or none", known[0])
        return given

    def share(self, name: str) -> float:
        value = self.text(name) or "0"
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise wrong(name, value, "a number from 0 to 1", "0.001")
        return share

    def networks(self, name: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        for part in given:
            try:
                ipaddress.ip_network(part, strict=False)
            except ValueError:
                raise wrong(
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
            SigningKey.all_from_pem(pem)
        except (ValueError, TypeError):
            raise CommandError(
                f"{PREFIX}{name} must be an Ed25519 private key, as PEM, its base64, or the path of a file with it; "
                "for example: openssl genpkey -algorithm ed25519 -out key.pem"
            ) from None
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
        raise wrong(name, value[:40], "a JWKS, a file with one, or its URL", '{"keys":[{"kty":"OKP",…}]}')


def _split(value: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts.scheme, parts.netloc


def port(name: str, value: str) -> int:
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


def wrong(name: str, got: str, wanted: str, example: str) -> CommandError:
    return CommandError(
        f"{PREFIX}{name} must be {wanted}, and is {got!r}; for example {PREFIX}{name}={example}"
    )
