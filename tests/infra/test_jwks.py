"""``lets-connect jwks``: what it prints is what subgraphs and gateway verify with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.cli import main
from infra.keys import development_signing_key
from subgraphs.kit.identity.keys import SigningKey, StaticKeys


async def test_the_public_sides_of_several_keys_are_one_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [SigningKey.from_pem(development_signing_key(tmp_path, name)) for name in ("old", "new")]
    files = [str(tmp_path / "keys" / f"{name}.pem") for name in ("old", "new")]
    assert main(["jwks", *files]) == 0
    printed = capsys.readouterr().out
    assert [key["kid"] for key in json.loads(printed)["keys"]] == [key.kid for key in keys]
    assert "d" not in json.loads(printed)["keys"][0]
    published = StaticKeys.from_jwks(printed)
    assert [await published.key(key.kid) for key in keys] == [key.private.public_key() for key in keys]


def test_a_file_that_is_no_key_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key.pem"
    file.write_text("nonsense")
    file.chmod(0o600)
    assert main(["jwks", str(file)]) == 1
    assert capsys.readouterr().err == (
        f"lets-connect: {file} must be an Ed25519 private key as PEM; "
        f"for example: openssl genpkey -algorithm ed25519 -out {file}\n"
    )
