"""The addresses of pictures: immutable for public ones, signed and short-lived for private ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from media_core import PIPELINE_VERSION
from media_core.signing import Resource, Signature, Signer
from subgraphs.kit.clock import Clock
from subgraphs.kit.secrets import derive_key
from subgraphs.media.models import MediaFile
from subgraphs.media.objects import ORIGINAL
from subgraphs.media.policies import is_public
from subgraphs.media.readers import Reader

__all__ = ["Addresses", "Origins", "current", "version_of"]


class Origins:
    """Where addresses point: public pictures at a CDN where there is one, all else at us."""

    def __init__(self, public_url: str | None = None, cdn_url: str | None = None) -> None:
        self.own = (public_url or "").rstrip("/")
        self.public = (cdn_url or self.own).rstrip("/")


class Addresses:
    """Makes addresses for those whom the policy let see the row, and checks those that come back.

    ``secrets`` are the current secret and those before it: what they signed holds until it expires.
    """

    def __init__(self, secrets: Sequence[bytes], origins: Origins, clock: Clock) -> None:
        keys = {
            derive_key(s, "image-address-name").hex()[:8]: derive_key(s, "image-address") for s in secrets
        }
        self._signer = Signer(keys, next(iter(keys)), now=lambda: clock.now().timestamp())
        self._origins = origins

    def of(self, row: MediaFile, rendition: str, extension: str, reader: Reader) -> str:
        """``/images/{id}/{rendition}.{extension}?v=…``.

        Of one that is not public, and of any original, it ends within five minutes, and sooner where the reader
        may no longer see it.
        """
        name, version = f"{rendition}.{extension}", version_of(row)
        path = f"/images/{row.id.hex}/{name}?"
        if is_public(row) and rendition != ORIGINAL:
            return f"{self._origins.public}{path}v={version}"
        signature = self._signer.sign(Resource(row.id.hex, name, version, reader.name))
        query = {"v": version, "to": reader.name, "exp": signature.expires}
        query |= {"kid": signature.key_id, "sig": signature.value}
        return f"{self._origins.own}{path}{urlencode(query)}"

    def reader(self, row: MediaFile, name: str, query: Mapping[str, str]) -> Reader | None:
        """For whom we signed exactly this address, if it holds still."""
        version, to = query.get("v", ""), query.get("to", "")
        try:
            signature = Signature(int(query["exp"]), query["kid"], query["sig"])
        except (KeyError, ValueError):
            return None
        genuine = self._signer.verify(Resource(row.id.hex, name, version, to), signature)
        return Reader.named(to) if genuine and current(row, version) is not None else None


def version_of(row: MediaFile) -> str:
    """``v``: a hash of the content and of its revision, and the pipeline that made what is served."""
    return f"{_identity(row)}-{PIPELINE_VERSION}"


def current(row: MediaFile, version: str) -> bool | None:
    """Whether ``v`` is today's: True; False where only the pipeline is another since; None where it has ended."""
    identity, _, pipeline = version.partition("-")
    if identity != _identity(row) or not pipeline.isdecimal():
        return None
    return pipeline == str(PIPELINE_VERSION)


def _identity(row: MediaFile) -> str:
    return hashlib.blake2s(f"{row.sha256}/{row.revision}".encode(), digest_size=8).hexdigest()
