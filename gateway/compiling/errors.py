"""Why compiled code is not used: for an operation at all, or for one answer."""

from __future__ import annotations

__all__ = ["NotCompilable", "Unusual"]


class NotCompilable(Exception):
    """The operation is run on the exact path: it has something that compiled code does not do."""


class Unusual(Exception):
    """An answer has something that compiled code does not judge: the exact path does, over the same answers."""
