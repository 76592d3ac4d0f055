"""Ways in which a picture is shown, whom each shows it to, and what ends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update
from sqlmodel import col

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW
from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.media.models import AlbumShare
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import (
    add,
    create_album,
    do,
    raw,
    relate,
    share,
    show_as_avatar,
    show_in_message,
    show_in_post,
    show_in_product,
    small_picture,
    unrelate,
    upload,
    user,
)

__all__ = ["CASES", "EVERYONE", "VIEWERS", "World", "in_album", "in_post", "uploaded"]

VIEWERS = ("owner", "member", "link", "follower", "stranger", "blocked", "blocker", "anonymous", "operator")
EVERYONE = {"owner", "member", "link", "follower", "stranger", "anonymous", "operator"}
"""But for those across a block; who holds a link is anonymous here."""


@dataclass
class World:
    """One picture of one owner, and how everyone else stands to both."""

    media: Harness
    http: httpx.AsyncClient
    ids: dict[str, UUID | None]
    picture: str = ""
    content: bytes | None = None
    """What is uploaded; None: a picture."""
    album: str | None = None
    link: tuple[str, str] | None = None
    post: UUID = field(default_factory=uuid4)

    @property
    def owner(self) -> UUID:
        owner = self.ids["owner"]
        assert owner is not None
        return owner

    def claims(self, viewer: str) -> dict[str, Any]:
        return {"roles": ["OPERATOR"]} if viewer == "operator" else {}


Step: TypeAlias = Callable[[World], Awaitable[Any]]


async def _upload(world: World, visibility: str = "PRIVATE") -> None:
    content = world.content or small_picture(hash(world.owner) % 60_000)
    world.picture = await upload(world.media, world.owner, visibility, content)


def uploaded(visibility: str) -> Step:
    return lambda world: _upload(world, visibility)


def in_album(visibility: str, *, let_in: bool = False, link: bool = False, picture: str = "PRIVATE") -> Step:
    async def show(world: World) -> None:
        await _upload(world, picture)
        world.album = await create_album(world.media, world.owner, visibility)
        await add(world.media, world.owner, world.album, world.picture)
        if let_in:
            for name in ("member", "blocked"):
                one = world.ids[name]
                assert one is not None
                if name == "blocked":  # let in before the block
                    await unrelate(world.media, world.owner, one, BLOCK)
                given = {"albumId": world.album, "userId": user(one), "role": "VIEWER"}
                assert (await do(world.media, world.owner, "setAlbumMember", **given))["userErrors"] == []
                if name == "blocked":
                    await relate(world.media, world.owner, one, BLOCK)
        if link:
            world.link = await share(world.media, world.owner, world.album)

    return show


def in_post(visibility: str) -> Step:
    async def show(world: World) -> None:
        await _upload(world)
        await show_in_post(world.media, world.owner, world.post, world.picture, visibility=visibility)

    return show


async def _in_anothers_album(world: World) -> None:
    """Whom it is shown to puts it where everyone looks: that shows it to nobody."""
    await in_post("FOLLOWERS")(world)
    follower = world.ids["follower"]
    assert follower is not None
    world.album = await create_album(world.media, follower, "PUBLIC")
    await add(world.media, follower, world.album, world.picture)


async def _in_anothers_post(world: World) -> None:
    await _upload(world)
    stranger = world.ids["stranger"]
    assert stranger is not None
    await show_in_post(world.media, stranger, world.post, world.picture, visibility="PUBLIC")


def _as_avatar(picture: str = "PRIVATE") -> Step:
    async def show(world: World) -> None:
        await _upload(world, picture)
        await show_as_avatar(world.media, world.owner, world.picture)

    return show


async def _as_anothers_avatar(world: World) -> None:
    await _upload(world)
    stranger = world.ids["stranger"]
    assert stranger is not None
    await show_as_avatar(world.media, stranger, world.picture)


def _in_product(*, published: bool = True, picture: str = "PRIVATE") -> Step:
    async def show(world: World) -> None:
        await _upload(world, picture)
        await show_in_product(world.media, world.owner, world.post, world.picture, published=published)

    return show


def _in_message(sender: str = "owner") -> Step:
    """To a conversation of who sends it with the member and, from before the block, with who is blocked."""

    async def show(world: World) -> None:
        await _upload(world)
        by, *others = (world.ids[name] for name in (sender, "owner", "member", "blocked"))
        assert by is not None
        members = [other for other in others if other is not None]
        await show_in_message(world.media, by, world.post, world.picture, members=members)

    return show


async def _message_deleted(world: World) -> None:
    await show_in_message(world.media, world.owner, world.post, members=[], version=2, deleted=True)


async def _message_deleted_told_late(world: World) -> None:
    """Messaging's mark, before its event has come."""
    async with world.media.resources.database.write() as tx:
        withdraw(tx, "Message.attachments", world.post, version=2)


async def _another_avatar(world: World) -> None:
    other = await upload(world.media, world.owner, "PRIVATE")
    await show_as_avatar(world.media, world.owner, other, version=2)


async def _another_avatar_told_late(world: World) -> None:
    """The user domain's mark, before its event has come."""
    async with world.media.resources.database.write() as tx:
        withdraw(tx, "User.avatar", world.owner, version=2)


async def _private_and_renamed(world: World) -> None:
    await _made_private(world)
    await show_as_avatar(world.media, world.owner, world.picture, version=2, placed=False)


async def _person_gone(world: World) -> None:
    await show_as_avatar(world.media, world.owner, world.picture, version=2, placed=False, deleted=True)


async def _unpublished(world: World) -> None:
    await show_in_product(
        world.media, world.owner, world.post, world.picture, version=2, published=False, placed=False
    )


async def _out_of_the_product(world: World) -> None:
    await show_in_product(world.media, world.owner, world.post, version=2)


