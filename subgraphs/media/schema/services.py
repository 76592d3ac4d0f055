"""The media domain's services, as resolvers have them."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.media.albums.repository import AlbumRepository
from subgraphs.media.albums.service import Albums
from subgraphs.media.albums.sharing import Sharing
from subgraphs.media.library.editing import Editing
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.library.service import Library
from subgraphs.media.limits.admission import Admission
from subgraphs.media.limits.quotas import Quotas
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.uploads.direct import DirectDoor
from subgraphs.media.uploads.service import Uploads

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
