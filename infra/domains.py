"""The seven domains, in the order of their ports under ``up --split``."""

from __future__ import annotations

__all__ = ["DOMAINS"]

DOMAINS = ("user", "content", "messaging", "collaboration", "media", "shop", "ai")
