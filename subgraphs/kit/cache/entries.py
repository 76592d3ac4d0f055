"""What a key of Redis is given, and how what it holds must compare to it.

The laws are the cache's (``cache.py``): of rows the higher version stays, of what has no version whatever was not changed
meanwhile, of notices the later one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from subgraphs.kit.cache.decoded import NEGATIVE, ROW, TOMBSTONE
from subgraphs.kit.database.transaction import Notice, Tombstone

__all__ = ["STORE", "Entry", "buried", "noticed", "same", "versioned"]

# KEYS, and ARGV: expiry in seconds; how many keys the server may have evicted, any where empty; then for each key how what
# it holds must compare to what comes next (16 digits; a key that is not there holds less than any), and the value to store
# then. Answers how many it has evicted.
STORE = """
local evicted = string.match(redis.call('INFO', 'stats'), 'evicted_keys:(%d+)') or ''
if ARGV[2] ~= '' and ARGV[2] ~= evicted then return evicted end
for i, key in ipairs(KEYS) do
  local held, law, given = redis.call('GETRANGE', key, 17, 32), ARGV[i * 3], ARGV[i * 3 + 1]
  if law == '<' and held < given or law == '<=' and held <= given
      or law == '~' and held ~= given or law == '=' and held == given then
    redis.call('SET', key, ARGV[i * 3 + 2], 'EX', ARGV[1])
  end
end
return evicted
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's."""

    key: str
    law: bytes
    """How what is held must compare to ``than``."""
    than: bytes
    stamp: bytes
    kind: bytes
    payload: bytes = b""


_NO_STAMP = b"0" * 16


def buried(key: str, tombstone: Tombstone, repeated: bool) -> Entry:
    """What a row, or a value, may not be older than."""
    digits = b"%016d" % tombstone.version
    if tombstone.ordered:
        return Entry(key, b"<", digits, digits, TOMBSTONE)
    stamp = b"%016d" % random.getrandbits(52) if repeated else digits
    return Entry(key, b"~", digits, stamp, TOMBSTONE)


def versioned(key: str, version: int, payload: bytes | None) -> Entry:
    """A row that was read, or None for "no such row"."""
    digits = b"%016d" % version
    return Entry(key, b"<=", digits, digits, *_value(payload))


def same(key: str, stamp: bytes, payload: bytes | None) -> Entry:
    """A value that was read while the key held this stamp."""
    return Entry(key, b"=", stamp, stamp or _NO_STAMP, *_value(payload))


def noticed(key: str, notice: Notice) -> Entry:
    """What all domains are to see."""
    digits = b"%016d" % notice.version
    return Entry(key, b"<=", digits, digits, ROW, notice.value.encode())


def _value(payload: bytes | None) -> tuple[bytes, bytes]:
    return (NEGATIVE, b"") if payload is None else (ROW, payload)
