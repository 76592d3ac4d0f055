"""What can go wrong: the picture is refused, or the pool cannot take the work."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ImageRejected", "MediaError", "PoolBusy", "PoolUnavailable", "RejectCode"]


class RejectCode(StrEnum):
    """Why a picture was not taken. Closed and stable: clients and metrics match on it."""

    EMPTY = "EMPTY"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    UNSUPPORTED_FORMAT = "UNSUPPORTED_FORMAT"
    TRUNCATED = "TRUNCATED"
    CORRUPT = "CORRUPT"
    TOO_MANY_BYTES = "TOO_MANY_BYTES"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    SIDE_TOO_LONG = "SIDE_TOO_LONG"
    TOO_MANY_FRAMES = "TOO_MANY_FRAMES"
    TOO_LONG = "TOO_LONG"
    UNSUPPORTED_FILM = "UNSUPPORTED_FILM"
    FILMS_NOT_TAKEN = "FILMS_NOT_TAKEN"
    TIMEOUT = "TIMEOUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    DECODER_CRASHED = "DECODER_CRASHED"


_MESSAGES = {
    RejectCode.EMPTY: "The file is empty.",
    RejectCode.NOT_AN_IMAGE: "The file is not a picture.",
    RejectCode.UNSUPPORTED_FORMAT: "Pictures are taken as JPEG, PNG, GIF, WebP or AVIF.",
    RejectCode.TRUNCATED: "The file is not whole: its end is missing.",
    RejectCode.CORRUPT: "The file is damaged.",
    RejectCode.TOO_MANY_BYTES: "The file is too large.",
    RejectCode.TOO_MANY_PIXELS: "The picture has too many pixels.",
    RejectCode.SIDE_TOO_LONG: "The picture is too wide or too high.",
    RejectCode.TOO_MANY_FRAMES: "The animation has too many frames.",
    RejectCode.TOO_LONG: "The film is too long.",
    RejectCode.UNSUPPORTED_FILM: "Films are taken as MP4, MOV or WebM with H.264, HEVC, VP8, VP9 or AV1, and their sound as AAC, "
    "MP3, Opus or Vorbis.",
    RejectCode.FILMS_NOT_TAKEN: "Films are not taken here.",
    RejectCode.TIMEOUT: "The file took too long to work on.",
    RejectCode.OUT_OF_MEMORY: "The file needs too much memory.",
    RejectCode.DECODER_CRASHED: "The file could not be decoded.",
}

_RETRYABLE = frozenset({RejectCode.TIMEOUT, RejectCode.OUT_OF_MEMORY, RejectCode.DECODER_CRASHED})


class MediaError(Exception):
    """The base of everything this library raises on purpose."""


class ImageRejected(MediaError):
    """The picture will not be taken; ``code`` says why, ``detail`` may say more to an operator."""

    def __init__(self, code: RejectCode, detail: str = "") -> None:
        super().__init__(_MESSAGES[code])
        self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        """One plain sentence that may be shown to whoever sent the file."""
        return _MESSAGES[self.code]

    @property
    def retryable(self) -> bool:
        """Whether a quieter machine might still take the same file: it ran into a limit of the machine, not of format."""
        return self.code in _RETRYABLE

    def __reduce__(self) -> tuple[type[ImageRejected], tuple[RejectCode, str]]:
        return type(self), (self.code, self.detail)


class PoolBusy(MediaError):
    """The queue is full; come back after ``retry_after`` seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__("All image workers are busy and the queue is full.")
        self.retry_after = retry_after


class PoolUnavailable(MediaError):
    """No worker could be started, or the pool is closed: no fault of the picture."""
