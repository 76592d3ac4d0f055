from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

import media_core
from media_core.cli import add_image_command
from tests.media_core.photographs import encoded, photograph, pixels, scene


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    parser = argparse.ArgumentParser()
    add_image_command(parser.add_subparsers())
    parsed = parser.parse_args(["image", *map(str, arguments)])
    code = parsed.run(parsed)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_writes_the_sizes_and_prints_the_fields_of_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "holiday.jpg", tmp_path / "new" / "out"
    path.write_bytes(photograph(1000, 500))
    code, (line,) = run(capsys, path, "--out", out)
    done = media_core.process(path)
    assert code == 0
    assert line == {
        "file": str(path),
        "variants": {
            name: {
                "path": str(out / f"holiday-{name}.webp"),
                "width": variant.width,
                "height": variant.height,
                "format": "webp",
                "bytes": len(variant.data),
            }
            for name, variant in done.variants.items()
        },
        "blur_placeholder": done.blur_placeholder,
        "thumbhash": done.thumbhash,
        "blurhash": done.blurhash,
        "dominant_color": list(done.dominant_color),
        "palette": [list(colour) for colour in done.palette],
        "metadata": {"width": 1000, "height": 500, "format": "jpeg", "bytes": path.stat().st_size},
    }
    assert {name: (out / f"holiday-{name}.webp").read_bytes() for name in done.variants} == {
        name: variant.data for name, variant in done.variants.items()
    }


def test_a_refused_file_prints_its_code_and_the_others_are_still_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(encoded(scene(40, 30), "PNG"))
    bad.write_text("not a picture")
    code, lines = run(capsys, bad, tmp_path / "missing.png", good, "--out", tmp_path, "--format", "jpeg")
    assert code == 1
    assert [line.get("error", {}).get("code") for line in lines] == ["NOT_AN_IMAGE", "UNREADABLE", None]
    assert pixels((tmp_path / "good-large.jpeg").read_bytes()).size == (40, 30)


def test_two_files_of_one_name_do_not_overwrite_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / folder / "same.png" for folder in ("a", "b")]
    for at, path in enumerate(paths):
        path.parent.mkdir()
        path.write_bytes(encoded(scene(20 + at, 30), "PNG"))
    _, lines = run(capsys, *paths, "--out", tmp_path / "out", "--format", "avif")
    written = [line["variants"]["small"]["path"] for line in lines]
    assert [pixels(Path(path).read_bytes()).size for path in written] == [(20, 30), (21, 30)]
