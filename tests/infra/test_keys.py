"""Development's keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.errors import CommandError
from infra.keys import development_secret, development_signing_key
from subgraphs.kit.identity.keys import SigningKey


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first = [
        development_secret(tmp_path),
        *(development_signing_key(tmp_path, n) for n in ("token", "identity")),
    ]
    again = [
        development_secret(tmp_path),
        *(development_signing_key(tmp_path, n) for n in ("token", "identity")),
    ]
    assert first == again
    assert len({SigningKey.from_pem(pem).kid for pem in first[1:]}) == 2
    assert {p.name: oct(p.stat().st_mode & 0o777) for p in (tmp_path / "keys").iterdir()} == {
        "secret": "0o600",
        "token.pem": "0o600",
        "identity.pem": "0o600",
    }


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    development_secret(tmp_path)
    secret = tmp_path / "keys" / "secret"
    secret.chmod(0o640)
    with pytest.raises(CommandError) as caught:
        development_secret(tmp_path)
    assert str(caught.value) == f"{secret} can be read by others (mode 640); chmod 600 {secret}"
