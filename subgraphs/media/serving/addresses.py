"""The addresses of pictures: immutable for public ones, signed and short-lived for private ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlencode

from media_core import PIPELINE_VERSION
from media_core.signing import Resource, Signature, Signer
from subgraphs.kit.clock import Clock
from subgraphs.kit.identity.secrets import derive_key
from subgraphs.media.edits import edit_of
from subgraphs.media.models import MediaFile
from subgraphs.media.policies import is_public
from subgraphs.media.readers import Reader
from subgraphs.media.storage.keys import ORIGINAL

__all__ = ["Addresses", "Origins", "current", "version_of"]

_EXPIRY = re.compile(r"[1-9][0-9]{0,11}")
"""As we write it: `int` takes a number in many ways, and an address of ours is one."""
_MADE = re.compile(r"\d{1,6}(?:-[crfx\d]{1,20})?", re.ASCII)


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
        self._signer = Signer(keys, next(iter(keys)), now=clock.timestamp)
        self._origins = origins

    def of(self, row: MediaFile, rendition: str, extension: str, reader: Reader) -> str:
        """``/images/{id}/{rendition}.{extension}?v=…``.

        Of one that is not public, and of any original, it ends within five minutes, and sooner where the reader
        may no longer see it.
        """
        name, version = f"{rendition}.{extension}", version_of(row, rendition)
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
        expires, key_id, value = (query.get(name, "") for name in ("exp", "kid", "sig"))
        if not _EXPIRY.fullmatch(expires):
            return None
        signature = Signature(int(expires), key_id, value)
        genuine = self._signer.verify(Resource(row.id.hex, name, version, to), signature)
        holds = genuine and current(row, name.rpartition(".")[0], version) is not None
        return Reader.named(to) if holds else None


def version_of(row: MediaFile, rendition: str) -> str:
    """``v``: a hash of the content and of its revision, the pipeline that made what is served, and what its owner edited."""
    edit = edit_of(row, rendition)
    return f"{_identity(row.sha256, row.revision)}-{PIPELINE_VERSION}{edit and f'-{edit}'}"


def current(row: MediaFile, rendition: str, version: str) -> bool | None:
    """Whether ``v`` is today's: True; False where it was made or edited otherwise then; None where it has ended."""
    identity, _, made = version.partition("-")
    if identity != _identity(row.sha256, row.revision) or not _MADE.fullmatch(made):
        return None
    return version == version_of(row, rendition)


@lru_cache(maxsize=4096)  # a picture on a page has eight addresses
def _identity(sha256: str, revision: str) -> str:
    return hashlib.blake2s(f"{sha256}/{revision}".encode(), digest_size=8).hexdigest()
