"""A statement's text stands still, and its rows are what was stored."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Integer, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of, row_type
from subgraphs.kit.uuids import decoder
from subgraphs.media.models import MediaFile


def _file(**values: Any) -> MediaFile:
    picture: dict[str, Any] = {
        "width": 3,
        "height": 2,
        "format": "PNG",
        "bytes": 2**40,
        "sha256": "0",
        "revision": "1",
    }
    return MediaFile(owner_id=uuid4(), visibility="PUBLIC", status="READY", **picture, **values)


def _columns(row: Any) -> dict[str, Any]:
    return msgspec.structs.asdict(row)


def test_what_is_given_is_a_parameter_and_what_is_said_is_text() -> None:
    statement = Read(
        select_columns(col(MediaFile.id))
        .where(
            one_of(col(MediaFile.id), "ids"),
            col(MediaFile.status).in_(["READY", "it's"]),
            col(MediaFile.width) > given("width", Integer),
            col(MediaFile.height) > given("width", Integer),
        )
        .limit(5)
    )
    assert " ".join(statement.sql.split()) == (
        "SELECT media_files.id FROM media_files WHERE media_files.id = ANY ($1::UUID[]) "
        "AND media_files.status IN ('READY', 'it''s') "
        "AND media_files.width > $2::INTEGER AND media_files.height > $2::INTEGER LIMIT 5"
    )
    assert statement.arguments({"width": 1, "ids": [], "unasked": 0}) == [[], 1]


async def test_a_row_is_what_was_stored_and_survives_the_cache(database: Database) -> None:
    file = _file(alt_text="\U0001f980", variants={"full": {"width": 3, "name": "ünder"}})
    async with database.write() as tx:
        tx.add(file)
    (row,) = await database.rows(
        Read(select(MediaFile).where(one_of(col(MediaFile.id), "ids"))), ids=[file.id]
    )
    stored = file.model_dump()
    assert _columns(row) == stored
    assert row.place == file.place
    kept = decoder(row_type(MediaFile))(msgspec.json.encode(row))
    assert kept == row
    assert _columns(kept) == stored


async def test_a_row_can_stand_beside_columns(database: Database) -> None:
    file = _file()
    async with database.write() as tx:
        tx.add(file)
    statement = Read(
        select(literal(1), MediaFile, func.length(col(MediaFile.status))).where(
            one_of(col(MediaFile.id), "ids")
        )
    )
    ((one, row, length),) = await database.rows(statement, ids=[file.id])
    assert (one, row.id, length) == (1, file.id, 5)


async def test_rows_cannot_be_changed(database: Database) -> None:
    file = _file()
    async with database.write() as tx:
        tx.add(file)
    (row,) = await database.rows(
        Read(select(MediaFile).where(one_of(col(MediaFile.id), "ids"))), ids=[file.id]
    )
    with pytest.raises(AttributeError):
        row.status = "FAILED"
