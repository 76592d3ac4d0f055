"""UUIDs of the database's driver, whose text is had at a quarter of the cost: all that is read has these."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import msgspec
from asyncpg.pgproto.pgproto import UUID as DriversUUID  # noqa: N811

__all__ = ["DriversUUID", "decoder", "with_drivers_uuids"]


def decoder(kind: Any) -> Callable[[bytes], Any]:
    """What decodes JSON to a type."""
    return msgspec.json.Decoder(with_drivers_uuids(kind), dec_hook=_made).decode


def with_drivers_uuids(kind: Any) -> Any:
    """A type, alone or in lists, tuples and unions, with the driver's UUID for every other."""
    if kind is UUID:
        return DriversUUID
    origin, arguments = get_origin(kind), tuple(map(with_drivers_uuids, get_args(kind)))
    if origin in (Union, UnionType):
        return Union[arguments]  # noqa: UP007 - of any number
    return origin[arguments] if origin in (list, tuple) else kind


def _made(kind: type, value: Any) -> Any:
    if kind is not DriversUUID or not isinstance(value, str):
        raise TypeError(f"{kind.__name__} is not what is stored")
    return DriversUUID(value)
