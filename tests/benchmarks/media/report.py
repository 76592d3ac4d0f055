"""The figures as tables: on the screen, and in docs/comparison.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

from tests.benchmarks.media.measuring import Measured
from tests.benchmarks.page import write_section

__all__ = ["Likeness", "tables", "write_page"]

_HEADING = "Pictures"
_BEST = ("sharp best", "libvips best")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of the large size over a dozen photographs: SSIM of ours and sharp's, and bytes in sum."""

    ours: list[float]
    sharp: list[float]
    our_bytes: int
    sharp_bytes: int


def tables(
    pictures: Mapping[str, Mapping[str, Measured]],
    avif: Mapping[str, Mapping[str, Measured]],
    likenesses: Mapping[str, Likeness],
) -> str:
    """Marks first, then every figure."""
    parts = ["| | measured | mark |\n|---|---|---|"]
    for name, measured in pictures.items():
        parts += _cost_marks(name, measured)
    for name, both in likenesses.items():
        parts += _likeness_marks(name, both)
    parts.append("\n| picture | | CPU ms | peak MB | bytes of the large size |\n|---|---|---|---|---|")
    for name, measured in {**pictures, **avif}.items():
        parts += [
            f"| {name} | {who} | {one.cpu_ms:,.0f} | {one.peak_mb:,.0f} | {one.bytes():,} |"
            for who, one in measured.items()
        ]
    return "\n".join(parts)


def _cost_marks(name: str, measured: Mapping[str, Measured]) -> list[str]:
    ours = measured["ours"]
    marks = []
    if (usual := measured.get("sharp usual")) is not None:
        marks.append(_mark(f"{name}: CPU beside sharp's usual", ours.cpu_ms / usual.cpu_ms, 0.6))
    best = [measured[one] for one in _BEST if one in measured]
    if best:
        cpu, peak = min(one.cpu_ms for one in best), min(one.peak_mb for one in best)
        marks.append(
            _mark(f"{name}: CPU beside the better of sharp's and libvips' best", ours.cpu_ms / cpu, 1.0)
        )
        marks.append(_mark(f"{name}: peak memory beside the leaner of the two", ours.peak_mb / peak, 1.3))
    return marks


def _likeness_marks(name: str, both: Likeness) -> list[str]:
    behind = [theirs - mine for mine, theirs in zip(both.ours, both.sharp, strict=True)]
    return [
        _mark(f"{name}: mean SSIM behind sharp's {mean(both.sharp):.4f}", mean(behind), 0.005, 4),
        _mark(f"{name}: worst SSIM behind sharp's", max(behind), 0.015, 4),
        _mark(f"{name}: bytes beside sharp's", both.our_bytes / both.sharp_bytes, 1.0, 3),
    ]


def _mark(what: str, figure: float, most: float, digits: int = 2) -> str:
    return f"| {what} | {figure:.{digits}f} | ≤ {most} |"


def write_page(text: str, command: str) -> None:
    """Put the tables where the page has them, with the command that made them."""
    write_section(_HEADING, _INTRODUCTION, command, text)


_INTRODUCTION = """\
What one picture costs: four WebP sizes, placeholder and colour. User and system time of all processes, workers
included, the least of three rounds of five; peak resident memory in sum; all pinned to one core, in turn. sharp's usual
way is a pipeline for each size; its best and libvips' best decode once and make each size from the one above. Likeness
is SSIM on luma (11-pixel Gaussian) of the large size against a Lanczos reduction of the original, over a dozen
photographs as they came and with a sensor's grain added; sharp at its quality 80. The photographs are from Debian's
`lomiri-wallpapers-16.04`, `lomiri-wallpapers-20.04` and `mate-backgrounds`; the large ones are enlarged to size and
given grain. AVIF is the large size alone, with each library's own defaults, at no less likeness than sharp's."""
