"""Albums: filled, put in order, shared by name and by link, and seen by whom they may be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.database.reads import Read
from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.relay import to_global
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.settings import Library
from subgraphs.media.albums.repository import AlbumRepository
from subgraphs.media.albums.service import Albums, NewAlbum
from subgraphs.media.albums.sharing import Sharing
from subgraphs.media.albums.writes import AlbumWrites
from subgraphs.media.models import TABLES, AlbumItem, AlbumShare
from tests.cached import comes_to
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import add, create_album, do, raw, share, small_picture, upload, user

_ORDER = "query ($i: ID!) { album(id: $i) { assets(first: 50) { edges { node { id } } } } }"


async def _order(media: Harness, viewer: UUID | None, album: str) -> list[str]:
    found = (await media.ask(_ORDER, {"i": album}, viewer))["album"]
    return [edge["node"]["id"] for edge in found["assets"]["edges"]] if found else []


async def _pictures(media: Harness, who: UUID, count: int, visibility: str = "PRIVATE") -> list[str]:
    return [await upload(media, who, visibility, small_picture(n)) for n in range(count)]


async def test_an_album_is_made_filled_and_described(media: Harness) -> None:
    owner, follower = uuid4(), uuid4()
    pictures = await _pictures(media, owner, 3)
    album = await create_album(media, owner, description=" Of the summer ")
    await add(media, owner, album, *pictures)
    changed = await do(
        media, owner, "updateAlbum", "album { title }", id=album, title="Summer", coverId=pictures[1]
    )
    assert changed == {"album": {"title": "Summer"}, "userErrors": []}
    query = """query ($i: ID!) { album(id: $i) { title description visibility viewerRole assetCount cover { id }
      owner { id } contributors { id } members { role } shares { id } } }"""
    assert (await media.ask(query, {"i": album}, owner))["album"] == {
        "title": "Summer",
        "description": "Of the summer",
        "visibility": "PRIVATE",
        "viewerRole": "OWNER",
        "assetCount": 3,
        "cover": {"id": pictures[1]},
        "owner": {"id": user(owner)},
        "contributors": [],
        "members": [],
        "shares": [],
    }
    assert (await media.ask(query, {"i": album}, follower))["album"] is None
    removed = await do(
        media, owner, "removeFromAlbum", "album { cover { id } }", albumId=album, assetIds=[pictures[1]]
    )
    assert removed["album"] == {"cover": {"id": pictures[0]}}
    assert (await do(media, owner, "deleteAlbum", "deletedId", id=album))["deletedId"] == album
    assert await media.ask(query, {"i": album}, owner) == {"album": None}
    one = "query ($i: ID!) { mediaFile(id: $i) { id } }"
    assert (await media.ask(one, {"i": pictures[0]}, owner))["mediaFile"]  # the album went, not its pictures


async def test_pictures_are_put_in_any_order_and_pages_follow_it(media: Harness) -> None:
    owner = uuid4()
    a, b, c, d = await _pictures(media, owner, 4)
    album = await create_album(media, owner)
    await add(media, owner, album, a, b, c, d)
    await do(media, owner, "reorderAlbum", albumId=album, assetIds=[d, b])
    assert await _order(media, owner, album) == [d, b, a, c]
    await do(media, owner, "reorderAlbum", albumId=album, assetIds=[d], after=a)
    assert await _order(media, owner, album) == [b, a, d, c]
    page = """query ($i: ID!, $a: String) {
      album(id: $i) { assets(first: 2, after: $a) { edges { node { id } } pageInfo { endCursor hasNextPage } } } }"""
    first = (await media.ask(page, {"i": album}, owner))["album"]["assets"]
    second = (await media.ask(page, {"i": album, "a": first["pageInfo"]["endCursor"]}, owner))["album"][
        "assets"
    ]
    assert [e["node"]["id"] for e in (*first["edges"], *second["edges"])] == [b, a, d, c]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_there_is_always_room_between_two_pictures(media: Harness) -> None:
    owner = uuid4()
    first, *others, last = await _pictures(media, owner, 5)
    album = await create_album(media, owner)
    await add(media, owner, album, first, *others, last)
    async with media.resources.database.write() as tx:
        close = col(AlbumItem.position) % 7
        of = col(AlbumItem.album_id) == raw(album, "Album")
        await tx.session.execute(update(AlbumItem).where(of).values(position=close * 0))
        for at, one in enumerate([first, *others, last]):
            this = (of, col(AlbumItem.media_id) == raw(one))
            await tx.session.execute(update(AlbumItem).where(*this).values(position=at))
    await do(media, owner, "reorderAlbum", albumId=album, assetIds=[last, others[2]], after=first)
    assert await _order(media, owner, album) == [first, last, others[2], others[0], others[1]]


async def test_what_cannot_be_done_to_an_album_says_why(media: Harness) -> None:
    owner, viewer, contributor, stranger = (uuid4() for _ in range(4))
    (picture,) = await _pictures(media, owner, 1)
    album = await create_album(media, owner)
    await add(media, owner, album, picture)
    for one, role in ((viewer, "VIEWER"), (contributor, "CONTRIBUTOR")):
        await do(media, owner, "setAlbumMember", albumId=album, userId=user(one), role=role)
    public = await upload(media, stranger)
    missing, others = to_global("Album", uuid4()), await upload(media, stranger, "PRIVATE")

    async def errors(who: UUID, name: str, **given: Any) -> list[tuple[str, list[str]]]:
        return [(e["code"], e["field"]) for e in (await do(media, who, name, **given))["userErrors"]]

    pictures = {"albumId": album, "assetIds": [picture]}
    assert [
        await errors(owner, "createAlbum", title=" "),
        await errors(stranger, "updateAlbum", id=album, title="Mine"),
        await errors(stranger, "updateAlbum", id=missing, title="Mine"),
        await errors(viewer, "updateAlbum", id=album, title="Mine"),
        await errors(contributor, "deleteAlbum", id=album),
        await errors(viewer, "addToAlbum", albumId=album, assetIds=[public]),
        await errors(owner, "addToAlbum", albumId=album, assetIds=[others]),
        await errors(owner, "addToAlbum", albumId=album, assetIds=[picture, picture]),
        await errors(contributor, "removeFromAlbum", **pictures),
        await errors(contributor, "reorderAlbum", **pictures),
        await errors(owner, "reorderAlbum", albumId=album, assetIds=[picture], after=public),
        await errors(owner, "setAlbumMember", albumId=album, userId=user(owner), role="VIEWER"),
        await errors(stranger, "setAlbumMember", albumId=album, userId=user(stranger)),
        await errors(stranger, "setAlbumMember", albumId=missing, userId=user(stranger)),
        await errors(viewer, "createAlbumShare", albumId=album),
        await errors(owner, "createAlbumShare", albumId=album, expiresAt="2020-01-01T00:00:00Z"),
        await errors(owner, "updateAlbum", id=album, coverId=public),
    ] == [
        [("INVALID_INPUT", ["title"])],
        [("NOT_FOUND", ["id"])],
        [("NOT_FOUND", ["id"])],
        [("FORBIDDEN", ["id"])],
        [("FORBIDDEN", ["id"])],
        [("FORBIDDEN", ["albumId"])],
        [("NOT_FOUND", ["assetIds", "0"])],
        [("INVALID_INPUT", ["assetIds"])],
        [("NOT_FOUND", ["assetIds", "0"])],
        [("FORBIDDEN", ["albumId"])],
        [("NOT_FOUND", ["after"])],
        [("INVALID_INPUT", ["userId"])],
        [("NOT_FOUND", ["albumId"])],
        [("NOT_FOUND", ["albumId"])],
        [("FORBIDDEN", ["albumId"])],
        [("INVALID_INPUT", ["expiresAt"])],
        [("NOT_FOUND", ["coverId"])],
    ]


async def test_a_contributors_pictures_come_and_go_with_them(media: Harness) -> None:
    owner, contributor, viewer = uuid4(), uuid4(), uuid4()
    album = await create_album(media, owner)
    for one, role in ((contributor, "CONTRIBUTOR"), (viewer, "VIEWER")):
        await do(media, owner, "setAlbumMember", albumId=album, userId=user(one), role=role)
    (theirs,) = await _pictures(media, contributor, 1)
    await add(media, contributor, album, theirs)
    assert [await _order(media, who, album) for who in (owner, contributor, viewer)] == [[theirs]] * 3
    await do(media, contributor, "setAlbumMember", albumId=album, userId=user(contributor))
    assert await _order(media, contributor, album) == []
    assert await _order(media, owner, album) == []


async def test_a_public_picture_of_someone_else_stays_as_visible_as_its_owner_has_it(media: Harness) -> None:
    photographer, collector, viewer = uuid4(), uuid4(), uuid4()
    picture = await upload(media, photographer)
    album = await create_album(media, collector, "PUBLIC")
    await add(media, collector, album, picture)
    assert await _order(media, viewer, album) == [picture]
    await do(media, photographer, "updateAsset", id=picture, visibility="PRIVATE")
    count = "query ($i: ID!) { album(id: $i) { assetCount cover { id } } }"
    for who in (viewer, collector):
        assert await _order(media, who, album) == []
        assert (await media.ask(count, {"i": album}, who))["album"] == {"assetCount": 0, "cover": None}


async def test_a_link_opens_the_album_until_it_ends(media: Harness) -> None:
    owner = uuid4()
    pictures = await _pictures(media, owner, 2)
    album = await create_album(media, owner)
    await add(media, owner, album, *pictures)
    link, token = await share(media, owner, album)
    query = """query ($t: String!) { sharedAlbum(token: $t) { id assetCount viewerRole members { role } shares { id }
      assets { edges { node { id originalUrl } } } } }"""
    opened = (await media.ask(query, {"t": token}))["sharedAlbum"]
    assert opened == {
        "id": album,
        "assetCount": 2,
        "viewerRole": None,
        "members": None,
        "shares": None,
        "assets": {"edges": [{"node": {"id": p, "originalUrl": None}} for p in pictures]},
    }
    assert await media.ask(query, {"t": token[:-1]}) == {"sharedAlbum": None}
    assert await media.ask(_ORDER, {"i": album}) == {"album": None}
    stored = await media.resources.database.rows(
        Read(select(AlbumShare).where(AlbumShare.id == raw(link, "AlbumShare")))
    )
    assert token.encode() not in stored[0].token_hash
    refused = await do(media, uuid4(), "revokeAlbumShare", id=link)
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "field": ["id"]}]
    await do(media, owner, "revokeAlbumShare", id=link)
    assert await media.ask(query, {"t": token}) == {"sharedAlbum": None}


async def test_a_link_with_an_end_is_over_then(media: Harness) -> None:
    owner = uuid4()
    album = await create_album(media, owner)
    link, token = await share(
        media, owner, album, expiresAt=(datetime.now(UTC) + timedelta(hours=1)).isoformat()
    )
    query = "query ($t: String!) { sharedAlbum(token: $t) { id } }"
    assert (await media.ask(query, {"t": token}))["sharedAlbum"]
    async with media.resources.database.write() as tx:
        ended = update(AlbumShare).where(col(AlbumShare.id) == raw(link, "AlbumShare"))
        await tx.session.execute(ended.values(expires_at=tx.now))
    assert await media.ask(query, {"t": token}) == {"sharedAlbum": None}


async def test_the_same_key_makes_one_album(media: Harness) -> None:
    owner = uuid4()
    one, other = await asyncio.gather(*(create_album(media, owner, idempotencyKey="k") for _ in range(2)))
    assert one == other
    conflict = await do(media, owner, "createAlbum", title="Another", idempotencyKey="k")
    assert conflict["userErrors"] == [{"code": "IDEMPOTENCY_CONFLICT", "field": ["idempotencyKey"]}]


async def test_what_lets_people_in_is_in_the_audit_trail(media: Harness) -> None:
    owner, member = uuid4(), uuid4()
    album = await create_album(media, owner)
    await do(media, owner, "setAlbumMember", albumId=album, userId=user(member), role="VIEWER")
    link, _ = await share(media, owner, album)
    await do(media, owner, "revokeAlbumShare", id=link)
    await do(media, owner, "setAlbumMember", albumId=album, userId=user(member))
    await do(media, owner, "updateAlbum", id=album, visibility="PUBLIC")
    await do(media, owner, "deleteAlbum", id=album)
    audit = TABLES.audit
    done = select(audit.c.action).where(audit.c.subject_id == raw(album, "Album").hex).order_by(audit.c.id)
    rows = await media.resources.database.rows(Read(done))
    assert [action for (action,) in rows] == [
        "album.member_set",
        "album.share_created",
        "album.share_revoked",
        "album.member_removed",
        "album.visibility",
        "album.deleted",
    ]


@pytest.mark.parametrize("count", [1, 8])
async def test_a_page_of_albums_takes_as_many_statements_however_long_it_is(
    media: Harness, count: int
) -> None:
    owner, viewer = uuid4(), uuid4()
    for n in range(count):
        album = await create_album(media, owner)
        await add(media, owner, album, await upload(media, owner, "PRIVATE", small_picture(n)))
        await do(media, owner, "setAlbumMember", albumId=album, userId=user(viewer), role="CONTRIBUTOR")
    query = """{ albums(first: 20) { edges { node { title viewerRole assetCount cover { url tags viewerFavorite }
      contributors { id } members { role user { id } }
      assets(first: 5) { edges { node { id url tags viewerFavorite } } } } } } }"""

    async def is_cheap() -> bool:
        with counted_statements() as statements:
            found = await media.ask(query, viewer=viewer)
        assert len(found["albums"]["edges"]) == count
        assert found["albums"]["edges"][0]["node"]["assetCount"] == 1
        return len(statements) <= 13

    await is_cheap()  # fills the cache of rows
    await comes_to(True, is_cheap)


async def test_how_much_goes_into_albums_and_how_many_there_are_is_set(media: Harness) -> None:
    owner, settings = uuid4(), media.resources.settings
    few = Library(albums=2, album_pictures=1, album_members=1, album_links=1)
    resources = replace(media.resources, settings=replace(settings, library=few))
    reads, writes = AlbumRepository(media.resources.database), AlbumWrites()
    albums = Albums(resources, writes)
    sharing = Sharing(resources, reads, writes, albums)
    loaders = media.service.runtime.loaders(Viewer(id=owner))
    new = NewAlbum("One", None, "PRIVATE")
    made = await asyncio.gather(*(albums.create(owner, new, None) for _ in range(4)), return_exceptions=True)
    kept = [album for album in made if not isinstance(album, BaseException)]
    assert len(kept) == 2
    pictures = [raw(await upload(media, owner, data=small_picture(n))) for n in range(2)]
    refused: list[Awaitable[Any]] = [
        albums.add(loaders, kept[0].id, pictures),
        albums.create(owner, new, None),
    ]
    await sharing.set_member(loaders, kept[0].id, uuid4(), "VIEWER")
    await sharing.create_share(loaders, kept[0].id, None)
    refused += [
        sharing.set_member(loaders, kept[0].id, uuid4(), "VIEWER"),
        sharing.create_share(loaders, kept[0].id, None),
    ]
    for one in refused:
        with pytest.raises(Rejected) as error:
            await one
        assert [e.code.value for e in error.value.errors] == ["INVALID_INPUT"]
