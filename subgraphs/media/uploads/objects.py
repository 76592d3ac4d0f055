"""The objects in the store that an upload's bytes are, until it is finished."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from media_core.storage import ObjectStore, StorageError
from subgraphs.kit.errors import ErrorCode, Rejected, Unavailable
from subgraphs.media.models import UploadSession
from subgraphs.media.storage.keys import session_prefix
from subgraphs.media.uploads.chunking import Cutter
from subgraphs.media.uploads.repository import Part, Sessions

__all__ = ["UploadObjects", "direct_key"]

_PIECE = 8 << 20
"""What is stored, and counted, at a time: the most that a killed process costs its client."""


class UploadObjects:
    """Those of all uploads."""

    def __init__(self, sessions: Sessions, store: ObjectStore) -> None:
        self._sessions = sessions
        self._store = store

    async def put(self, session: UploadSession, start: int, cutter: Cutter) -> Part:
        """Store the next piece, which is not counted yet. Raises Unavailable."""
        # The random end keeps two requests for the same bytes apart: whichever is counted is whole.
        key = f"{session_prefix(session.id)}{start:012d}-{secrets.token_hex(4)}"
        try:
            await self._store.put(key, cutter.piece(_PIECE))
        except StorageError as error:
            raise Unavailable("object store") from error
        return Part(start, cutter.piece_bytes, key)

    async def keys(self, session: UploadSession) -> Sequence[str]:
        """All that were counted, in order."""
        if session.protocol != "TUS":
            return [direct_key(session.id)]
        return [part.key for part in await self._sessions.parts(session.id)]

    async def read(self, session: UploadSession) -> AsyncIterator[bytes]:
        """The bytes of one upload."""
        for key in await self.keys(session):
            async for chunk in self._store.open(key):
                yield chunk

    async def check(self, session: UploadSession) -> None:
        """What its client put itself is there, and as long as was announced. Raises Rejected."""
        found = await self._store.stat(direct_key(session.id))
        if found is None:
            raise Rejected(ErrorCode.INVALID_INPUT, "Nothing has been uploaded yet.", "id")
        if found.size != session.bytes:
            code = ErrorCode.TOO_LARGE if found.size > (session.bytes or 0) else ErrorCode.TRUNCATED
            raise Rejected(
                code, f"The file has {found.size} bytes, and {session.bytes} were announced.", "id"
            )


def direct_key(session: UUID) -> str:
    """The one object of an upload that its client puts itself."""
    return f"{session_prefix(session)}object"
