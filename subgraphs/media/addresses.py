"""The addresses of pictures: immutable for public ones, signed and short-lived for private ones."""

from __future__ import annotations

from urllib.parse import urlencode

from media_core.signing import Resource, Signature, Signer
from subgraphs.kit.clock import Clock
from subgraphs.kit.secrets import derive_key
from subgraphs.media.models import MediaFile
from subgraphs.media.objects import ORIGINAL

__all__ = ["Addresses"]

_KEY = "1"


class Addresses:
    """Makes addresses for those whom the policy let see the row, and checks the signed ones."""

    def __init__(self, secret: bytes, public_url: str | None, clock: Clock) -> None:
        keys = {_KEY: derive_key(secret, "image-address")}
        self._signer = Signer(keys, _KEY, now=lambda: clock.now().timestamp())
        self._origin = (public_url or "").rstrip("/")

    def of(self, row: MediaFile, rendition: str, extension: str) -> str:
        """``/images/{id}/{rendition}.{extension}?v=…``, on PUBLIC_URL where that is set.

        Of a private picture, and of any original, it ends within five minutes.
        """
        name = f"{rendition}.{extension}"
        query = {"v": row.revision}
        if row.visibility != "PUBLIC" or rendition == ORIGINAL:
            signature = self._signer.sign(Resource(row.id.hex, name, row.revision))
            query |= {"exp": str(signature.expires), "kid": signature.key_id, "sig": signature.value}
        return f"{self._origin}/images/{row.id.hex}/{name}?{urlencode(query)}"

    def signed(self, row: MediaFile, name: str, query: dict[str, str]) -> bool:
        """Whether the query carries our signature for exactly this, and in time."""
        try:
            signature = Signature(int(query["exp"]), query["kid"], query["sig"])
        except (KeyError, ValueError):
            return False
        version_holds = query.get("v") == row.revision
        return self._signer.verify(Resource(row.id.hex, name, row.revision), signature) and version_holds
