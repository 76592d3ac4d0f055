"""What a caller calls: each operation plain and async, both through the guarded pool."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

from media_core.errors import ImageRejected, RejectCode
from media_core.observer import SILENT, Observer
from media_core.pool.pool import Job
from media_core.pool.shared import shared_pool
from media_core.pool.wire import Message
from media_core.results import ImageMetadata, Processed, Variant
from media_core.spec import DEFAULT, Format, Limits, Spec

__all__ = [
    "Picture",
    "inspect",
    "inspect_async",
    "process",
    "process_async",
    "render",
    "render_async",
    "sanitize",
    "sanitize_async",
    "set_observer",
]

Picture: TypeAlias = bytes | PathLike[str]
"""The picture's bytes, or where they lie: a path spares both copies of a large upload."""

_LIMITS = Limits()


class _Hearing:
    observer: Observer = SILENT


def set_observer(observer: Observer) -> None:
    """Where stages, refusals and bytes are reported, for all of this process."""
    _Hearing.observer = observer


def process(data: Picture, spec: Spec = DEFAULT) -> Processed:
    """All sizes, placeholder, hash, colour and metadata. Raises :class:`ImageRejected`. Waits for a full queue."""
    return _processed(_run("process", data, spec))


async def process_async(data: Picture, spec: Spec = DEFAULT) -> Processed:
    """The same without holding the event loop; a full queue is :class:`PoolBusy`."""
    return _processed(await _run_async("process", data, spec))


def sanitize(data: Picture, limits: Limits = _LIMITS) -> Variant:
    """The whole picture, upright, sRGB, without metadata; losslessly where it is so already."""
    return _variant(_run("full", data, Spec(limits=limits)), "")


async def sanitize_async(data: Picture, limits: Limits = _LIMITS) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("full", data, Spec(limits=limits)), "")


def render(data: Picture, size: str, format: Format, limits: Limits = _LIMITS) -> Variant:  # noqa: A002
    """One size in one format, for a variant made when first asked for."""
    return _variant(_run("render", data, Spec((size,), format, limits=limits)), size)


async def render_async(
    data: Picture,
    size: str,
    format: Format,  # noqa: A002
    limits: Limits = _LIMITS,
) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("render", data, Spec((size,), format, limits=limits)), size)


def inspect(data: Picture, limits: Limits = _LIMITS) -> ImageMetadata:
    """What the headers say, within the limits; no pixel is decoded."""
    return ImageMetadata(**_run("inspect", data, Spec(limits=limits))[0]["metadata"])


async def inspect_async(data: Picture, limits: Limits = _LIMITS) -> ImageMetadata:
    """The same without holding the event loop."""
    return ImageMetadata(**(await _run_async("inspect", data, Spec(limits=limits)))[0]["metadata"])


def _run(op: str, data: Picture, spec: Spec) -> Message:
    try:
        return _answered(shared_pool().submit(_job(op, data, spec), wait=True).result())
    except ImageRejected as refusal:
        _Hearing.observer.rejected(refusal.code.value)
        raise


async def _run_async(op: str, data: Picture, spec: Spec) -> Message:
    import asyncio  # a worker imports this package, and has no use for it

    try:
        return _answered(await asyncio.wrap_future(shared_pool().submit(_job(op, data, spec), wait=False)))
    except ImageRejected as refusal:
        _Hearing.observer.rejected(refusal.code.value)
        raise


def _job(op: str, data: Picture, spec: Spec) -> Job:
    head: dict[str, Any] = {"op": op, "spec": spec.to_message()}
    if isinstance(data, PathLike):
        return Job({**head, "path": str(Path(fspath(data)).absolute())}, [], spec.limits.wall_seconds)
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"a picture is bytes or a path, not {type(data).__name__}")
    blob = bytes(data)
    if len(blob) > spec.limits.max_bytes:
        raise ImageRejected(RejectCode.TOO_MANY_BYTES)
    return Job(head, [blob], spec.limits.wall_seconds)


def _answered(result: tuple[Message, float]) -> Message:
    """Reports what the worker measured."""
    message, elapsed = result
    head, blobs = message
    observer = _Hearing.observer
    observer.stages({"queue": max(0.0, elapsed - head["seconds"]["total"]), **head["seconds"]})
    if "metadata" in head:
        observer.bytes("original", head["metadata"]["bytes"])
    for name, packed in head["variants"].items():
        observer.bytes("variant" if name else "full", len(blobs[packed[0]]))
    return message


def _variant(message: Message, name: str) -> Variant:
    head, blobs = message
    at, width, height, format_ = head["variants"][name]
    return Variant(blobs[at], width, height, format_)


def _processed(message: Message) -> Processed:
    head, _ = message
    named = {name: _variant(message, name) for name in head["variants"]}
    full = named.pop("", None)
    red, green, blue = head["dominant_color"]
    return Processed(
        variants=named,
        blur_placeholder=head["blur_placeholder"],
        thumbhash=head["thumbhash"],
        dominant_color=(red, green, blue),
        metadata=ImageMetadata(**head["metadata"]),
        full=full,
    )
