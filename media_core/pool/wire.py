"""How parent and worker talk: a JSON head, then the bytes it announces, over a socket pair."""

from __future__ import annotations

import json
import mmap
import os
import socket
import struct
from contextlib import ExitStack
from typing import Any, BinaryIO, Protocol, cast

__all__ = ["Message", "receive", "receive_shared", "send", "send_shared"]

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
    _send_head(channel, head, blobs, left)
    for blob in blobs:
        channel.settimeout(left())
        channel.sendall(blob)


def send_shared(
    channel: socket.socket, head: dict[str, Any], blobs: list[bytes], left: _Deadline = _forever
) -> None:
    """The same for :func:`receive_shared`: one copy into memory both can map, where the system has such."""
    if not hasattr(os, "memfd_create"):
        send(channel, head, blobs, left)
        return
    with ExitStack() as files:
        numbers = [files.enter_context(_written(blob)).fileno() for blob in blobs]
        _send_head(channel, head, blobs, left)
        if numbers:
            socket.send_fds(channel, [b"\0"], numbers)


def receive(channel: socket.socket, left: _Deadline = _forever) -> Message:
    """Raises EOFError when the other side closed, OSError as :func:`send` does."""
    head, sizes = _receive_head(channel, left)
    return head, [bytes(_filled(bytearray(size), channel, left)) for size in sizes]


def receive_shared(channel: socket.socket) -> tuple[dict[str, Any], list[bytes | mmap.mmap]]:
    """Memory that can be sliced, and read as a file."""
    head, sizes = _receive_head(channel, _forever)
    if not hasattr(os, "memfd_create") or not sizes:
        return head, [bytes(_filled(bytearray(size), channel, _forever)) for size in sizes]
    _, numbers, _, _ = socket.recv_fds(channel, 1, len(sizes))
    return head, [_mapped(number, size) for number, size in zip(numbers, sizes, strict=True)]


def _send_head(channel: socket.socket, head: dict[str, Any], blobs: list[bytes], left: _Deadline) -> None:
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    channel.settimeout(left())
    channel.sendall(_HEAD.pack(len(text)) + text)


def _receive_head(channel: socket.socket, left: _Deadline) -> tuple[dict[str, Any], list[int]]:
    (length,) = _HEAD.unpack(_filled(bytearray(_HEAD.size), channel, left))
    if length > _MAX_HEAD:
        raise EOFError("not a message")
    head: dict[str, Any] = json.loads(_filled(bytearray(length), channel, left))
    return head, head.pop("blobs")


def _filled(buffer: bytearray, channel: socket.socket, left: _Deadline) -> bytearray:
    at, size = 0, len(buffer)
    with memoryview(buffer) as view:
        while at < size:
            channel.settimeout(left())
            count = channel.recv_into(view[at:])
            if not count:
                raise EOFError("the other side is gone")
            at += count
    return buffer


def _written(blob: bytes) -> BinaryIO:
    file = os.fdopen(os.memfd_create("picture"), "wb", buffering=0)
    with memoryview(blob) as view:
        at = 0
        while at < len(view):
            at += file.write(view[at:])
    return cast("BinaryIO", file)


def _mapped(number: int, size: int) -> bytes | mmap.mmap:
    try:
        return mmap.mmap(number, size, access=mmap.ACCESS_READ) if size else b""
    finally:
        os.close(number)
