"""The benchmark runs without its rivals, and says what it measured."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.media.measuring import Measured, measure, ours
from tests.benchmarks.media.report import Likeness, tables
from tests.media_core.photographs import photograph


def test_ours_is_measured_with_its_worker(tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(photograph(400, 300))
    (measured,) = measure([ours()], picture, tmp_path, rounds=1, repeats=2).values()
    assert measured.cpu_ms > 1
    assert measured.peak_mb > 30
    assert [(measured.made / side).exists() for side in ("150", "400", "800", "1920")] == [True] * 4


def test_marks_are_ratios_to_the_better_rival(tmp_path: Path) -> None:
    (tmp_path / "1920").write_bytes(b"x" * 1234)
    measured = {
        "ours": Measured(30, 90, tmp_path),
        "sharp usual": Measured(100, 200, tmp_path),
        "sharp best": Measured(50, 100, tmp_path),
        "libvips best": Measured(40, 150, tmp_path),
    }
    likeness = Likeness([0.90, 0.92], [0.91, 0.92], 99, 100)
    assert tables({"a picture": measured}, {}, {"two": likeness}).splitlines() == [
        "| | measured | mark |",
        "|---|---|---|",
        "| a picture: CPU beside sharp's usual | 0.30 | ≤ 0.6 |",
        "| a picture: CPU beside the better of sharp's and libvips' best | 0.75 | ≤ 1.0 |",
        "| a picture: peak memory beside the leaner of the two | 0.90 | ≤ 1.3 |",
        "| two: mean SSIM behind sharp's 0.9150 | 0.0050 | ≤ 0.005 |",
        "| two: worst SSIM behind sharp's | 0.0100 | ≤ 0.015 |",
        "| two: bytes beside sharp's | 0.990 | ≤ 1.0 |",
        "",
        "| picture | | CPU ms | peak MB | bytes of the large size |",
        "|---|---|---|---|---|",
        "| a picture | ours | 30 | 90 | 1,234 |",
        "| a picture | sharp usual | 100 | 200 | 1,234 |",
        "| a picture | sharp best | 50 | 100 | 1,234 |",
        "| a picture | libvips best | 40 | 150 | 1,234 |",
    ]
