"""Who sees a picture, however it is shown and by whichever way they come: no way shows more than another.

Each case shows a picture in one way and names who sees it. Every viewer then comes by every way: by id, as an
entity, in lists, in counts, by its address, by addresses that were guessed, altered or given to someone else.
After what ends the case, nobody but its owner sees anything, by addresses given out before either.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from infra.kept_pictures import KeptPictures, kept_rows
from subgraphs.kit.authorization.relations import BLOCK, FOLLOW
from subgraphs.kit.cache.lease import LEASE_PATH
from subgraphs.kit.serving.doors import Doors
from tests.media_core.films import film
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import (
    do,
    relate,
    user,
)
from tests.subgraphs.media.showings import CASES, VIEWERS, World, in_album, in_post, uploaded


@pytest.fixture(scope="module", params=["the service", "a gateway that keeps pictures"])
async def http(
    media: Harness, redis_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[httpx.AsyncClient]:
    """Whom they ask for pictures."""
    runtime = media.service.runtime
    doors = Doors(runtime.routes, runtime.swift)

    async def lease() -> bool:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(doors), base_url="http://media") as media_:
            return (await media_.post(LEASE_PATH)).status_code == 204

    async with kept_rows(redis_url, lease) as rows:
        app = doors if request.param == "the service" else KeptPictures(doors, rows, 1 << 20)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
            yield client


@pytest.fixture
async def world(media: Harness, http: httpx.AsyncClient) -> World:
    ids: dict[str, UUID | None] = {name: uuid4() for name in VIEWERS if name not in {"link", "anonymous"}}
    found = World(media, http, {**ids, "link": None, "anonymous": None})
    for name, kind, other in (
        ("follower", FOLLOW, "owner"),
        ("blocked", FOLLOW, "owner"),
        ("owner", BLOCK, "blocked"),
        ("blocker", FOLLOW, "owner"),
        ("blocker", BLOCK, "owner"),
    ):
        one, two = ids[name], ids[other]
        assert one is not None
        assert two is not None
        await relate(media, one, two, kind)
    return found


_LOOK = """query ($p: ID!, $o: [_Any!]!, $a: ID!) {
  mediaFile(id: $p) { ...P } asset(id: $p) { ...P }
  publicMedia(first: 100) { edges { node { ...P } } }
  album(id: $a) { assetCount cover { ...P } assets { edges { node { ...P } } } }
  _entities(representations: $o) {
    ... on MediaFile { ...P }
    ... on Album { assetCount cover { ...P } assets { edges { node { ...P } } } }
    ... on User { mediaFiles(first: 100) { edges { node { ...P } } }
      albums { edges { node { assetCount cover { ...P } assets { edges { node { ...P } } } } } } }
  } }
