"""Under which account a server runs that refuses to be root, and how it reaches files only root may."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.errors import CommandError

__all__ = ["way_for", "ways"]

_LAUNCHER = Path(__file__).parent.parent / "launch.py"
# Accounts that every distribution has and that own nothing: initdb wants one with a name.
_UNUSED_ACCOUNTS = ("news", "games", "daemon", "nobody")


def ways() -> list[str]:
    """How to leave root, the best first, in the launcher's words."""
    named = _named(os.geteuid())
    if os.geteuid() != 0 and named:
        return ["same"]
    unused = _unused_account()
    # A namespace leaves every file the caller's own; where the machine forbids it, an account is changed to.
    inner = [f"namespace:{unused.pw_uid}:{unused.pw_gid}"]
    return inner + ([f"account:{unused.pw_uid}:{unused.pw_gid}"] if os.geteuid() == 0 else [])


def way_for(program: Path, directory: Path, candidates: Iterable[str]) -> str:
    """The first way in which ``program`` can be run and ``directory`` be written."""
    said = ""
    for way in candidates:
        probe = f"test -x '{program}' && test -w '{directory}'"
        launcher = [sys.executable, "-IS", str(_LAUNCHER), str(os.getpid()), "9", way]
        done = subprocess.run(
            [*launcher, "/bin/sh", "-c", probe], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return way
        said = done.stderr.strip() or f"{program} or {directory} is out of reach"
    raise CommandError(
        f"PostgreSQL refuses to run as root, and no other account can run it here ({said}); "
        "start as an ordinary user, or set LETS_CONNECT_DATABASE_URL"
    )


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _unused_account() -> pwd.struct_passwd:
    for name in _UNUSED_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CommandError(
        "PostgreSQL needs an account that is not root, and this machine has none: adduser postgres"
    )
