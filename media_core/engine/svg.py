"""SVG without script, foreign content or addresses to elsewhere, by the extra `media-extra` (Cloudflare's svg-hush)."""

from __future__ import annotations

import re
from importlib.util import find_spec

from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer
from media_core.formats.header import corrupt
from media_core.formats.sniff import is_svg
from media_core.results import Variant
from media_core.spec import Limits

__all__ = ["sanitized"]

_MAX_BYTES = 2 * 1024 * 1024
_MAX_DEPTH = 256
"""The cleaner's time grows with its square."""
_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*?(/?)>")
_ROOT = re.compile(rb"<(?:\w+:)?svg\b([^>]*)>")
_SIDE = rb"\b%s=[\"'](\d{1,6})(?:\.\d+)?(?:px)?[\"']"
_VIEW_BOX = re.compile(rb"\bviewBox=[\"'][-\d.]+[\s,]+[-\d.]+[\s,]+(\d{1,6})[\d.]*[\s,]+(\d{1,6})[\d.]*[\"']")


def sanitized(data: Buffer, limits: Limits) -> Variant:
    """As text again; width and height as its root says, or 0. No external reference is left in it."""
    if not is_svg(data[:512]):
        raise ImageRejected(RejectCode.NOT_AN_IMAGE)
    if find_spec("py_svg_hush") is None:
        raise ImageRejected(RejectCode.UNSUPPORTED_FORMAT, "svg needs the extra media-extra")
    if len(data) > min(_MAX_BYTES, limits.max_bytes):
        raise ImageRejected(RejectCode.TOO_MANY_BYTES)
    if _depth(data) > _MAX_DEPTH:
        raise corrupt("nested too deeply")
    from py_svg_hush import filter_svg

    try:
        clean: bytes = filter_svg(data[:])
    except (ValueError, RuntimeError, OSError) as error:
        raise ImageRejected(RejectCode.CORRUPT, str(error)) from error
    root = _ROOT.search(clean)
    if root is None:
        raise corrupt("no root")
    width, height = _size(root[1])
    return Variant(clean, width, height, "svg+xml")


def _depth(data: Buffer) -> int:
    """How deep elements lie in each other at most."""
    depth = deepest = 0
    for closing, empty in _TAG.findall(data):
        depth += (not empty) - 2 * bool(closing)
        deepest = max(deepest, depth)
    return deepest


def _size(root: bytes) -> tuple[int, int]:
    wide, high = (re.search(_SIDE % name, root) for name in (b"width", b"height"))
    if wide and high:
        return int(wide[1]), int(high[1])
    box = _VIEW_BOX.search(root)
    return (int(box[1]), int(box[2])) if box else (0, 0)
