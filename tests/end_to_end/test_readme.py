"""What README shows works as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from tests.end_to_end.product import ROOT, Product
from tests.media_core.photographs import photograph

_BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def _run(script: str, product: Product, folder: Path) -> list[Any]:
    """The JSON lines that a block of README prints, run by a shell as it is, but for the port."""
    given = script.replace("http://127.0.0.1:8000", product.url)
    done = subprocess.run(["bash", "-ec", given], cwd=folder, capture_output=True, text=True, check=True)
    decoder, text, found = json.JSONDecoder(), done.stdout, []
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        found.append(value)
        text = text.lstrip()[end:]
    return found


def test_the_first_query_answers_who_wrote_what(product: Product, tmp_path: Path) -> None:
    block = next(b for b in _BLOCKS if "feed(kind: EXPLORE" in b)
    (answer,) = _run(block, product, tmp_path)
    assert "errors" not in answer
    posts = [edge["node"] for edge in answer["data"]["feed"]["edges"]]
    assert len(posts) == 2
    assert all(post["body"] and post["author"]["displayName"] for post in posts)


def test_the_first_upload_answers_every_size_smaller_than_the_photograph(
    product: Product, tmp_path: Path
) -> None:
    original = photograph()
    (tmp_path / "photograph.jpg").write_bytes(original)
    block = next(b for b in _BLOCKS if "uploadMedia" in b)
    registered, uploaded = _run(block, product, tmp_path)
    assert registered["data"]["register"]["userErrors"] == []
    media = uploaded["data"]["uploadMedia"]["media"]
    assert media["metadata"] == {"width": 4032, "height": 3024, "format": "jpeg", "bytes": len(original)}
    total = 0
    for size, side in {"thumbnail": 150, "small": 400, "medium": 800, "large": 1920}.items():
        picture = httpx.get(product.url + media["responsiveSizes"][size]["url"])
        (tmp_path / size).write_bytes(picture.content)
        with Image.open(tmp_path / size) as opened:
            assert max(opened.size) == side
        total += len(picture.content)
    assert total <= 0.6 * len(original)
