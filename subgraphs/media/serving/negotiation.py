"""What a client asks of a picture beside its address: a format, a part of it, or nothing if it has it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Unsatisfiable", "Wanted", "holds", "negotiate", "part"]

_TYPES = {"image/webp": "webp", "image/avif": "avif", "image/jpeg": "jpeg", "image/png": "png"}
_PREFERENCE = ("webp", "avif", "jpeg", "png")
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The headers that matter here; empty where they were not sent."""

    accept: str = ""
    if_none_match: str = ""
    range: str = ""
    if_range: str = ""

    @classmethod
    def read(cls, headers: list[tuple[bytes, bytes]]) -> Wanted:
        """From an ASGI scope. A header sent twice is one list (RFC 9110, 5.3)."""
        found: dict[bytes, str] = {}
        for name, value in headers:
            if name in _NAMES:
                text = value.decode("latin-1")
                found[name] = f"{found[name]},{text}" if name in found else text
        return cls(*(found.get(name, "") for name in _NAMES)) if found else _NOTHING


_NAMES = (b"accept", b"if-none-match", b"range", b"if-range")
_NOTHING = Wanted()


def negotiate(accept: str) -> str:
    """The best format for an ``Accept`` header (RFC 9110, 12.5.1); equal wishes go by our preference."""
    wishes: dict[str, float] = {}
    for wish in filter(str.strip, accept.split(",")):
        name, *parameters = (p.strip() for p in wish.split(";"))
        given = [p for p in parameters if p[:2].lower() == "q="]
        quality = _QUALITY.fullmatch(given[0]) if given else None
        wishes[name.lower()] = 1.0 if not given else float(quality[1]) if quality else 0.0
    rest = wishes.get("image/*", wishes.get("*/*", 0.0 if wishes else 1.0))
    named = {format_: wishes.get(type_, rest) for type_, format_ in _TYPES.items()}
    if "image/avif" not in wishes:
        named["avif"] = 0.0  # costly: only for those who name it
    best = max(named.values())
    return next((f for f in _PREFERENCE if named[f] == best and best > 0), "jpeg")


def holds(if_none_match: str, etag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2: weak comparison)."""
    return any(e.strip().removeprefix("W/") in (etag, "*") for e in if_none_match.split(","))


class Unsatisfiable(Exception):
    """The range asked for lies outside."""


def part(wanted: Wanted, etag: str, size: int) -> tuple[int, int] | None:
    """From where up to where (exclusive), or None for the whole (RFC 9110, 14). Raises Unsatisfiable.

    Several ranges, other units, what is malformed, and a range of another version are answered whole.
    """
    match = _RANGE.fullmatch(wanted.range.strip())
    if match is None or (wanted.if_range and wanted.if_range.strip() != etag):
        return None
    first, last = match.groups()
    if not first:
        if not last:
            return None
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end
