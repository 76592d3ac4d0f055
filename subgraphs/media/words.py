"""The words by which a form and the headers of tus say what GraphQL has as values."""

from __future__ import annotations

__all__ = ["VISIBILITIES", "YES_OR_NO"]

VISIBILITIES = {"public": "PUBLIC", "private": "PRIVATE"}
YES_OR_NO = {"true": True, "false": False}
