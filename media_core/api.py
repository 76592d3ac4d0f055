"""What a caller calls: each operation plain and async, both through the guarded pool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

from media_core.errors import ImageRejected, RejectCode
from media_core.observer import SILENT, Observer
from media_core.pool.pool import Job
from media_core.pool.shared import shared_pool
from media_core.pool.wire import Message
from media_core.results import ImageMetadata, Processed, Variant
from media_core.spec import DEFAULT, Crop, Format, Limits, Spec

__all__ = [
    "Picture",
    "Progress",
    "animate",
    "animate_async",
    "crop",
    "crop_async",
    "inspect",
    "inspect_async",
    "poster",
    "poster_async",
    "process",
    "process_async",
    "render",
    "render_async",
    "sanitize",
    "sanitize_async",
    "sanitize_svg",
    "sanitize_svg_async",
    "set_observer",
]

Picture: TypeAlias = bytes | PathLike[str]
"""The picture's bytes, or where they lie: a path spares both copies of a large upload."""

Progress: TypeAlias = Callable[[str], None]
"""Hears of each stage as it begins (open, decode, resize, encode, placeholder, full, moving), from another thread."""

_LIMITS = Limits()


class _Hearing:
    observer: Observer = SILENT


def set_observer(observer: Observer) -> None:
    """Where stages, refusals and bytes are reported, for all of this process."""
    _Hearing.observer = observer


def process(data: Picture, spec: Spec = DEFAULT, progress: Progress | None = None) -> Processed:
    """All sizes, placeholder, hash, colour and metadata. Raises :class:`ImageRejected`. Waits for a full queue."""
    return _processed(_run("process", data, spec, progress))


async def process_async(data: Picture, spec: Spec = DEFAULT, progress: Progress | None = None) -> Processed:
    """The same without holding the event loop; a full queue is :class:`PoolBusy`."""
    return _processed(await _run_async("process", data, spec, progress))


def sanitize(data: Picture, spec: Spec = DEFAULT) -> Variant:
    """The whole picture, upright, sRGB, without metadata; losslessly where it is so already and not turned. Of a film its
    pictures and sound, where the spec takes films; of the spec, sizes do not matter."""
    return _variant(_run("full", data, spec), "")


async def sanitize_async(data: Picture, spec: Spec = DEFAULT) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("full", data, spec), "")


def render(data: Picture, size: str, format: Format, spec: Spec = DEFAULT) -> Variant:  # noqa: A002
    """One size in one format, for a variant made when first asked for; as the spec has it but for these two."""
    return _variant(_run("render", data, replace(spec, sizes=(size,), format=format)), size)


async def render_async(data: Picture, size: str, format: Format, spec: Spec = DEFAULT) -> Variant:  # noqa: A002
    """The same without holding the event loop."""
    return _variant(await _run_async("render", data, replace(spec, sizes=(size,), format=format)), size)


def animate(data: Picture, size: str, spec: Spec = DEFAULT) -> Variant:
    """An animation in one size, moving, as WebP; its still where it has too many frames or pixels."""
    return _variant(_run("animate", data, replace(spec, sizes=(size,), format=Format.WEBP)), size)


async def animate_async(data: Picture, size: str, spec: Spec = DEFAULT) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("animate", data, replace(spec, sizes=(size,), format=Format.WEBP)), size)


def crop(data: Picture, shape: Crop, spec: Spec = DEFAULT) -> Variant:
    """Cut to a shape, around a point or where there is most to see; of ``spec``, sizes do not matter."""
    return _variant(_run("crop", data, spec, more={"crop": asdict(shape)}), "")


async def crop_async(data: Picture, shape: Crop, spec: Spec = DEFAULT) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("crop", data, spec, more={"crop": asdict(shape)}), "")


def poster(film: Picture, size: str = "large", spec: Spec = DEFAULT) -> Variant:
    """A still of a film (MP4, WebM, Ogg, AVI); needs the extra `media-extra`."""
    return _variant(_run("poster", film, replace(spec, sizes=(size,))), size)


async def poster_async(film: Picture, size: str = "large", spec: Spec = DEFAULT) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("poster", film, replace(spec, sizes=(size,))), size)


def sanitize_svg(data: Picture, limits: Limits = _LIMITS) -> Variant:
    """SVG without script and addresses to elsewhere; needs the extra `media-extra`. All else refuses SVG."""
    return _variant(_run("svg", data, Spec(limits=limits)), "")


async def sanitize_svg_async(data: Picture, limits: Limits = _LIMITS) -> Variant:
    """The same without holding the event loop."""
    return _variant(await _run_async("svg", data, Spec(limits=limits)), "")


def inspect(data: Picture, limits: Limits = _LIMITS) -> ImageMetadata:
    """What the headers say, within the limits; no pixel is decoded."""
    return ImageMetadata(**_run("inspect", data, Spec(limits=limits))[0]["metadata"])


async def inspect_async(data: Picture, limits: Limits = _LIMITS) -> ImageMetadata:
    """The same without holding the event loop."""
    return ImageMetadata(**(await _run_async("inspect", data, Spec(limits=limits)))[0]["metadata"])


def _run(
    op: str, data: Picture, spec: Spec, progress: Progress | None = None, more: dict[str, Any] | None = None
) -> Message:
    try:
        job = _job(op, data, spec, progress, more or {})
        return _answered(shared_pool().submit(job, wait=True).result())
    except ImageRejected as refusal:
        _Hearing.observer.rejected(refusal.code.value)
        raise


async def _run_async(
    op: str, data: Picture, spec: Spec, progress: Progress | None = None, more: dict[str, Any] | None = None
) -> Message:
    import asyncio  # a worker imports this package, and has no use for it

    try:
        job = _job(op, data, spec, progress, more or {})
        return _answered(await asyncio.wrap_future(shared_pool().submit(job, wait=False)))
    except ImageRejected as refusal:
        _Hearing.observer.rejected(refusal.code.value)
        raise


def _job(op: str, data: Picture, spec: Spec, progress: Progress | None, more: dict[str, Any]) -> Job:
    head: dict[str, Any] = {"op": op, "spec": spec.to_message(), "progress": progress is not None, **more}
    seconds = spec.limits.wall_seconds
    if isinstance(data, PathLike):
        return Job({**head, "path": str(Path(fspath(data)).absolute())}, [], seconds, progress)
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"a picture is bytes or a path, not {type(data).__name__}")
    blob = bytes(data)
    if len(blob) > spec.limits.max_bytes:
        raise ImageRejected(RejectCode.TOO_MANY_BYTES)
    return Job(head, [blob], seconds, progress)


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
    full, moving, still = named.pop("", None), named.pop("moving", None), named.pop("still", None)
    red, green, blue = head["dominant_color"]
    return Processed(
        variants=named,
        blur_placeholder=head["blur_placeholder"],
        thumbhash=head["thumbhash"],
        blurhash=head["blurhash"],
        dominant_color=(red, green, blue),
        palette=tuple((r, g, b) for r, g, b in head["palette"]),
        metadata=ImageMetadata(**head["metadata"]),
        full=full,
        moving=moving,
        still=still,
    )
