"""Copyright and artist stay with a picture where its owner wants that, whichever way it came; nothing else ever does."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from media_core import Picture, Processed, Spec
from media_core.storage import DiskStore
from subgraphs.kit.errors import Rejected
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.serving.doors import Doors
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import Upload
from subgraphs.media.serving.cdn import CdnAway
from subgraphs.media.storage.keys import rendition_key
from tests.media_core.annotated import FILES
from tests.media_core.photographs import ARTIST, COPYRIGHT, SECRET, encoded, exif, pixels, scene
from tests.media_core.residue import residue
from tests.subgraphs.harness import Harness, access_token
from tests.subgraphs.media.acting import do, raw
from tests.subgraphs.media.bench import bench, editing_on, instant, stored_keys

_TOKENS = (b"xpacket", b"xmpmeta", b"ICC_PROFILE", b"acsp", b"8BIM", b"GPS", b"Example Camera")
_FORMATS = ("webp", "avif", "jpeg", "png")
_LOOK = """query ($i: ID!) { mediaFile(id: $i) { url optimizedUrl keepCopyright rotation
  square: image(size: SMALL, crop: SQUARE) { url } animation { url } originalUrl status } }"""
_UPLOAD = """mutation ($file: Upload!, $k: Boolean) {
  uploadMedia(input: {file: $file, keepCopyright: $k}) { media { id keepCopyright } userErrors { code } } }"""


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


def _photograph(seed: int = 1) -> bytes:
    return encoded(scene(160, 120, seed), "JPEG", exif=exif())


async def _upload(media: Harness, who: UUID, data: bytes, *, keep: bool | None) -> str:
    variables = {"file": UploadFile(io.BytesIO(data), filename="a"), **({} if keep is None else {"k": keep})}
    answer = (await media.ask(_UPLOAD, variables, who))["uploadMedia"]
    assert (answer["userErrors"], answer["media"]["keepCopyright"]) == ([], bool(keep))
    return str(answer["media"]["id"])


async def _look(media: Harness, picture: str, who: UUID | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await media.ask(_LOOK, {"i": picture}, who))["mediaFile"]
    return found


async def _set(media: Harness, who: UUID, picture: str, *, keep: bool) -> dict[str, Any]:
    answer = await do(media, who, "setKeepCopyright", "media { keepCopyright status }", id=picture, keep=keep)
    assert answer == {"media": {"keepCopyright": keep, "status": "READY"}, "userErrors": []}
    return await _look(media, picture)


def _named(data: bytes) -> dict[int, str]:
    return {tag: str(text).encode("latin-1").decode() for tag, text in pixels(data).getexif().items()}


@pytest.mark.parametrize("kind", FILES)
async def test_a_stranger_gets_pixels_the_owners_name_and_nothing_else(
    media: Harness, http: httpx.AsyncClient, kind: str
) -> None:
    picture = await _upload(media, uuid4(), FILES[kind](), keep=True)
    seen, at = await _look(media, picture), f"/images/{raw(picture).hex}/"
    shapes = [f"{at}small{shape}.{format_}" for format_ in _FORMATS for shape in ("", "-tall")]
    addresses = {seen["url"], seen["optimizedUrl"], seen["square"]["url"], f"{at}full.auto", *shapes}
    addresses |= {seen["animation"]["url"]} if seen["animation"] else set()
    for address in addresses:
        answer = await http.get(address)
        assert answer.status_code == 200, address
        wanted = {} if kind.startswith("gif") else {0x013B: ARTIST, 0x8298: COPYRIGHT}
        assert _named(answer.content) == wanted, address
        left = {
            part.partition("Exif")[1] or part.partition("eXIf")[1] or part for part in residue(answer.content)
        }
        assert left <= {"Exif", "eXIf", "chunk b'EXIF'"}, address
        assert bool(left) == bool(wanted), address
        assert [t for t in (SECRET.encode(), *_TOKENS) if t in answer.content] == [], address
        assert ARTIST not in str(answer.headers)


async def test_the_choice_is_the_owners_at_any_time_and_every_address_goes_with_it(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner, data = uuid4(), _photograph()
    picture = await _upload(media, owner, data, keep=None)
    without = await _look(media, picture)
    kept = await _set(media, owner, picture, keep=True)
    assert {name for name in ("url", "optimizedUrl") if kept[name] == without[name]} == set()
    again = await _set(media, owner, picture, keep=False)
    assert again == without
    for name in ("url", "optimizedUrl"):
        answer = await http.get(kept[name])  # a name that was withdrawn is not at its old address either
        assert (answer.status_code, _named(answer.content)) == (200, {})
        assert "immutable" not in answer.headers["cache-control"]
    await _set(media, owner, picture, keep=True)
    for name in ("url", "optimizedUrl"):
        assert _named((await http.get(kept[name])).content) == {0x013B: ARTIST, 0x8298: COPYRIGHT}
    original = (await _look(media, picture, owner))["originalUrl"]
    assert (await http.get(original)).content == data


async def test_turned_and_made_anew_it_keeps_what_its_owner_wants(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    picture = await _upload(media, owner, _photograph(), keep=True)
    await do(media, owner, "rotateAsset", id=picture, degrees=90)
    turned = await _look(media, picture)
    assert (turned["rotation"], turned["keepCopyright"]) == (90, True)
    runtime = media.service.runtime.services
    (row,) = await MediaRepository(media.resources.database).by_ids([raw(picture)])
    assert await runtime.media.finish(row)
    shown = (await http.get(turned["url"])).content
    assert (pixels(shown).size, _named(shown)[0x013B]) == ((120, 160), ARTIST)
    await _set(media, owner, picture, keep=False)
    shown = (await http.get((await _look(media, picture))["url"])).content
    assert (pixels(shown).size, _named(shown)) == ((120, 160), {})


async def test_equal_contents_are_shown_as_each_owner_wants(media: Harness, http: httpx.AsyncClient) -> None:
    one, other, data = uuid4(), uuid4(), _photograph(7)
    chosen = [(one, True), (other, False), (one, False), (other, True), (one, True)]
    pictures = [await _upload(media, who, data, keep=keep) for who, keep in chosen]
    rows = await MediaRepository(media.resources.database).by_ids([raw(p) for p in pictures])
    assert len({row.blob for row in rows}) == 1
    for picture, (_, keep) in zip(pictures, chosen, strict=True):
        seen = await _look(media, picture)
        for address in (seen["url"], seen["optimizedUrl"], seen["square"]["url"]):
            assert bool(_named((await http.get(address)).content)) == keep
    assert (await do(media, one, "deleteMedia", id=pictures[0]))["userErrors"] == []
    assert _named((await http.get((await _look(media, pictures[4]))["url"])).content)


async def test_what_was_made_with_a_name_goes_once_nobody_wants_it(media: Harness, tmp_path: Any) -> None:
    components, owner = await bench(media.resources, DiskStore(tmp_path), instant), uuid4()
    content = uuid4()
    with_it = await components.media.upload(owner, _given(keep=True, content=content))
    without = await components.media.upload(owner, _given(keep=False, content=content))
    named, plain = (rendition_key(with_it.place, "full", "jpeg", edit=edit) for edit in ("c", ""))
    assert with_it.place == without.place
    assert {named, plain} <= set(await stored_keys(components.store))
    await components.collector.mark()
    await components.collector.scan()
    assert {named, plain} <= set(await stored_keys(components.store))
    await editing_on(media.resources, components).keep_copyright(
        Reader(Viewer(id=owner)), with_it.id, keep=False
    )
    await components.collector.scan()
    left = set(await stored_keys(components.store))
    assert (named in left, plain in left) == (False, True)


async def test_a_name_that_is_withdrawn_is_forgotten_by_a_cdn(media: Harness, tmp_path: Any) -> None:
    class Cdn:
        forgot: list[str] = []  # noqa: RUF012

        async def purge(self, keys: Any) -> None:
            if not keys:
                raise CdnAway
            self.forgot += keys

    components, reader, cdn = (
        await bench(media.resources, DiskStore(tmp_path)),
        Reader(Viewer(id=uuid4())),
        Cdn(),
    )
    editing = editing_on(media.resources, components, cdn)
    row = await components.media.upload(reader.viewer.require(), _given(keep=False))
    assert (await editing.keep_copyright(reader, row.id, keep=True)).purged is None
    assert (await editing.keep_copyright(reader, row.id, keep=False)).purged is True
    assert cdn.forgot == [f"media-{row.id.hex}"]
    assert (await editing.keep_copyright(reader, row.id, keep=False)).purged is None


async def test_of_two_edits_at_once_none_is_lost_unsaid(media: Harness, tmp_path: Any) -> None:
    reader, asked = Reader(Viewer(id=uuid4())), list[Spec]()

    async def process(source: Picture, spec: Spec, *more: object) -> Processed:
        asked.append(spec)
        if spec.turn:
            await editing.keep_copyright(reader, row.id, keep=True)
        return await instant(source, spec, *more)

    components = await bench(media.resources, DiskStore(tmp_path), process)
    editing = editing_on(media.resources, components)
    row = await components.media.upload(reader.viewer.require(), _given(keep=False))
    with pytest.raises(Rejected) as refused:
        await editing.rotate(reader, row.id, 90)
    assert [error.code.value for error in refused.value.errors] == ["CONFLICT"]
    (now,) = await MediaRepository(media.resources.database).by_ids([row.id])
    assert (now.turn, now.keep_copyright, len(asked)) == (0, True, 3)


async def test_the_choice_comes_by_every_door(media: Harness, http: httpx.AsyncClient) -> None:
    owner, data = uuid4(), _photograph(3)
    bearer = {"authorization": access_token(owner)}
    form: dict[str, Any] = {"files": {"file": ("a.jpg", data)}, "headers": bearer}
    sent = await http.post("/upload", data={"keepCopyright": "true"}, **form)
    refused = await http.post("/upload", data={"keepCopyright": "perhaps"}, **form)
    assert (sent.status_code, refused.status_code) == (200, 400)
    begin = """mutation ($n: Int!) { beginUpload(input: {bytes: $n, contentType: "image/jpeg", keepCopyright: true})
      { upload { id } target { url headers { name value } } userErrors { code } } }"""
    begun = (await media.ask(begin, {"n": len(data)}, owner))["beginUpload"]
    target = begun["target"]
    announced = {header["name"]: header["value"] for header in target["headers"]}
    assert (await http.put(target["url"], content=data, headers=announced)).is_success
    complete = "mutation ($i: ID!) { completeUpload(input: {id: $i}) { media { id } } }"
    done = (await media.ask(complete, {"i": begun["upload"]["id"]}, owner))["completeUpload"]
    tus = {**bearer, "tus-resumable": "1.0.0", "upload-length": str(len(data))}
    said = {word: base64.b64encode(word.encode()).decode() for word in ("true", "perhaps")}
    tus |= {"content-type": "application/offset+octet-stream"}
    made = await http.post(
        "/uploads", headers={**tus, "upload-metadata": f"keepCopyright {said['true']}"}, content=data
    )
    odd = await http.post("/uploads", headers={**tus, "upload-metadata": f"keepCopyright {said['perhaps']}"})
    assert (made.status_code, odd.status_code) == (201, 400)
    for picture in (sent.json()["id"], done["media"]["id"], made.headers["upload-media"]):
        assert (await _look(media, picture))["keepCopyright"] is True, picture


async def test_nobody_else_chooses(media: Harness) -> None:
    picture = await _upload(media, uuid4(), _photograph(4), keep=False)
    for who in (uuid4(), uuid4()):
        answer = await do(media, who, "setKeepCopyright", "media { id }", id=picture, keep=True)
        assert answer == {"media": None, "userErrors": [{"code": "NOT_FOUND", "field": ["id"]}]}
    assert (await _look(media, picture))["keepCopyright"] is False


def _given(*, keep: bool, content: UUID | None = None) -> Upload:
    """Without ``content`` no other picture has the same."""
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "JPEG", comment=(content or uuid4()).hex)
    picture.seek(0)
    return Upload(UploadFile(picture, filename="a.jpg"), "PUBLIC", None, keep)
