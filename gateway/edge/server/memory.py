"""Giving memory back to the system."""

from __future__ import annotations

import ctypes

__all__ = ["give_back"]


def give_back() -> None:
    """Pages that nothing is on any more, wherever they lie. By itself glibc gives back only what is at the end; other
    libraries have no such call. It holds up nobody but who allocates something large meanwhile: call it in a thread.
    """
    if _trim is not None:
        _trim(0)


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
