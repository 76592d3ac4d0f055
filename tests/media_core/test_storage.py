"""One suite for every store; what only the disk can show follows below."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from media_core.storage import (
    DirectTerms,
    DiskStore,
    InvalidKey,
    ObjectMissing,
    ObjectStore,
    StorageUnavailable,
    object_store,
)
from media_core.storage.s3 import S3Call
from media_core.storage.temporary import sweep

BIG = bytes(range(256)) * 5000


async def chunks(data: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise ConnectionResetError("the client went away")


async def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return sorted([info.key async for info in store.list(prefix)])


async def gathered(store: ObjectStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.open(key, start, end)])


async def test_what_is_put_comes_back_whichever_way_it_was_put(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(BIG)
    for key, source in (("a/bytes", BIG), ("a/path", path), ("a/stream", chunks(BIG)), ("a/empty", b"")):
        expected = b"" if key == "a/empty" else BIG
        info = await store.put(key, source)
        assert (info.key, info.size) == (key, len(expected))
        found = await store.stat(key)
        assert found is not None
        assert (found.key, found.size) == (key, len(expected))
        assert abs((found.modified - info.modified).total_seconds()) < 5
        assert await store.read(key) == expected
        assert await gathered(store, key) == expected
        assert await store.exists(key)


async def test_a_range_is_that_range(store: ObjectStore) -> None:
    await store.put("ranged", BIG)
    for start, end in ((0, 1), (5, 10), (300_000, 900_001), (len(BIG) - 1, None), (0, 10**9), (7, 7)):
        assert await gathered(store, "ranged", start, end) == BIG[start:end]
    assert await gathered(store, "ranged", len(BIG) + 5, None) == b""
    with pytest.raises(ValueError, match="not a range"):
        await gathered(store, "ranged", 5, 4)


async def test_a_put_replaces_and_a_delete_may_be_repeated(store: ObjectStore) -> None:
    await store.put("one", b"first")
    await store.put("one", b"second")
    assert await store.read("one") == b"second"
    for _ in range(2):
        await store.delete("one")
    assert not await store.exists("one")


async def test_what_is_not_there_is_missing(store: ObjectStore) -> None:
    assert await store.stat("nothing/here") is None
    assert not await store.exists("nothing")
    with pytest.raises(ObjectMissing):
        await store.read("nothing")
    with pytest.raises(ObjectMissing):
        await gathered(store, "nothing")


async def test_a_list_has_what_begins_with_the_prefix(store: ObjectStore) -> None:
    for key in ("a/1", "a/2", "ab", "b/1"):
        await store.put(key, b"x")
    assert await keys(store) == ["a/1", "a/2", "ab", "b/1"]
    assert await keys(store, "a/") == ["a/1", "a/2"]
    assert await keys(store, "a") == ["a/1", "a/2", "ab"]
    assert await keys(store, "c") == []


async def test_a_source_that_breaks_leaves_the_old_object_and_nothing_else(store: ObjectStore) -> None:
    await store.put("kept", b"old")
    with pytest.raises(ConnectionResetError):
        await store.put("kept", broken())
    with pytest.raises(ConnectionResetError):
        await store.put("new", broken())
    assert await keys(store) == ["kept"]
    assert await store.read("kept") == b"old"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".tmp-1",
        "a/.hidden",
        "a\\b",
        "a b",
        "a\0b",
        "a+b",
        "é",
        "x" * 201,
        "a\n",
    ],
)
async def test_names_that_could_mean_more_are_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(InvalidKey):
        await store.put(key, b"x")
    with pytest.raises(InvalidKey):
        await store.read(key)
    with pytest.raises(InvalidKey):
        store.local(key)


async def test_many_at_once_do_not_mix(store: ObjectStore) -> None:
    contents = {f"many/{at}": bytes([at]) * 50_000 for at in range(20)}
    await asyncio.gather(*(store.put(key, chunks(data, 9_999)) for key, data in contents.items()))
    assert {key: await store.read(key) for key in await keys(store, "many/")} == contents


async def test_writers_of_one_key_leave_one_of_their_objects_whole(store: ObjectStore) -> None:
    await asyncio.gather(*(store.put("same", bytes([at]) * 100_000) for at in range(8)))
    data = await store.read("same")
    assert (len(data), len(set(data))) == (100_000, 1)


async def test_a_store_that_cannot_be_reached_says_which_without_its_secret() -> None:
    store = object_store("s3://name:hidden@127.0.0.1:9/bucket")
    with pytest.raises(StorageUnavailable, match=r"127\.0\.0\.1:9/bucket") as error:
        await store.start()
    assert "hidden" not in str(error.value)
    await store.close()


async def test_a_folder_that_cannot_be_made_says_which(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="file"):
        await DiskStore(tmp_path / "file" / "objects").start()


def test_an_address_names_its_store() -> None:
    assert isinstance(object_store("/var/x"), DiskStore)
    assert isinstance(object_store("file:///var/x"), DiskStore)
    assert isinstance(object_store(Path("x")), DiskStore)
    for wrong in (
        "s3://host/bucket",
        "s3://a:b@host",
        "ftp://x/y",
        "s3://a:b@h/b?sekure=1",
        "s3://a:b@h/b?secure=x",
    ):
        with pytest.raises(ValueError) as error:
            object_store(wrong)
        assert "a:b" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("s3://k:s%2F%2B@minio:9000/b?secure=false", ("minio:9000", "b", "k", "s/+", False, None, "")),
        ("s3://k:s@127.0.0.1:1/b/p/q", ("127.0.0.1:1", "b", "k", "s", False, None, "p/q/")),
        ("s3://k:s@s3.example/b?region=eu-1", ("s3.example", "b", "k", "s", True, "eu-1", "")),
        ("s3://k:s@[::1]:5/b", ("[::1]:5", "b", "k", "s", False, None, "")),
    ],
)
def test_an_s3_address_is_read_whole(address: str, expected: tuple[object, ...]) -> None:
    from urllib.parse import urlsplit

    from media_core.storage.factory import s3_location

    location = s3_location(urlsplit(address))
    assert tuple(getattr(location, name) for name in type(location).__slots__) == expected
    assert "s/+" not in repr(location)


def test_what_a_killed_writer_left_is_swept_and_a_living_writers_file_is_not(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from media_core.storage.temporary import TemporaryFile
writer = TemporaryFile(Path(sys.argv[1]) / "ab" / "target")
writer.file.write(b"half"); writer.file.flush()
print("writing", flush=True)
time.sleep(600)
"""
    writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"writing\n"
    sweep(tmp_path / "ab")
    assert len(list((tmp_path / "ab").iterdir())) == 1
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    asyncio.run(DiskStore(tmp_path).start())
    assert list((tmp_path / "ab").iterdir()) == []