fragment P on MediaFile { id url srcset optimizedUrl thumbnailUrl originalUrl image(size: SMALL) { url } cropped: image(size: SMALL, crop: SQUARE) { url } }"""
_OPEN = """query ($t: String!) { sharedAlbum(token: $t) { assetCount cover { ...P } assets { edges { node { ...P } } } } }
fragment P on MediaFile { id url srcset optimizedUrl thumbnailUrl originalUrl image(size: SMALL) { url } cropped: image(size: SMALL, crop: SQUARE) { url } }"""


@dataclass
class Sight:
    """What one viewer got to see of the picture."""

    ways: set[str] = field(default_factory=set)
    """Ways by which it was there; ``count`` where only a number told of it."""
    addresses: set[str] = field(default_factory=set)

    def note(self, found: Any, picture: str, way: str) -> None:
        if isinstance(found, list):
            for one in found:
                self.note(one, picture, way)
        elif isinstance(found, dict):
            if found.get("id") == picture and "url" in found:
                self.ways.add(way)
                self.addresses |= {found["url"], found["image"]["url"], found["cropped"]["url"]}
                self.addresses |= {found["optimizedUrl"], found["thumbnailUrl"]}
                self.addresses |= {*_sources(found["srcset"])}
                self.addresses |= {found["originalUrl"]} - {None}
            if found.get("assetCount"):
                self.ways.add("count")
            for one in found.values():
                self.note(one, picture, way)


def _sources(srcset: str) -> list[str]:
    return [part.strip().partition(" ")[0] for part in srcset.split(",")]


async def _look(world: World, viewer: str) -> Sight:
    sight, one = Sight(), world.ids[viewer]
    if viewer == "link":
        if world.link:
            found = await world.media.ask(_OPEN, {"t": world.link[1]}, one)
            sight.note(found, world.picture, "sharedAlbum")
        else:
            return await _look(world, "anonymous")
        return sight
    album = world.album or "none"
    entities = [
        {"__typename": "User", "id": user(world.owner)},
        {"__typename": "MediaFile", "id": world.picture},
    ]
    if world.album:
        entities.append({"__typename": "Album", "id": world.album})
    given = {"p": world.picture, "a": album, "o": entities}
    found = await world.media.ask(_LOOK, given, one, **world.claims(viewer))
    for way, there in found.items():
        sight.note(there, world.picture, way)
    return sight


async def _statuses(world: World, addresses: set[str]) -> set[int]:
    return {(await world.http.get(address)).status_code for address in addresses}


_NAMES = ("original.auto", "original.mp4", "full.auto", "full.webm", "still.jpeg", "small-wide.auto")


def _altered(address: str) -> list[httpx.URL]:
    """An address without its signature, of another size, with a later end or the same one written otherwise, for someone else."""
    url = httpx.URL(address)
    size = url.path.rpartition("/")[2].partition(".")[0]
    another = address.replace(f"/{size}.", "/large." if size != "large" else "/small.")
    changed = [url.copy_with(query=None), httpx.URL(another)]
    folder, _, own = url.path.rpartition("/")
    changed += [url.copy_with(path=f"{folder}/{name}") for name in _NAMES if name != own]
    if "sig" in url.params:
        changed += [
            url.copy_set_param("exp", str(int(url.params["exp"]) + 150)),
            *(url.copy_set_param("exp", f"{before}{url.params['exp']}") for before in ("0", "+", " ")),
            url.copy_set_param("to", uuid4().hex),
            url.copy_set_param("to", "-"),
            url.copy_set_param("sig", "A" * 43),
            url.copy_set_param("kid", "00000000"),
            url.copy_remove_param("sig"),
        ]
    return changed


@pytest.mark.parametrize("kind", ["picture", "film"])
@pytest.mark.parametrize("case", CASES)
async def test_every_way_shows_it_to_the_same_people_and_none_after_it_ended(
    world: World, case: str, kind: str
) -> None:
    if kind == "film":
        pytest.importorskip("av")
        world.content = film(frames=12, size=(64, 48))
    show, seers, end = CASES[case]
    await show(world)
    sights = {viewer: await _look(world, viewer) for viewer in VIEWERS}
    assert {viewer for viewer, sight in sights.items() if sight.ways} == seers
    whole = {a.partition("?")[0].rpartition(".")[2] for a in sights["owner"].addresses if "/full." in a}
    assert whole == {"mp4" if kind == "film" else "png"}
    for viewer, sight in sights.items():
        if viewer not in seers:
            assert sight == Sight()
        elif viewer != "link" or not world.link:
            assert {"mediaFile", "asset", "_entities"} <= sight.ways, viewer
        assert any("/original." in a for a in sight.addresses) == (viewer == "owner")
    given_out = {viewer: sight.addresses for viewer, sight in sights.items()}
    for viewer in seers:
        assert await _statuses(world, given_out[viewer]) == {200}, viewer
    public = (case.startswith("public ") and "made private" in case) or case.startswith("public, ")
    if not public:
        guesses = [guess for address in given_out["owner"] for guess in _altered(address)]
        answers = [await world.http.get(guess) for guess in guesses]
        assert {(a.status_code, a.text) for a in answers} == {(404, answers[0].text)}

    await end(world)
    for viewer in VIEWERS:
        sight = await _look(world, viewer)
        if viewer != "owner" and not (case == "followers' album" and viewer != "follower"):
            assert sight == Sight(), viewer
            assert await _statuses(world, given_out[viewer]) <= {404}, viewer
    listed = (await world.http.get("/public/files?first=100")).text
    assert world.picture not in listed


async def test_what_is_made_private_while_redis_cannot_be_told_is_gone_all_the_same(world: World) -> None:
    show, _, end = CASES["public, then private"]
    await show(world)
    addresses = (await _look(world, "anonymous")).addresses
    redis = world.media.resources.redis
    for _ in range(3):
        assert await _statuses(world, addresses) == {200}
    redis._closed_until = float("inf")  # for the service alone
    try:
        await end(world)
        assert await _statuses(world, addresses) == {404}
    finally:
        redis._closed_until = 0.0


async def test_an_address_ends_with_its_time(world: World) -> None:
    await uploaded("PRIVATE")(world)
    (address, *_) = (await _look(world, "owner")).addresses
    url = httpx.URL(address)
    past = url.copy_set_param("exp", str(int(url.params["exp"]) - 600))
    assert [(await world.http.get(u)).status_code for u in (url, past)] == [200, 404]


async def test_an_original_is_its_owners_even_for_whom_it_is_shown(world: World) -> None:
    await in_album("PRIVATE", let_in=True)(world)
    member = (await _look(world, "member")).addresses
    mine = next(a for a in (await _look(world, "owner")).addresses if "/original." in a)
    to = httpx.URL(next(iter(member))).params["to"]
    assert (await world.http.get(mine)).headers["content-disposition"].startswith("attachment")
    assert (await world.http.get(httpx.URL(mine).copy_set_param("to", to))).status_code == 404


async def test_whoever_sees_a_picture_only_its_owner_edits_it(world: World) -> None:
    await in_post("PUBLIC")(world)
    for viewer, one in world.ids.items():
        if one is None or viewer == "owner":
            continue
        for name, given in (("rotateAsset", {"degrees": 90}), ("setFocalPoint", {"point": {"x": 0, "y": 0}})):
            refused = await do(world.media, one, name, "media { id }", id=world.picture, **given)
            assert refused == {"media": None, "userErrors": [{"code": "NOT_FOUND", "field": ["id"]}]}, viewer
