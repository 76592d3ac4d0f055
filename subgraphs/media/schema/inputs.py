"""Global ids in mutations' input, as raw ones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.relay import id_of

__all__ = ["raw_album", "raw_media", "raw_medias", "raw_share", "raw_user"]


def raw_media(global_id: str, *field: str) -> UUID:
    """Raises Rejected(NOT_FOUND), as for one that does not exist."""
    return _raw("MediaFile", global_id, "picture", *field)


def raw_medias(global_ids: Sequence[str], field: str) -> list[UUID]:
    return [raw_media(one, field, str(at)) for at, one in enumerate(global_ids)]


def raw_album(global_id: str, field: str = "albumId") -> UUID:
    return _raw("Album", global_id, "album", field)


def raw_share(global_id: str) -> UUID:
    return _raw("AlbumShare", global_id, "link", "id")


def raw_user(global_id: str) -> UUID:
    return _raw("User", global_id, "account", "userId")


def _raw(type_name: str, global_id: str, what: str, *field: str) -> UUID:
    raw = id_of(type_name, global_id)
    if raw is None:
        raise Rejected.not_found(what, *field)
    return raw
