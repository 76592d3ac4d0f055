"""One size in one format, for a variant that is made when first asked for."""

from __future__ import annotations

from media_core.engine.colour import plain, to_srgb
from media_core.engine.decode import load, refusing
from media_core.engine.encode import encode
from media_core.engine.pipeline import Source, Stopwatch
from media_core.engine.resize import fit, reduce_to, upright
from media_core.results import Variant
from media_core.spec import SIZES, Spec

__all__ = ["render"]


def render(source: Source, spec: Spec, watch: Stopwatch) -> Variant:
    """The spec's one size."""
    (name,) = spec.sizes
    side = SIZES[name]
    with watch.stage("open"):
        opened = source.open(spec.limits)
    with watch.stage("decode"):
        decoded = load(opened, side)
    with watch.stage("resize"), refusing():
        target = fit((opened.header.width, opened.header.height), side)
        picture = upright(to_srgb(reduce_to(plain(decoded), target), opened.profile), opened.orientation)
    with watch.stage("encode"), refusing():
        return encode(picture, spec.format, spec.quality)
