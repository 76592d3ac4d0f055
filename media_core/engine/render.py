"""One size in one format, for a variant that is made when first asked for."""

from __future__ import annotations

from media_core.engine.decode import open_picture, refusing
from media_core.engine.encode import encode
from media_core.engine.pipeline import Stopwatch, decoded, shown
from media_core.engine.resize import fit
from media_core.formats import Buffer
from media_core.results import Variant
from media_core.spec import SIZES, Spec

__all__ = ["render"]


def render(data: Buffer, spec: Spec, watch: Stopwatch) -> Variant:
    """The spec's one size."""
    (name,) = spec.sizes
    side = SIZES[name]
    with watch.stage("open"):
        opened = open_picture(data, spec.limits, spec.turn)
    with watch.stage("decode"):
        whole = decoded(opened, side, spec.format)
    with watch.stage("resize"):
        picture = shown(whole, opened, fit(opened.upright, side))
    with watch.stage("encode"), refusing():
        return encode(picture, spec, opened.notice if spec.keep_copyright else b"")
