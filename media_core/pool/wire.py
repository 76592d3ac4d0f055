"""How parent and worker talk: a JSON head, then the bytes it announces, over a socket pair."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Protocol

__all__ = ["Message", "receive", "send"]

_HEAD = struct.Struct(">I")
_MAX_HEAD = 1 << 20

Message = tuple[dict[str, Any], list[bytes]]


class _Deadline(Protocol):
    def __call__(self) -> float | None:
        """Seconds that are left; None for no limit."""


def _forever() -> float | None:
    return None


def send(
    channel: socket.socket, head: dict[str, Any], blobs: list[bytes], left: _Deadline = _forever
) -> None:
    """Raises OSError (TimeoutError included) when the other side is gone or the time is up."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    channel.settimeout(left())
    channel.sendall(_HEAD.pack(len(text)) + text)
    for blob in blobs:
        channel.settimeout(left())
        channel.sendall(blob)


def receive(channel: socket.socket, left: _Deadline = _forever) -> Message:
    """Raises EOFError when the other side closed, OSError as :func:`send` does."""
    (length,) = _HEAD.unpack(_exactly(channel, _HEAD.size, left))
    if length > _MAX_HEAD:
        raise EOFError("not a message")
    head: dict[str, Any] = json.loads(_exactly(channel, length, left))
    return head, [_exactly(channel, size, left) for size in head.pop("blobs")]


def _exactly(channel: socket.socket, size: int, left: _Deadline) -> bytes:
    buffer = bytearray(size)
    view = memoryview(buffer)
    at = 0
    while at < size:
        channel.settimeout(left())
        count = channel.recv_into(view[at:])
        if not count:
            raise EOFError("the other side is gone")
        at += count
    return bytes(buffer)
