"""What one subgraph is told at start. The environment is read by infra, not here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from subgraphs.kit.execution import Options
from subgraphs.kit.identity.keys import KeySource

__all__ = ["Environment", "Library", "Limits", "Serving", "Settings", "Storage"]

Environment = Literal["development", "production"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound a subgraph holds; each is a setting."""

    page_size: int = 100
    """The most edges of a connection."""
    text_length: int = 20_000
    """The most characters of a body."""
    message_attachments: int = 10
    """The most pictures of a message."""
    document_length: int = 500_000
    """The most characters of a document."""
    database_pool: int = 8
    """Connections to the database, each process."""
    decoded_bytes: int = 4 << 20
    """Of what Redis answers, kept decoded, each process and domain."""
    login_failures: int = 20
    """Wrong passwords an account may see in ``login_window`` seconds before it answers RATE_LIMITED."""
    login_window: int = 900
    address_attempts: int = 60
    """Registrations and logins an address may try in ``login_window`` seconds."""
    document_passwords: int = 5
    """Password checks one GraphQL document may ask for."""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Storage:
    """What people may store, and how long what they let go stays: the media service's alone."""

    quota_bytes: int = 20 << 30
    """Of one person, each content counted once."""
    quota_files: int = 100_000
    """Of one person."""
    open_uploads: int = 20
    """Uploads in several steps that one person may have under way."""
    uploads_at_once: int = 32
    """Uploads of one request each that a process takes at a time."""
    uploads_waiting: int = 100
    """More of them that wait, unread, until there is room."""
    uploads_at_once_each: int = 4
    """Of one person."""
    uploads_waiting_each: int = 8
    """Of one person."""
    pictures_at_once: int = field(default_factory=lambda: _cores() + 2)
    """Uploads, by whichever door, that a process makes, stores and counts at a time: the workers, and a few whose pictures
    are being stored."""
    pictures_waiting: int = 64
    """More of them that wait, as files."""
    upload_wait_seconds: float = 30.0
    """After which one that waits is told to come again."""
    upload_rate: int = 32 << 20
    """Bytes of uploads that a process reads a second."""
    upload_hours: int = 24
    """After which one that was not finished is dropped."""
    trash_days: int = 30
    """After which what is in the trash is deleted."""
    grace_minutes: int = 60
    """Between giving up what nobody has any more and removing its objects."""
    picture_pixels: int = 50_000_000
    """Of one frame of a picture: a decoder holds all of them."""
    picture_side: int = 32_767
    """The longest, in pixels."""
    picture_frames: int = 1_000
    """Of an animation."""
    animation_pixels: int = 5_000_000_000
    """Of all frames of an animation: what a viewer of it would have to decode."""
    films: tuple[str, ...] = ("mp4", "mov", "webm")
    """Containers of films that are taken, where the extra `media-extra` is installed; none: pictures alone."""
    film_max_bytes: int = 128 << 20
    """Of one film; no more than of any upload."""
    film_seconds: int = 600
    """The longest film."""
    film_pixels: int = 4096 * 2304
    """Of one frame: a decoder holds up to seventeen of them."""
    scanner_url: str | None = None
    """``tcp://HOST:PORT`` or ``unix:///PATH`` of a clamd; None: uploads are not scanned."""
    public_url: str | None = None
    """The origin at which clients reach the object store, where it is another than ours."""


@dataclass(frozen=True, slots=True)
class Library:
    """How much people may make of their pictures: the media service's alone."""

    albums: int = 5_000
    """Of one person."""
    album_pictures: int = 10_000
    """Of one album."""
    album_members: int = 200
    """People let into an album by name."""
    album_links: int = 50
    """To one album, that were not revoked."""
    picture_tags: int = 50
    """Of one picture."""
    edits_an_hour: int = 120
    """Turns and points of one person's pictures."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How pictures are served: the media service's alone."""

    previous_secret: bytes | None = field(default=None, repr=False)
    """The secret before this one: addresses signed under it hold until they end."""
    memory_bytes: int = 64 << 20
    """Of pictures kept in memory, each process."""
    renditions: int = 16
    """Formats that may be made on the fly at a time, each process."""
    cdn_url: str | None = None
    """The origin of public pictures' addresses, where it is another than ours."""
    cdn_purge_url: str | None = None
    """What is asked to forget pictures; None: nothing keeps them before us."""
    cdn_purge_method: str = "POST"
    cdn_purge_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one subgraph process."""

    environment: Environment
    database_url: str
    """SQLAlchemy's form, ``postgresql+asyncpg://…``, of this domain's own database."""
    redis_url: str
    secret_key: bytes = field(repr=False)
    """The root of all HMACs; ``kit.identity.secrets`` derives one key per purpose."""
    identity_keys: KeySource
    """The gateway's public keys."""
    access_token_keys: KeySource
    """The user service's public keys: for the doors that clients reach directly (``POST /upload``)."""
    home: Path = Path(".data")
    object_store_url: str | None = None
    public_url: str | None = None
    upload_max_bytes: int = 128 * 1024 * 1024
    token_key_pem: bytes | None = field(default=None, repr=False)
    """The private key of access tokens; the user service alone has it."""
    limits: Limits = Limits()
    library: Library = Library()
    storage: Storage = field(default_factory=Storage)
    serving: Serving = field(default_factory=Serving)
    execution: Options = field(default_factory=Options)
    """How queries are executed."""
    database_pooled: bool = False
    """Whether a pooler of transactions is before the database (``database/connections.py``)."""
    caching: bool = True
    """Whether reads ask Redis before the database. Writes tell it all the same."""
    attribute_timing: float = 0.0
    """The share of operations in which plain attributes are timed as resolvers are."""

    @property
    def development(self) -> bool:
        """Whether callers on loopback go unlimited and messages may be frank."""
        return self.environment == "development"
