"""``lets-connect profile``: where a running product spends its time, or what allocates the memory it holds."""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from infra.domains import DOMAINS
from infra.errors import CommandError
from infra.profiling import FORMATS, MOST_SECONDS
from infra.settings import Settings
from infra.subgraphs import token_signing_key
from subgraphs.user.tokens import AccessTokens

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "profile",
        help="profile a running product",
        description="Samples a running process 100 times a second and prints its stacks, each with its count (for flame "
        "graphs), or, with --memory, the lines whose allocations are still held. Needs an operator's access token; where "
        "HOME has the product's keys, one is made.",
    )
    parser.add_argument("--url", help="the product (default: http://127.0.0.1:PORT)")
    parser.add_argument("--service", default="gateway", choices=("gateway", *DOMAINS), metavar="NAME",
                        help="of up --split, which process (default: %(default)s)")  # fmt: skip
    parser.add_argument("--seconds", type=_seconds, default=10.0, help="default: %(default)g")
    parser.add_argument("--memory", action="store_true", help="memory instead of time")
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="default: %(default)s")
    parser.add_argument("--token", help="an operator's access token")
    parser.set_defaults(run=_run)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"a profile takes up to {MOST_SECONDS:g} seconds, and not {text!r}")
    return seconds


def _run(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(os.environ)
    base = options.url or f"http://127.0.0.1:{settings.port}"
    if not base.startswith(("http://", "https://")):
        raise CommandError(f"--url must be http:// or https://, and is {base!r}")
    asked = {
        "service": options.service,
        "seconds": options.seconds,
        "format": options.format,
        "kind": "memory" if options.memory else "cpu",
    }
    token = options.token or _own_token(settings)
    request = urllib.request.Request(  # noqa: S310 - checked above
        f"{base}/api/ops/profile?{urllib.parse.urlencode(asked)}",
        headers={"authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=options.seconds + 30) as answer:  # noqa: S310
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as refused:
        raise CommandError(f"{base} refuses: {_reason(refused)}") from refused
    except OSError as error:
        raise CommandError(f"{base} does not answer: {getattr(error, 'reason', error)}") from error
    return 0


def _reason(refused: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(refused.read())
        found = told.get("error") or told["errors"][0]
        return str(found["message"])
    except (ValueError, LookupError, TypeError):
        return f"HTTP {refused.code}"


def _own_token(settings: Settings) -> str:
    """Signed with the key that is at hand: whoever can read it may do anything anyway."""
    keys = AccessTokens(token_signing_key(settings))
    return keys.sign(uuid4(), "OPERATOR", uuid4(), datetime.now(UTC))[0]
