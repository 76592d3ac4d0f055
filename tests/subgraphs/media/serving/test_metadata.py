"""Not one byte of metadata for strangers: whatever is uploaded, by every address that anyone else can be given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from subgraphs.kit.serving.doors import Doors
from tests.media_core.annotated import FILES
from tests.media_core.photographs import ARTIST, SECRET
from tests.media_core.residue import residue
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import raw, upload

_TOKENS = (
    ARTIST.encode(),
    b"Exif",
    b"xpacket",
    b"xmpmeta",
    b"ICC_PROFILE",
    b"acsp",
    b"8BIM",
    b"GPS",
    b"Example Camera",
)
_FORMATS = ("webp", "avif", "jpeg", "png", "auto")
_LOOK = """query ($i: ID!) { mediaFile(id: $i) { url originalUrl optimizedUrl thumbnailUrl srcset
  large: image(size: LARGE) { url } square: image(size: LARGE, crop: SQUARE) { url }
  animation(size: LARGE) { url } } }"""


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


async def _addresses(media: Harness, picture: str) -> set[str]:
    """What the graph gives to a stranger, and what they can make of it."""
    seen: dict[str, Any] = (await media.ask(_LOOK, {"i": picture}))["mediaFile"]
    assert seen["originalUrl"] is None
    given = {
        seen["url"],
        seen["optimizedUrl"],
        seen["thumbnailUrl"],
        seen["large"]["url"],
        seen["square"]["url"],
    }
    given |= {part.strip().partition(" ")[0] for part in seen["srcset"].split(",")}
    given |= {seen["animation"]["url"]} if seen["animation"] else set()
    guessed = {f"/images/{raw(picture).hex}/small.{format_}" for format_ in _FORMATS}
    return given | guessed | {f"/images/{raw(picture).hex}/full.auto"}


@pytest.mark.parametrize("kind", FILES)
async def test_a_stranger_gets_pixels_and_nothing_else(
    media: Harness, http: httpx.AsyncClient, kind: str
) -> None:
    owner, data = uuid4(), FILES[kind]()
    assert SECRET.encode() in data
    picture = await upload(media, owner, data=data)
    for address in await _addresses(media, picture):
        answer = await http.get(address)
        assert answer.status_code == 200, address
        assert residue(answer.content) == [], address
        assert [t for t in (SECRET.encode(), *_TOKENS) if t in answer.content] == [], address
        assert SECRET not in str(answer.headers)
    original = (await media.ask(_LOOK, {"i": picture}, owner))["mediaFile"]["originalUrl"]
    for address in (original, original.partition("?")[0]):
        answer = await http.get(address)
        assert (answer.status_code == 200, answer.content == data) == (("?" in address),) * 2, address


def test_the_reader_of_containers_finds_what_is_hidden_in_them() -> None:
    found = {
        kind: len(residue(make()))
        for kind, make in FILES.items()
        if kind.partition(",")[0] in "jpeg png gif webp"
    }
    assert all(count >= 4 for count in found.values()), found
