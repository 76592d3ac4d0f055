"""Development's keys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infra.errors import CommandError
from infra.keys import development_secret, development_signing_key
from subgraphs.kit.identity.keys import SigningKey

_MAKER = """
import sys
from pathlib import Path
from infra.keys import development_secret, development_signing_key
print("begun", flush=True)
home = Path(sys.stdin.readline().strip())
print(development_secret(home), development_signing_key(home, "identity"))
"""
"""A process that reads or makes keys when it is told where."""


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


def test_processes_that_start_together_have_the_same_keys(tmp_path: Path) -> None:
    """As the eight of ``up --split`` do: a gateway that signs by another key than the rest knows is answered 401 for good."""
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", _MAKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "begun\n"
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write(f"{tmp_path}\n")
        maker.stdin.flush()
    told = {maker.communicate()[0] for maker in makers}
    assert len(told) == 1
