"""The media domain's services, as resolvers have them."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.media.addresses import Addresses
from subgraphs.media.admission import Admission
from subgraphs.media.album_repository import AlbumRepository
from subgraphs.media.albums import Albums
from subgraphs.media.direct import DirectDoor
from subgraphs.media.editing import Editing
from subgraphs.media.library import Library
from subgraphs.media.library_repository import LibraryRepository
from subgraphs.media.quotas import Quotas
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService
from subgraphs.media.sharing import Sharing
from subgraphs.media.uploads import Uploads

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """What changes things, and the repositories for reads that are no batches."""

    repository: MediaRepository
    library_reads: LibraryRepository
    album_reads: AlbumRepository
    media: MediaService
    library: Library
    editing: Editing
    albums: Albums
    sharing: Sharing
    addresses: Addresses
    quotas: Quotas
    admission: Admission
    uploads: Uploads
    direct: DirectDoor