async def test_a_local_file_is_the_object_and_private_to_us(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "objects")
    await store.start()
    await store.put("x/y", b"content")
    path = store.local("x/y")
    assert path is not None
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


async def test_a_client_puts_an_object_itself_where_the_store_has_an_address_for_it(
    store: ObjectStore,
) -> None:
    put = await store.direct("direct/put", DirectTerms("PUT", 9, "image/png", 60))
    post = await store.direct("direct/post", DirectTerms("POST", 9, "image/png", 60))
    if isinstance(store, DiskStore):
        assert (put, post) == (None, None)
        return
    assert put is not None
    assert post is not None
    async with httpx.AsyncClient() as client:
        sent = await client.put(put.url, content=b"by itself", headers=dict(put.headers))
        form = await client.post(post.url, data=dict(post.fields), files={"file": b"by a form"})
        other = {**post.fields, "key": "direct/other"}
        refused = await client.post(post.url, data=other, files={"file": b"by a form"})
        altered = await client.put(put.url.replace("direct/put", "direct/other"), content=b"x")
    assert (sent.status_code, form.status_code, refused.status_code, altered.status_code) == (
        200,
        204,
        403,
        403,
    )
    assert await keys(store) == ["direct/post", "direct/put"]
    assert (await store.read("direct/put"), await store.read("direct/post")) == (b"by itself", b"by a form")


async def test_a_client_is_sent_to_the_stores_public_origin() -> None:
    store = object_store("s3://name:hidden@inside:9000/bucket/p", "https://files.example")
    put = await store.direct("a", DirectTerms("PUT", 1, "image/png", 60))
    post = await store.direct("a", DirectTerms("POST", 1, "image/png", 60))
    assert put is not None
    assert post is not None
    assert put.url.partition("?")[0] == "https://files.example/bucket/p/a"
    assert post.url == "https://files.example/bucket"
    assert "hidden" not in f"{put}{post}"
    await store.close()


async def test_a_large_object_is_put_in_parts(store: ObjectStore) -> None:
    data = BIG * 30
    await store.put("large", chunks(data, 1_000_003))
    assert hashlib.sha256(await store.read("large")).digest() == hashlib.sha256(data).digest()


async def test_who_watches_a_store_hears_of_each_operation_and_not_of_which_object(s3_address: str) -> None:
    heard: list[S3Call] = []
    store = object_store(f"{s3_address}/watched", observe=heard.append)
    try:
        await store.start()
        await store.put("a/secret", b"content")
        assert await store.read("a/secret") == b"content"
        assert await store.stat("a/nothing") is None
        assert [chunk async for chunk in store.open("a/secret")] == [b"content"]
        assert await keys(store) == ["a/secret"]
        await store.delete("a/secret")
    finally:
        await store.close()
    assert [call.operation for call in heard] == [
        *("PutObject", "GetObject", "HeadObject", "HeadObject", "GetObject"),
        *("ListObjectsV2", "DeleteObject"),
    ]
    assert all(call.began < call.ended and call.error is None for call in heard)
    assert "secret" not in repr(heard)
    away: list[S3Call] = []
    gone = object_store("s3://name:hidden@127.0.0.1:9/bucket", observe=away.append)
    with pytest.raises(StorageUnavailable):
        await gone.read("a")
    await gone.close()
    assert [(call.operation, call.error) for call in away] == [("GetObject", "StorageUnavailable")]
