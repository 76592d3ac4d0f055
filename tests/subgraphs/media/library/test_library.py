"""One's own pictures: described, tagged, liked, thrown away and taken back, and found again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from subgraphs.kit.authorization.relations import BLOCK
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.graph.relay import to_global
from tests.cached import comes_to
from tests.media_core.photographs import encoded, exif, photograph
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import create_album, do, relate, small_picture, upload

_LISTS = """query ($f: AssetFilter) {
  assets(filter: $f) { edges { node { id } } } mediaTrash { edges { node { id } } }
  favorites { edges { node { id } } } storageUsage { files } }"""


async def _lists(media: Harness, who: UUID, **given: Any) -> dict[str, list[str]]:
    found = await media.ask(_LISTS, {"f": given or None}, who)
    return {
        name: [edge["node"]["id"] for edge in found[name]["edges"]]
        for name in ("assets", "mediaTrash", "favorites")
    }


async def _errors(media: Harness, who: UUID, name: str, **given: Any) -> list[tuple[str, list[str]]]:
    return [(e["code"], e["field"]) for e in (await do(media, who, name, **given))["userErrors"]]


async def test_a_picture_is_described_by_its_owner(media: Harness) -> None:
    owner = uuid4()
    picture = await upload(media, owner)
    selection = "media { altText caption takenAt tags viewerFavorite }"
    given = {"altText": " A view ", "caption": "From the hill", "takenAt": "2020-05-06T07:08:09+02:00"}
    changed = await do(media, owner, "updateAsset", selection, id=picture, **given)
    assert changed["media"] == {
        "altText": "A view",
        "caption": "From the hill",
        "takenAt": "2020-05-06T05:08:09+00:00",
        "tags": [],
        "viewerFavorite": False,
    }
    await do(media, owner, "setAltText", id=picture, altText="")
    again = await do(media, owner, "updateAsset", selection, id=picture, caption=None)
    assert (again["media"]["altText"], again["media"]["caption"]) == (None, "From the hill")
    stranger = uuid4()
    assert await _errors(media, stranger, "updateAsset", id=picture, caption="Mine") == [
        ("NOT_FOUND", ["id"])
    ]
    assert await _errors(media, owner, "updateAsset", id=picture, caption="a\0b") == [
        ("INVALID_INPUT", ["caption"])
    ]
    assert await _errors(media, owner, "setAltText", id=picture, altText="a" * 1501) == [
        ("INVALID_INPUT", ["altText"])
    ]


async def test_what_is_thrown_away_is_nowhere_else_and_can_be_taken_back_or_purged(media: Harness) -> None:
    owner = uuid4()
    one, other = [await upload(media, owner, data=small_picture(n)) for n in range(2)]
    await do(media, owner, "favorite", id=one)
    trashed = await do(media, owner, "trashAssets", "assets { id trashedAt url }", ids=[one])
    assert trashed["assets"][0]["trashedAt"] is not None
    assert "sig=" in trashed["assets"][0]["url"]
    assert await _lists(media, owner) == {"assets": [other], "mediaTrash": [one], "favorites": []}
    assert (await media.ask("{ storageUsage { files } }", viewer=owner))["storageUsage"] == {"files": 2}
    assert await _errors(media, owner, "favorite", id=one) == [("NOT_FOUND", ["id"])]
    album = await create_album(media, owner)
    assert await _errors(media, owner, "addToAlbum", albumId=album, assetIds=[one]) == [
        ("NOT_FOUND", ["assetIds", "0"])
    ]
    await do(media, owner, "restoreAssets", ids=[one])
    assert await _lists(media, owner) == {"assets": [other, one], "mediaTrash": [], "favorites": [one]}
    assert await _errors(media, owner, "purgeAssets", ids=[one]) == [("CONFLICT", ["ids"])]
    await do(media, owner, "trashAssets", ids=[one, other])
    assert (await do(media, owner, "purgeAssets", "purgedIds", ids=[one]))["purgedIds"] == [one]
    assert await _lists(media, owner) == {"assets": [], "mediaTrash": [other], "favorites": []}
    assert (await media.ask("{ storageUsage { files } }", viewer=owner))["storageUsage"] == {"files": 1}


async def test_several_at_once_are_all_or_none(media: Harness) -> None:
    owner, stranger = uuid4(), uuid4()
    mine, theirs = await upload(media, owner), await upload(media, stranger)
    for name in ("trashAssets", "restoreAssets", "purgeAssets", "tagAssets"):
        assert await _errors(media, owner, name, ids=[mine, theirs]) == [("NOT_FOUND", ["ids", "1"])]
        assert await _errors(media, owner, name, ids=[mine, mine]) == [("INVALID_INPUT", ["ids"])]
        assert await _errors(media, owner, name, ids=[]) == [("INVALID_INPUT", ["ids"])]
    assert (await _lists(media, owner))["assets"] == [mine]


async def test_words_find_pictures_again(media: Harness) -> None:
    owner = uuid4()
    one, other = [await upload(media, owner, data=small_picture(n)) for n in range(2)]
    tagged = await do(
        media, owner, "tagAssets", "assets { tags }", ids=[one, other], add=["Summer", " SEA ", "sea"]
    )
    assert tagged["assets"] == [{"tags": ["sea", "summer"]}] * 2
    await do(media, owner, "tagAssets", ids=[other], add=["hills"], remove=["Sea"])
    assert (await _lists(media, owner, tag="Sea"))["assets"] == [one]
    assert (await _lists(media, owner, tag="hills"))["assets"] == [other]
    assert (await _lists(media, uuid4(), tag="sea"))["assets"] == []
    too_many = [f"word {n}" for n in range(49)]
    assert await _errors(media, owner, "tagAssets", ids=[one], add=too_many) == [("INVALID_INPUT", ["add"])]
    assert await _errors(media, owner, "tagAssets", ids=[one], add=["a\nb"]) == [("INVALID_INPUT", ["add"])]


async def test_a_favourite_is_of_who_sees_it_and_while_they_do(media: Harness) -> None:
    owner, fan = uuid4(), uuid4()
    public, private = await upload(media, owner), await upload(media, owner, "PRIVATE")
    liked = await do(media, fan, "favorite", "media { viewerFavorite }", id=public)
    assert liked["media"] == {"viewerFavorite": True}
    assert await _errors(media, fan, "favorite", id=private) == [("NOT_FOUND", ["id"])]
    assert await _errors(media, fan, "favorite", id=to_global("MediaFile", uuid4())) == [
        ("NOT_FOUND", ["id"])
    ]
    assert (await _lists(media, fan))["favorites"] == [public]
    own = "query ($i: ID!) { mediaFile(id: $i) { viewerFavorite } }"
    assert (await media.ask(own, {"i": public}, owner))["mediaFile"] == {"viewerFavorite": False}
    await relate(media, owner, fan, BLOCK)
    assert (await _lists(media, fan))["favorites"] == []
    other = uuid4()
    await do(media, other, "favorite", id=public)
    await do(media, other, "unfavorite", id=public)
    assert (await _lists(media, other))["favorites"] == []


async def test_the_timeline_counts_pictures_by_when_they_were_taken(media: Harness) -> None:
    owner = uuid4()
    days = ("2020-01-31T23:59:59Z", "2020-02-01T00:00:00Z", "2020-02-29T12:00:00Z", "2021-02-01T00:00:00Z")
    for n, day in enumerate(days):
        picture = await upload(media, owner, data=small_picture(n))
        await do(media, owner, "updateAsset", id=picture, takenAt=day)
    query = """query ($u: TimelineUnit!, $f: AssetFilter) { timelineBuckets(unit: $u, filter: $f) { start count } }"""

    async def buckets(unit: str, **given: Any) -> list[tuple[str, int]]:
        found = (await media.ask(query, {"u": unit, "f": given or None}, owner))["timelineBuckets"]
        return [(b["start"][:10], b["count"]) for b in found]

    assert await buckets("MONTH") == [("2021-02-01", 1), ("2020-02-01", 2), ("2020-01-01", 1)]
    assert await buckets("YEAR") == [("2021-01-01", 1), ("2020-01-01", 3)]
    assert await buckets("DAY", takenFrom="2020-02-01T00:00:00Z", takenUntil="2020-02-29T00:00:00Z") == [
        ("2020-02-01", 1)
    ]
    listed = await media.ask("{ assets { edges { node { takenAt } } } }", viewer=owner)
    assert [e["node"]["takenAt"][:10] for e in listed["assets"]["edges"]] == [
        day[:10] for day in reversed(days)
    ]


async def test_the_cameras_clock_orders_the_library_and_is_its_owners_to_tell(media: Harness) -> None:
    owner = uuid4()
    picture = await upload(media, owner, data=photograph(60, 40))
    again = await upload(media, owner, data=photograph(60, 40))
    later = encoded(Image.new("RGB", (9, 9)), "PNG", exif=exif(taken="2999:01:01 00:00:00"))
    impossible = await upload(media, owner, data=later)
    query = "query ($i: ID!) { mediaFile(id: $i) { takenAt createdAt } }"

    async def seen(one: str, who: UUID | None) -> Any:
        return (await media.ask(query, {"i": one}, who))["mediaFile"]

    noted = "2026-05-01T10:00:00+00:00"
    assert [(await seen(one, owner))["takenAt"] for one in (picture, again)] == [noted] * 2
    for one, who in ((picture, None), (picture, uuid4()), (impossible, owner)):
        found = await seen(one, who)
        assert found["takenAt"][:19] == found["createdAt"][:19]
    assert (await _lists(media, owner, takenUntil="2026-06-01T00:00:00Z"))["assets"] == [again, picture]
    await do(media, owner, "updateAsset", id=picture, takenAt="2026-05-01T12:00:00+01:00")
    assert (await seen(picture, None))["takenAt"] == "2026-05-01T11:00:00+00:00"


async def test_what_is_there_twice_is_found(media: Harness) -> None:
    owner = uuid4()
    twice = [await upload(media, owner, data=small_picture(1)) for _ in range(2)]
    await upload(media, owner, data=small_picture(2))
    await upload(media, uuid4(), data=small_picture(2))
    query = "{ duplicates { edges { node { assets { id } } } } storageUsage { used files limit fileLimit } }"
    found = await media.ask(query, viewer=owner)
    groups = [edge["node"]["assets"] for edge in found["duplicates"]["edges"]]
    assert groups == [[{"id": picture} for picture in twice]]
    assert found["storageUsage"]["files"] == 3
    assert found["storageUsage"]["used"] == len(small_picture(1)) + len(small_picture(2))
    await do(media, owner, "trashAssets", ids=twice[:1])
    assert (await media.ask(query, viewer=owner))["duplicates"] == {"edges": []}


async def test_ones_own_lists_need_an_account_and_are_ones_own(media: Harness) -> None:
    lists = ["assets", "mediaTrash", "favorites", "duplicates", "albums"]
    fields = [f"{name} {{ edges {{ cursor }} }}" for name in lists]
    for field in (*fields, "storageUsage { used }", "timelineBuckets { count }"):
        answer = await media.answer(f"{{ {field} }}")
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["UNAUTHENTICATED"], field
    owner, other = uuid4(), uuid4()
    reference = [{"__typename": "User", "id": to_global("User", owner)}]
    selection = "... on User { storage { files } }"
    assert (await media.entities(selection, reference, other))[0]["storage"] is None
    assert (await media.entities(selection, reference, owner))[0]["storage"] == {"files": 0}


@pytest.mark.parametrize("count", [1, 6])
async def test_a_page_of_pictures_takes_as_many_statements_however_long_it_is(
    media: Harness, count: int
) -> None:
    owner, viewer = uuid4(), uuid4()
    pictures = [await upload(media, owner, data=small_picture(n)) for n in range(count)]
    for picture in pictures:
        await do(media, viewer, "favorite", id=picture)
        await do(media, owner, "tagAssets", ids=[picture], add=["sea"])
    query = "{ favorites { edges { node { url tags viewerFavorite owner { id } } } } }"

    async def asked() -> int:
        with counted_statements() as statements:
            found = await media.ask(query, viewer=viewer)
        assert len(found["favorites"]["edges"]) == count
        return len(statements)

    await comes_to(3, asked)  # the list, the tags, and which of them are favourites
