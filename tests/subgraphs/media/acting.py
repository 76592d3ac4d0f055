"""What people do in the tests of pictures and albums."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from starlette.datastructures import UploadFile

from subgraphs.kit.database.transaction import Event
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.media.references import project_avatar, project_message, project_post, project_product
from tests.subgraphs.harness import Harness

__all__ = [
    "add",
    "create_album",
    "do",
    "raw",
    "relate",
    "share",
    "show_as_avatar",
    "show_in_message",
    "show_in_post",
    "show_in_product",
    "small_picture",
    "unrelate",
    "upload",
    "user",
]

_UPLOAD = """mutation ($file: Upload!, $v: MediaVisibility!) {
  uploadMedia(input: {file: $file, visibility: $v}) { media { id } userErrors { code } } }"""


def small_picture(seed: int = 0, side: int = 24) -> bytes:
    """A picture that costs nothing to work on; another one for each seed."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), (seed % 256, seed // 256 % 256, 99)).save(out, "PNG")
    return out.getvalue()


async def upload(media: Harness, who: UUID, visibility: str = "PUBLIC", data: bytes | None = None) -> str:
    file = UploadFile(io.BytesIO(data or small_picture()), filename="picture.png")
    answer = (await media.ask(_UPLOAD, {"file": file, "v": visibility}, who))["uploadMedia"]
    assert answer["userErrors"] == []
    return str(answer["media"]["id"])


async def do(media: Harness, who: UUID | None, name: str, selection: str = "", **given: Any) -> Any:
    """A mutation by its name, with its input; the payload with its errors."""
    type_ = name[0].upper() + name[1:]
    inputs = {
        "trashAssets": "Assets",
        "restoreAssets": "Assets",
        "purgeAssets": "Assets",
        "addToAlbum": "AlbumAssets",
        "removeFromAlbum": "AlbumAssets",
        "unfavorite": "Favorite",
    }
    query = f"""mutation ($input: {inputs.get(name, type_)}Input!) {{
      {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"""
    return (await media.ask(query, {"input": given}, who))[name]


async def create_album(media: Harness, who: UUID, visibility: str = "PRIVATE", **given: Any) -> str:
    made = await do(
        media, who, "createAlbum", "album { id }", title="An album", visibility=visibility, **given
    )
    assert made["userErrors"] == []
    return str(made["album"]["id"])


async def add(media: Harness, who: UUID, album: str, *pictures: str) -> None:
    answer = await do(media, who, "addToAlbum", albumId=album, assetIds=list(pictures))
    assert answer["userErrors"] == []


async def share(media: Harness, who: UUID, album: str, **given: Any) -> tuple[str, str]:
    """A link to the album: its id and its token."""
    made = await do(media, who, "createAlbumShare", "share { id } token", albumId=album, **given)
    assert made["userErrors"] == []
    return str(made["share"]["id"]), str(made["token"])


async def show_in_post(
    media: Harness,
    author: UUID,
    post: UUID,
    *pictures: str,
    visibility: str = "FOLLOWERS",
    version: int = 1,
    deleted: bool = False,
) -> None:
    """What content's event of a post does here."""
    async with media.resources.database.write() as tx:
        payload = {
            "id": post.hex,
            "version": version,
            "author": author.hex,
            "visibility": visibility,
            "mediaIds": [raw(p).hex for p in pictures],
            "publishedAt": tx.now.isoformat(),
            "deleted": deleted,
        }
        await project_post(tx, Event(post, "content.post_published", post.hex, payload))


async def show_as_avatar(
    media: Harness,
    person: UUID,
    picture: str | None,
    *,
    version: int = 1,
    placed: bool = True,
    deleted: bool = False,
) -> None:
    """What the user domain's event of a profile does here."""
    async with media.resources.database.write() as tx:
        payload = {
            "id": person.hex,
            "version": version,
            "avatarId": raw(picture).hex if picture else None,
            "avatarPlacedAt": tx.now.isoformat() if placed else None,
            "deleted": deleted,
        }
        await project_avatar(tx, Event(uuid4(), "user.profile_changed", person.hex, payload))


async def show_in_message(
    media: Harness,
    sender: UUID,
    message: UUID,
    *pictures: str,
    members: Sequence[UUID],
    version: int = 1,
    deleted: bool = False,
) -> None:
    """What messaging's event of a message does here."""
    async with media.resources.database.write() as tx:
        payload = {
            "id": message.hex,
            "version": version,
            "sender": sender.hex,
            "members": [member.hex for member in members],
            "mediaIds": [raw(p).hex for p in pictures],
            "sentAt": tx.now.isoformat(),
            "deleted": deleted,
        }
        await project_message(tx, Event(uuid4(), "messaging.message_changed", message.hex, payload))


async def show_in_product(
    media: Harness,
    seller: UUID,
    product: UUID,
    *pictures: str,
    version: int = 1,
    published: bool = True,
    placed: bool = True,
) -> None:
    """What the shop's event of a product does here."""
    async with media.resources.database.write() as tx:
        payload = {
            "id": product.hex,
            "version": version,
            "ownerId": seller.hex,
            "mediaIds": [raw(p).hex for p in pictures],
            "mediaPlacedAt": tx.now.isoformat() if placed else None,
            "published": published,
            "deleted": False,
        }
        await project_product(tx, Event(uuid4(), "shop.product_changed", product.hex, payload))


async def relate(media: Harness, one: UUID, two: UUID, kind: str) -> None:
    """An edge, as the projection of the user domain's events has it."""
    await media.relate(one, two, kind)


async def unrelate(media: Harness, one: UUID, two: UUID, kind: str) -> None:
    await media.relate(one, two, kind, held=False)


def raw(global_id: str, type_name: str = "MediaFile") -> UUID:
    found = id_of(type_name, global_id)
    assert found is not None
    return found


def user(one: UUID) -> str:
    return to_global("User", one)
