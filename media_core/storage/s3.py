"""Objects on S3 or anything that speaks it, through the minio client on threads of our own."""

from __future__ import annotations

import asyncio
import builtins
import tempfile
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar, cast

import urllib3
from minio import Minio
from minio.commonconfig import Filter
from minio.datatypes import Object
from minio.error import MinioException, S3Error
from minio.lifecycleconfig import AbortIncompleteMultipartUpload, LifecycleConfig, Rule

from media_core.storage.protocol import (
    CHUNK,
    DirectTerms,
    DirectUpload,
    ObjectInfo,
    ObjectMissing,
    ObjectSource,
    StorageUnavailable,
    checked_key,
    checked_range,
)
from media_core.storage.s3_direct import presigned, public_client

__all__ = ["S3Call", "S3Location", "S3Store"]

_THREADS = 8
_SPOOL = 8 * 1024 * 1024
_PAGE = 1000
_PART = 16 * 1024 * 1024
_MISSING = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})
_BROKEN_OFF = LifecycleConfig(
    [
        Rule(
            "Enabled",
            rule_filter=Filter(prefix=""),
            rule_id="broken-off-uploads",
            abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload(days_after_initiation=1),
        )
    ]
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class S3Location:
    """Which bucket, where, and as whom."""

    host: str
    bucket: str
    access_key: str
    secret_key: str
    secure: bool = True
    region: str | None = None
    prefix: str = ""

    def __repr__(self) -> str:
        return f"S3Location({self.host}/{self.bucket})"


@dataclass(frozen=True, slots=True)
class S3Call:
    """An operation that has ended. Times are of ``time.perf_counter``; no key, which may say whose an object is."""

    operation: str
    """As S3's interface names it."""
    location: S3Location
    began: float
    ended: float
    """Of a read when its first bytes are there."""
    error: str | None
    """The kind of what was raised; that there is no such object is an answer."""


Observe: TypeAlias = Callable[[S3Call], None]


def _not_observed(call: S3Call) -> None:
    """Nobody listens."""


class S3Store:
    """One bucket, or a prefix in it. A put is one request, so it is there whole or not at all."""

    def __init__(
        self, location: S3Location, public_url: str | None = None, observe: Observe = _not_observed
    ) -> None:
        """``observe`` is told of each operation in the task that asked for it."""
        self.location = location
        self._observe = observe
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="media-s3")
        self._http = urllib3.PoolManager(
            maxsize=_THREADS,
            timeout=urllib3.Timeout(connect=3, read=30),
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        )
        self._client = Minio(
            location.host,
            access_key=location.access_key,
            secret_key=location.secret_key,
            secure=location.secure,
            region=location.region,
            http_client=self._http,
        )
        self._public = (
            self._client
            if public_url is None
            else public_client(public_url, location.access_key, location.secret_key, location.region)
        )

    async def start(self) -> None:
        """Makes the bucket if it is not there, and has it drop the parts of puts that were broken off."""

        def ensure() -> None:
            if not self._client.bucket_exists(self.location.bucket):
                self._client.make_bucket(self.location.bucket)
                with suppress(S3Error):  # not every server knows lifecycles
                    self._client.set_bucket_lifecycle(self.location.bucket, _BROKEN_OFF)

        await self._do("", ensure)

    async def put(
        self, key: str, source: ObjectSource, *, content_type: str = "application/octet-stream"
    ) -> ObjectInfo:
        """A stream of unknown length is spooled first: to memory, then to a file without a name."""
        name = self._name(key)
        with tempfile.SpooledTemporaryFile(_SPOOL) as spool:
            if isinstance(source, bytes):
                spool.write(source)
            elif not isinstance(source, Path):
                await self._filled(cast("BinaryIO", spool), source)

            def store() -> ObjectInfo:
                if not isinstance(source, Path):
                    return self._upload(key, name, cast("BinaryIO", spool), content_type)
                with source.open("rb") as file:
                    return self._upload(key, name, file, content_type)

            return await self._observed("PutObject", key, store)

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """One ranged request, read in chunks."""
        name, length = self._name(key), checked_range(start, end)
        info = await self.stat(key)
        if info is None:
            raise ObjectMissing(key)
        length = max(0, info.size - start if length is None else min(length, info.size - start))
        if not length:
            return
        response = await self._observed(
            "GetObject",
            key,
            lambda: self._client.get_object(self.location.bucket, name, offset=start, length=length),
        )
        try:
            while chunk := await self._do(key, lambda: response.read(CHUNK)):
                yield chunk
        finally:
            response.close()
            response.release_conn()

    async def read(self, key: str) -> bytes:
        """All of a small object, in one request."""
        name = self._name(key)

        def read() -> bytes:
            response = self._client.get_object(self.location.bucket, name)
            try:
                return bytes(response.read())
            finally:
                response.close()
                response.release_conn()

        return await self._observed("GetObject", key, read)

    async def stat(self, key: str) -> ObjectInfo | None:
        """None when there is no such object."""
        name = self._name(key)
        try:
            found = await self._observed(
                "HeadObject", key, lambda: self._client.stat_object(self.location.bucket, name)
            )
        except ObjectMissing:
            return None
        return _info(key, found)

    async def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        return await self.stat(key) is not None

    async def delete(self, key: str) -> None:
        """S3 answers alike whether or not it was there."""
        name = self._name(key)
        await self._observed(
            "DeleteObject", key, lambda: self._client.remove_object(self.location.bucket, name)
        )

    async def list(self, prefix: str = "") -> AsyncIterator[ObjectInfo]:
        """A page of requests at a time."""
        found = self._client.list_objects(
            self.location.bucket, prefix=self.location.prefix + prefix, recursive=True
        )
        while page := await self._observed("ListObjectsV2", "", lambda: builtins.list(islice(found, _PAGE))):
            for item in page:
                yield _info((item.object_name or "").removeprefix(self.location.prefix), item)
            if len(page) < _PAGE:
                return

    def local(self, key: str) -> Path | None:
        """None: nothing is on this machine."""
        checked_key(key)
        return None

    async def direct(self, key: str, terms: DirectTerms) -> DirectUpload | None:
        """A presigned PUT or POST."""
        name = self._name(key)
        return await self._do(key, lambda: presigned(self._public, self.location.bucket, name, terms))

    async def close(self) -> None:
        """Ends the threads and the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._http.clear()

    def _name(self, key: str) -> str:
        return self.location.prefix + checked_key(key)

    def _upload(self, key: str, name: str, file: BinaryIO, content_type: str) -> ObjectInfo:
        """Each request carries a checksum of its body, which the server holds it to; one part is in memory."""
        size = file.seek(0, 2)
        file.seek(0)
        self._client.put_object(
            self.location.bucket,
            name,
            file,
            size,
            content_type=content_type,
            part_size=_PART,
            num_parallel_uploads=1,
        )
        return ObjectInfo(key, size, datetime.now(UTC))

    async def _filled(self, spool: BinaryIO, source: AsyncIterable[bytes]) -> None:
        async for chunk in source:
            await asyncio.to_thread(spool.write, chunk)

    async def _observed(self, operation: str, key: str, call: Callable[[], _T]) -> _T:
        began, error = time.perf_counter(), None
        try:
            return await self._do(key, call)
        except StorageUnavailable as raised:
            error = type(raised).__qualname__
            raise
        finally:
            self._observe(S3Call(operation, self.location, began, time.perf_counter(), error))

    async def _do(self, key: str, call: Callable[[], _T]) -> _T:
        """On a thread of ours, its errors made ours."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except S3Error as error:
            if error.code in _MISSING:
                raise ObjectMissing(key) from None
            raise StorageUnavailable(f"object store {self._where}: {error.code}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StorageUnavailable(f"object store {self._where}: {type(error).__name__}") from error

    @property
    def _where(self) -> str:
        return f"{self.location.host}/{self.location.bucket}"


def _info(key: str, found: Object) -> ObjectInfo:
    """A listing or a HEAD always has both; the client's types only allow for what they do not."""
    return ObjectInfo(key, found.size or 0, found.last_modified or datetime.now(UTC))
