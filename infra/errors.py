"""What a command says, in one line, when it cannot go on."""

from __future__ import annotations

__all__ = ["CommandError"]


class CommandError(Exception):
    """A clear sentence for whoever typed the command: what, where, what to do. The exit code is 1."""
