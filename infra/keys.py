"""Development's own keys: made once, kept under HOME/keys, refused where others can read them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.errors import CommandError
from infra.local.home import Home, alone_in, write_private

__all__ = ["development_secret", "development_signing_key", "read_private"]


def read_private(path: Path) -> bytes:
    """A secret file's content. Refused where any other account can read or write it."""
    try:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise CommandError(f"{path} can be read by others (mode {mode:03o}); chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def development_signing_key(home: Path, name: str) -> bytes:
    """The Ed25519 key HOME/keys/NAME.pem (PKCS#8), made the first time."""
    return _kept(home, f"{name}.pem", _new_signing_key)


def development_secret(home: Path) -> bytes:
    """The root secret HOME/keys/secret, made the first time."""
    return _kept(home, "secret", lambda: secrets.token_hex(32).encode()).strip()


def _kept(home: Path, name: str, make: Callable[[], bytes]) -> bytes:
    keys = Home(home).directory("keys")
    path = keys / name
    if not path.exists():
        # Of eight processes that start together all but one take the key that the first has made.
        with alone_in(keys):
            if not path.exists():
                write_private(path, make())
    return read_private(path)


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
