"""A store from its address."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from media_core.storage.disk import DiskStore

if TYPE_CHECKING:
    from media_core.storage.protocol import ObjectStore
    from media_core.storage.s3 import Observe, S3Location

__all__ = ["object_store"]

_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})


def object_store(
    address: str | Path, public_url: str | None = None, observe: Observe | None = None
) -> ObjectStore:
    """A folder, ``file:///folder``, or ``s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?secure=…&region=…]``.

    ``public_url`` is the origin at which clients reach an S3, where that is another than our own way there; ``observe``
    is told of each of its operations.
    Without ``secure`` the connection is HTTPS, but plain HTTP to loopback and by ``s3+http://``. Errors never
    repeat the address.
    """
    if isinstance(address, Path):
        return DiskStore(address)
    parts = urlsplit(address)
    if parts.scheme in ("s3", "s3+http"):
        from media_core.storage.s3 import S3Store  # the client costs a dozen megabytes nobody on disk needs

        location = s3_location(parts)
        return S3Store(location, public_url) if observe is None else S3Store(location, public_url, observe)
    if parts.scheme == "file":
        return DiskStore(Path(unquote(parts.path)))
    if parts.scheme:
        raise ValueError(f"an object store is a folder, file:// or s3://, not {parts.scheme}://")
    return DiskStore(Path(address))


def s3_location(parts: SplitResult) -> S3Location:
    """The parts of an s3:// address."""
    from media_core.storage.s3 import S3Location

    bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
    if not (parts.hostname and parts.username and parts.password and bucket):
        raise ValueError("an S3 address reads s3://KEY:SECRET@HOST/BUCKET")
    options = parse_qs(parts.query)
    unknown = set(options) - {"secure", "region"}
    if unknown:
        raise ValueError(f"unknown options in the S3 address: {', '.join(sorted(unknown))}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return S3Location(
        host=f"{host}:{parts.port}" if parts.port else host,
        bucket=bucket,
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        secure=parts.scheme == "s3" and _secure(options.get("secure", [""])[-1].lower(), parts.hostname),
        region=options["region"][-1] if "region" in options else None,
        prefix=f"{prefix}/" if prefix else "",
    )


def _secure(value: str, host: str) -> bool:
    if value in _TRUE | _FALSE:
        return value in _TRUE
    if value:
        raise ValueError("secure is true or false")
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
