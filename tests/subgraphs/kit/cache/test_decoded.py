"""What Redis holds is taken apart once, and said to be what it is each time."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from subgraphs.kit.cache.decoded import HEADER, NEGATIVE, ROW, TOMBSTONE, Held
from subgraphs.kit.uuids import DriversUUID, decoder

_EPOCH, _OTHER = b"a" * 16, b"b" * 16


def _value(kind: bytes, payload: bytes = b"", expiry: int = 1000, epoch: bytes = _EPOCH) -> bytes:
    return b"|".join((epoch, b"%016d" % 7, b"%010d" % expiry, kind, payload))


def test_each_value_is_said_to_be_what_it_is() -> None:
    values = [_value(ROW, b"{}"), None, _value(NEGATIVE), _value(TOMBSTONE), _value(ROW, b"{}", epoch=_OTHER)]
    assert len(_value(ROW)) == HEADER
    held = Held(1 << 20)
    for _ in range(2):
        found = held.read(values, _EPOCH, soon=0)
        assert [(f.stamp, f.kind, f.payload, f.refresh) for f in found] == [
            (b"%016d" % 7, ROW, b"{}", False),
            (b"", b"", b"", False),
            (b"%016d" % 7, NEGATIVE, b"", False),
            (b"%016d" % 7, b"", b"", False),
            (b"%016d" % 7, b"", b"", False),
        ]


def test_equal_bytes_are_decoded_once() -> None:
    held = Held(1 << 20)
    (first,) = held.read([_value(ROW, b"[1]")], _EPOCH, soon=0)
    first.value = [1]
    (same,) = held.read([_value(ROW, b"[1]")], _EPOCH, soon=0)
    (other,) = held.read([_value(ROW, b"[2]")], _EPOCH, soon=0)
    assert (same.value, other.value) == ([1], msgspec.UNSET)


def test_what_was_stored_in_another_life_of_the_server_may_not_be_served() -> None:
    held = Held(1 << 20)
    kinds = [held.read([_value(ROW, b"[1]")], epoch, soon=0)[0].kind for epoch in (_EPOCH, _OTHER, _EPOCH)]
    assert kinds == [ROW, b"", ROW]


def test_what_expires_soon_is_read_anew_by_some() -> None:
    held = Held(1 << 20)
    refreshed = [held.read([_value(ROW, b"{}", expiry=10)], _EPOCH, soon=11)[0].refresh for _ in range(1000)]
    assert 20 < sum(refreshed) < 300
    assert not any(held.read([_value(ROW, b"{}", expiry=10)], _EPOCH, soon=10)[0].refresh for _ in range(100))


def test_more_than_the_memory_is_not_kept() -> None:
    held = Held(10_000)
    for number in range(1000):
        held.read([_value(ROW, b"%d" % number)], _EPOCH, soon=0)
        assert sum(map(len, held._known)) * 3 < 10_000


def test_ids_are_the_drivers_wherever_they_are() -> None:
    one, text = UUID(int=5), str(UUID(int=5))
    decode = decoder(tuple[UUID, list[UUID | None], str])
    read = decode(msgspec.json.encode((one, [one, None], text)))
    assert read == (one, [one, None], text)
    assert [type(read[0]), type(read[1][0]), type(read[2])] == [DriversUUID, DriversUUID, str]
    with pytest.raises(msgspec.DecodeError):
        decoder(UUID)(b'"no id"')
    with pytest.raises(msgspec.DecodeError):
        decoder(UUID)(b"1")
