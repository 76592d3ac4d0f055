"""`image FILE... --out DIR`: the pipeline on files, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media_core.api import process
from media_core.errors import ImageRejected
from media_core.results import Processed
from media_core.spec import Format, Spec

if TYPE_CHECKING:
    from argparse import _SubParsersAction

__all__ = ["add_image_command", "run"]


def add_image_command(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds ``image``; the parsed arguments carry ``run``, which returns the exit code."""
    parser = subparsers.add_parser(
        "image",
        help="make the four sizes, placeholder and metadata of pictures",
        description="Writes each picture's sizes into DIR and prints one JSON object a file. "
        "A refused file prints its code, and the exit code is then 1.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="made if missing")
    parser.add_argument("--format", type=Format, default=Format.WEBP, choices=_FORMATS, help="default: webp")
    parser.set_defaults(run=run)


_FORMATS = (Format.WEBP, Format.AVIF, Format.JPEG)


def run(arguments: argparse.Namespace) -> int:
    """Every file is tried, whatever became of the one before."""
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    spec = Spec(format=arguments.format)
    lines = [_one(path, out, spec, at) for at, path in enumerate(arguments.files)]
    return 1 if any("error" in line for line in lines) else 0


def _one(path: Path, out: Path, spec: Spec, at: int) -> dict[str, Any]:
    try:
        line = _described(process(path, spec), path, out, at)
    except ImageRejected as refusal:
        line = {"file": str(path), "error": {"code": refusal.code.value, "message": refusal.message}}
    except OSError as error:
        line = {"file": str(path), "error": {"code": "UNREADABLE", "message": error.strerror or "unreadable"}}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return line


def _described(done: Processed, path: Path, out: Path, at: int) -> dict[str, Any]:
    """The fields of ``Processed``; bytes become files, numbered where two inputs share a name."""
    variants = {}
    for name, variant in done.variants.items():
        target = out / f"{path.stem}-{name}.{variant.format}"
        if target.exists():
            target = out / f"{path.stem}-{at}-{name}.{variant.format}"
        target.write_bytes(variant.data)
        variants[name] = {
            "path": str(target),
            "width": variant.width,
            "height": variant.height,
            "format": variant.format,
            "bytes": len(variant.data),
        }
    metadata = done.metadata
    return {
        "file": str(path),
        "variants": variants,
        "blur_placeholder": done.blur_placeholder,
        "thumbhash": done.thumbhash,
        "blurhash": done.blurhash,
        "dominant_color": list(done.dominant_color),
        "palette": [list(colour) for colour in done.palette],
        "metadata": {
            "width": metadata.width,
            "height": metadata.height,
            "format": metadata.format,
            "bytes": metadata.bytes,
        },
    }
