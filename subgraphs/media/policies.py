"""Who may see which picture and album, and who may do what with them: each rule once.

A picture that is not public is seen by its owner, and where its owner shows it: in an album, or in
something of another domain. ``Showing`` is one such place as it stands to one reader. Lists ask the same in
SQL first, to keep hidden rows off their pages; these rules have the last word on each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from subgraphs.kit.authorization.relations import NO_RELATION, Relation
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.media.models import Album, MediaFile

__all__ = [
    "CONTRIBUTOR",
    "OWNER",
    "VIEWER",
    "Place",
    "Showing",
    "is_public",
    "may_administer",
    "may_change",
    "may_contribute",
    "may_see",
    "may_see_album",
    "role_in",
]

OWNER, CONTRIBUTOR, VIEWER = "OWNER", "CONTRIBUTOR", "VIEWER"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture is shown: whose place it is, for whom, and who put the picture there, when."""

    media: UUID
    of: UUID
    audience: str
    """``PUBLIC``, ``FOLLOWERS`` of whose place it is, or ``PRIVATE``: who was let in."""
    let_in: bool
    """Whether the reader was: as its owner, a member, or with a share link."""
    placed_by: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """A place, and how the reader stands to whose it is."""

    place: Place
    relation: Relation = NO_RELATION


def is_public(media: MediaFile) -> bool:
    """Whether everyone may see it, but across a block."""
    return media.visibility == "PUBLIC" and media.deleted_at is None and media.trashed_at is None


def may_see(
    media: MediaFile | None, viewer: Viewer, owner: Relation, showings: Sequence[Showing] = ()
) -> bool:
    """Its owner, trashed or not; else the public or those it is shown to; nobody across a block."""
    if media is None or media.deleted_at is not None:
        return False
    if media.owner_id == viewer.id:
        return True
    if media.trashed_at is not None or owner.severed:
        return False
    return media.visibility == "PUBLIC" or any(_shows(media, showing) for showing in showings)


def _shows(media: MediaFile, showing: Showing) -> bool:
    """Only its owner shows a picture to more people, and not by what was before it was made private."""
    place = showing.place
    if place.media != media.id or place.placed_by != media.owner_id:
        return False
    if media.private_since is not None and place.since <= media.private_since:
        return False
    return _open(place.audience, showing.relation, let_in=place.let_in)


def _open(audience: str, relation: Relation, *, let_in: bool) -> bool:
    if relation.severed:
        return False
    return let_in or audience == "PUBLIC" or (audience == "FOLLOWERS" and relation.following)


def may_change(media: MediaFile | None, viewer: Viewer) -> bool:
    """Its owner alone."""
    return media is not None and media.deleted_at is None and media.owner_id == viewer.id


def may_see_album(
    album: Album | None, viewer: Viewer, owner: Relation, role: str | None, *, shared: bool = False
) -> bool:
    """Its owner and members, who hold a link to it, and its audience; nobody across a block."""
    if album is None or album.deleted_at is not None:
        return False
    if album.owner_id == viewer.id:
        return True
    return _open(album.visibility, owner, let_in=shared or role is not None)


def role_in(album: Album, viewer: Viewer, member: str | None) -> str | None:
    """What the viewer is in an album; None for its audience."""
    return OWNER if album.owner_id == viewer.id else member


def may_contribute(role: str | None) -> bool:
    """Put pictures of one's own into it, and take them out."""
    return role in {OWNER, CONTRIBUTOR}


def may_administer(role: str | None) -> bool:
    """Everything else: its text, order, members and links."""
    return role == OWNER
