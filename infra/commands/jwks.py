"""``lets-connect jwks FILE...``: the public side of signing keys, as LETS_CONNECT_IDENTITY_JWKS takes it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from infra.errors import CommandError
from infra.keys import read_private
from subgraphs.kit.identity.keys import SigningKey, jwks

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "jwks",
        help="print the public side of signing keys",
        description="Prints a JWKS of Ed25519 keys, one or several: while a key is changed, both are published.",
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="PEM that its owner alone can read"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    keys = [key for file in options.files for key in _read(file)]
    print(json.dumps(jwks(keys), separators=(",", ":")))
    return 0


def _read(file: Path) -> list[SigningKey]:
    try:
        return SigningKey.all_from_pem(read_private(file))
    except (ValueError, TypeError) as error:
        raise CommandError(
            f"{file} must be an Ed25519 private key as PEM; for example: openssl genpkey -algorithm ed25519 -out {file}"
        ) from error
