"""Addresses at which a client puts one object into S3 itself, signed by us (SigV4, query and POST policy)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from minio import Minio
from minio.datatypes import PostPolicy

from media_core.storage.protocol import DirectTerms, DirectUpload

__all__ = ["presigned", "public_client"]

_DEFAULT_REGION = "us-east-1"


def public_client(url: str, access_key: str, secret_key: str, region: str | None) -> Minio:
    """Signs for the host that clients ask; never asks it itself, so it must know the region."""
    parts = urlsplit(url)
    return Minio(
        parts.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=parts.scheme == "https",
        region=region or _DEFAULT_REGION,
    )


def presigned(client: Minio, bucket: str, name: str, terms: DirectTerms) -> DirectUpload:
    """A PUT's address says who, what and until when; a POST's policy also type and length."""
    life = timedelta(seconds=terms.seconds)
    address = client.presigned_put_object(bucket, name, life)
    if terms.method == "PUT":
        return DirectUpload("PUT", address, {"Content-Type": terms.content_type}, {})
    policy = PostPolicy(bucket, datetime.now(UTC) + life)
    policy.add_equals_condition("key", name)
    policy.add_equals_condition("Content-Type", terms.content_type)
    policy.add_content_length_range_condition(terms.size, terms.size)
    fields = {"key": name, "Content-Type": terms.content_type, **client.presigned_post_policy(policy)}
    place = address.partition("?")[0].removesuffix(quote(name))
    return DirectUpload("POST", place.rstrip("/"), {}, fields)
