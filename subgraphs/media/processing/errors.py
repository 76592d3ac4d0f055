"""What media_core and the object store say of a picture, in the graph's words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from media_core import ImageRejected, PoolBusy, PoolUnavailable, RejectCode
from media_core.storage import StorageError
from subgraphs.kit.errors import ErrorCode, RateLimited, Rejected, Unavailable

__all__ = ["judged"]

_log = logging.getLogger(__name__)

_CODES = {
    RejectCode.EMPTY: ErrorCode.NOT_AN_IMAGE,
    RejectCode.NOT_AN_IMAGE: ErrorCode.NOT_AN_IMAGE,
    RejectCode.CORRUPT: ErrorCode.CORRUPT,
    RejectCode.UNSUPPORTED_FORMAT: ErrorCode.UNSUPPORTED_FORMAT,
    RejectCode.TRUNCATED: ErrorCode.TRUNCATED,
    RejectCode.TOO_MANY_BYTES: ErrorCode.TOO_LARGE,
    RejectCode.TOO_MANY_PIXELS: ErrorCode.TOO_MANY_PIXELS,
    RejectCode.SIDE_TOO_LONG: ErrorCode.TOO_MANY_PIXELS,
    RejectCode.TOO_MANY_FRAMES: ErrorCode.TOO_MANY_FRAMES,
    RejectCode.TOO_LONG: ErrorCode.TOO_LONG,
    RejectCode.UNSUPPORTED_FILM: ErrorCode.UNSUPPORTED_FORMAT,
    RejectCode.FILMS_NOT_TAKEN: ErrorCode.FILMS_NOT_TAKEN,
}


@contextmanager
def judged(field: str) -> Iterator[None]:
    """Raises Rejected for a picture that is not taken, RateLimited while too many are in work, Unavailable where a
    server or every worker is away."""
    try:
        yield
    except ImageRejected as refusal:
        code = _CODES.get(refusal.code, ErrorCode.PROCESSING_FAILED)
        raise Rejected(code, refusal.message, field) from refusal
    except PoolBusy as busy:
        raise RateLimited(busy.retry_after) from busy
    except PoolUnavailable as error:
        _log.error("no image worker: %s", error)
        raise Unavailable("image service") from error
    except StorageError as error:
        _log.error("the object store failed: %s", error)
        raise Unavailable("object store") from error
