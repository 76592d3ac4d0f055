"""What a command says, in one line, when it cannot go on."""

from __future__ import annotations

__all__ = ["Away", "CommandError"]


class CommandError(Exception):
    """A clear sentence for whoever typed the command: what, where, what to do. The exit code is 1."""


class Away(CommandError):
    """A server that is needed does not answer just now, or its data is not there yet: it may be tried again."""

    def __init__(self, message: str, shown: str | None = None) -> None:
        super().__init__(message)
        self.shown = shown or message
        """What may be said to anybody who asks whether we are ready: not where our servers are."""
