"""Pictures beside sharp and libvips: ``python -m tests.benchmarks.media``.

Installs sharp (npm) and libvips (PyPI) and takes photographs (Debian) into the user's cache folder when first
needed. Takes ten minutes on a quiet machine, and writes docs/comparison.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.media.installed import (
    RIVALS,
    NotInstalled,
    cached_photographs,
    installed_libvips,
    installed_sharp,
    prepared,
)
from tests.benchmarks.media.measuring import Contestant, Measured, likeness, measure, ours
from tests.benchmarks.media.report import Likeness, tables, write_page

__all__ = ["main"]

_LARGE = {
    "15 MP JPEG": "15mp.jpg",
    "12 MP phone JPEG": "12mp-phone.jpg",
    "8 MP PNG": "8mp.png",
    "16 MP WebP": "16mp.webp",
}


def main() -> int:
    """Measure, print, and write the page after a whole run."""
    given = _arguments()
    try:
        sharp, libvips = installed_sharp(), installed_libvips()
        pictures = prepared(given.photographs or cached_photographs(), libvips)
    except NotInstalled as reason:
        print(reason, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        text = _measured(sharp, libvips, pictures, Path(folder), given.rounds)
    print(text)
    if not given.quiet:
        load = f"Load average when it ended: {os.getloadavg()[0]:.0f}."
        write_page(f"{load}\n\n{text}", " ".join(["python -m tests.benchmarks.media", *sys.argv[1:]]))
    return 0


def _measured(sharp: Path, libvips: Path, pictures: Path, work: Path, rounds: int) -> str:
    contestants = (
        ours(),
        _sharp("usual", sharp),
        _sharp("best", sharp),
        Contestant("libvips best", (str(libvips), str(RIVALS / "libvips.py"))),
    )
    large: dict[str, dict[str, Measured]] = {}
    for name, file in _LARGE.items():
        _say(name)
        large[name] = measure(contestants, pictures / file, work, rounds=rounds)
    _say("AVIF")
    avif = _avif((ours("avif"), _sharp("avif", sharp)), pictures / _LARGE["15 MP JPEG"], work, libvips)
    likenesses = {}
    for kind in ("clean", "grainy"):
        _say(f"likeness, {kind}")
        dozen = sorted(pictures.glob(f"{kind}-*.jpg"))
        likenesses[f"a dozen photographs, {kind}"] = _likeness(contestants[::2], dozen, work, libvips)
    return tables(large, avif, likenesses)


def _avif(
    both: tuple[Contestant, Contestant], picture: Path, work: Path, python: Path
) -> dict[str, dict[str, Measured]]:
    measured = measure(both, picture, work / "avif", rounds=1, repeats=1)
    figures = likeness(python, picture, [one.made / "1920" for one in measured.values()])
    name = "AVIF of 15 MP, SSIM " + " and ".join(f"{figure:.4f}" for figure in figures)
    return {name: measured}


def _likeness(both: Sequence[Contestant], dozen: Sequence[Path], work: Path, python: Path) -> Likeness:
    figures, sizes = [], []
    for picture in dozen:
        measured = measure(both, picture, work, rounds=1, repeats=1)
        figures.append(likeness(python, picture, [one.made / "1920" for one in measured.values()]))
        sizes.append([one.bytes() for one in measured.values()])
    mine, theirs = zip(*figures, strict=True)
    return Likeness(list(mine), list(theirs), *(sum(column) for column in zip(*sizes, strict=True)))


def _sharp(way: str, folder: Path) -> Contestant:
    return Contestant(f"sharp {way}", ("node", "sharp.mjs", way), folder)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.media", description=__doc__)
    parser.add_argument("--photographs", type=Path, help="a folder of a dozen photographs of your own")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--quiet", action="store_true", help="print only, and leave the page as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
