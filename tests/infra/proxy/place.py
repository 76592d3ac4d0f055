"""Where a test's proxy is, and what stands for the cluster's parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Place"]


@dataclass(frozen=True)
class Place:
    """Of one proxy."""

    folder: Path
    http: int
    https: int
    gateway: str
    """Host and port."""
    believed: str
    """The load balancer's network, in place of the cluster's own."""
    certificate: Path
    key: Path