async def _private_and_product_changed(world: World) -> None:
    await _made_private(world)
    await show_in_product(world.media, world.owner, world.post, world.picture, version=2, placed=False)


async def _made_private(world: World) -> None:
    await do(world.media, world.owner, "updateAsset", id=world.picture, visibility="PRIVATE")


async def _trashed(world: World) -> None:
    await do(world.media, world.owner, "trashAssets", ids=[world.picture])


async def _deleted(world: World) -> None:
    await do(world.media, world.owner, "deleteMedia", "deletedId", id=world.picture)


async def _taken_out(world: World) -> None:
    await do(world.media, world.owner, "removeFromAlbum", albumId=world.album, assetIds=[world.picture])


async def _album_deleted(world: World) -> None:
    await do(world.media, world.owner, "deleteAlbum", id=world.album)


async def _album_narrowed(world: World) -> None:
    await do(world.media, world.owner, "updateAlbum", id=world.album, visibility="PRIVATE")


async def _let_go(world: World) -> None:
    member = world.ids["member"]
    assert member is not None
    await do(world.media, world.owner, "setAlbumMember", albumId=world.album, userId=user(member))


async def _revoked(world: World) -> None:
    assert world.link
    await do(world.media, world.owner, "revokeAlbumShare", id=world.link[0])


async def _run_out(world: World) -> None:
    assert world.link
    async with world.media.resources.database.write() as tx:
        link = col(AlbumShare.id) == raw(world.link[0], "AlbumShare")
        await tx.session.execute(update(AlbumShare).where(link).values(expires_at=tx.now))


async def _unfollowed(world: World) -> None:
    follower = world.ids["follower"]
    assert follower is not None
    await unrelate(world.media, follower, world.owner, FOLLOW)


async def _post_deleted(world: World) -> None:
    await show_in_post(world.media, world.owner, world.post, world.picture, version=2, deleted=True)


async def _post_withdrawn(world: World) -> None:
    """Content's mark, before its event has come."""
    async with world.media.resources.database.write() as tx:
        withdraw(tx, "Post", world.post, version=2)


CASES: dict[str, tuple[Step, set[str], Step]] = {
    "private": (uploaded("PRIVATE"), {"owner"}, _trashed),
    "public, then private": (uploaded("PUBLIC"), EVERYONE, _made_private),
    "public, then in the trash": (uploaded("PUBLIC"), EVERYONE, _trashed),
    "public, then deleted": (uploaded("PUBLIC"), EVERYONE, _deleted),
    "private album": (in_album("PRIVATE"), {"owner"}, _taken_out),
    "album with a member": (in_album("PRIVATE", let_in=True), {"owner", "member"}, _let_go),
    "album with a member, emptied": (in_album("PRIVATE", let_in=True), {"owner", "member"}, _taken_out),
    "album with a member, deleted": (in_album("PRIVATE", let_in=True), {"owner", "member"}, _album_deleted),
    "link, revoked": (in_album("PRIVATE", link=True), {"owner", "link"}, _revoked),
    "link, run out": (in_album("PRIVATE", link=True), {"owner", "link"}, _run_out),
    "link to an album that is emptied": (in_album("PRIVATE", link=True), {"owner", "link"}, _taken_out),
    "followers' album": (in_album("FOLLOWERS"), {"owner", "follower"}, _unfollowed),
    "followers' album, narrowed": (in_album("FOLLOWERS"), {"owner", "follower"}, _album_narrowed),
    "public album": (in_album("PUBLIC"), EVERYONE, _album_narrowed),
    "public album, picture made private": (in_album("PUBLIC", picture="PUBLIC"), EVERYONE, _made_private),
    "open album, made private once more": (in_album("PUBLIC"), EVERYONE, _made_private),
    "followers' post": (in_post("FOLLOWERS"), {"owner", "follower"}, _post_deleted),
    "followers' post, made private once more": (in_post("FOLLOWERS"), {"owner", "follower"}, _made_private),
    "followers' post, withdrawn": (in_post("FOLLOWERS"), {"owner", "follower"}, _post_withdrawn),
    "followers' post, unfollowed": (in_post("FOLLOWERS"), {"owner", "follower"}, _unfollowed),
    "public post": (in_post("PUBLIC"), EVERYONE, _post_deleted),
    "private post": (in_post("PRIVATE"), {"owner"}, _trashed),
    "another's album": (_in_anothers_album, {"owner", "follower"}, _post_deleted),
    "avatar, another since": (_as_avatar(), EVERYONE, _another_avatar),
    "avatar, another since, told of late": (_as_avatar(), EVERYONE, _another_avatar_told_late),
    "public avatar, made private, its person renamed": (_as_avatar("PUBLIC"), EVERYONE, _private_and_renamed),
    "avatar, made private once more, its person renamed": (_as_avatar(), EVERYONE, _private_and_renamed),
    "avatar, its person gone": (_as_avatar(), EVERYONE, _person_gone),
    "another's avatar": (_as_anothers_avatar, {"owner"}, _trashed),
    "product, unpublished": (_in_product(), EVERYONE, _unpublished),
    "product, taken out": (_in_product(), EVERYONE, _out_of_the_product),
    "public product, made private, its price changed": (
        _in_product(picture="PUBLIC"),
        EVERYONE,
        _private_and_product_changed,
    ),
    "product that is not published": (_in_product(published=False), {"owner"}, _trashed),
    "message, deleted": (_in_message(), {"owner", "member"}, _message_deleted),
    "message, deleted, told of late": (_in_message(), {"owner", "member"}, _message_deleted_told_late),
    "another's message": (_in_message("stranger"), {"owner"}, _trashed),
    "another's post": (_in_anothers_post, {"owner"}, _trashed),
}
