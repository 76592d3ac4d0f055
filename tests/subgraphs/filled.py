"""Domains' tables filled by the database itself, with rows that look like those of a lively product.

Row ``n`` of every table is made of ``n`` alone: the ``n``-th id of ``posts`` is ``made_id("posts", n)``, people are
``made_id("people", n)`` everywhere, and what refers to another row refers to one that is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, Table, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from subgraphs.kit.domain.declaration import Domain

__all__ = ["PEOPLE", "fill", "made_id"]

PEOPLE = 2_000
_PEOPLE = f"n % {PEOPLE}"
_OTHERS = f"(n * 7 + n / {PEOPLE} + 1) % {PEOPLE}"

# What cannot be told from a column's type: few of what is rare, and ids of what stands in another table.
_MADE: Mapping[str, str] = MappingProxyType(
    {
        "outbox.sent_at": "CASE WHEN n % 2000 > 0 THEN now() END",
        "relation_edges.kind": "CASE WHEN n % 40 = 0 THEN 'block' ELSE 'follow' END",
        "audit.subject_id": "n::text",
        "sessions.revoked_at": "CASE WHEN n % 3 = 0 THEN now() END",
        "posts.visibility": "CASE WHEN n % 4 = 0 THEN 'FOLLOWERS' ELSE 'PUBLIC' END",
        "documents.visibility": "CASE WHEN n % 4 = 0 THEN 'PUBLIC' ELSE 'WORKSPACE' END",
        "media_files.visibility": "CASE WHEN n % 4 = 0 THEN 'PRIVATE' ELSE 'PUBLIC' END",
        "media_files.status": "CASE WHEN n % 1000 = 0 THEN 'DEGRADED' ELSE 'READY' END",
        "media_files.trashed_at": "CASE WHEN n % 50 = 0 THEN now() - n * interval '1 minute' END",
        "media_blobs.condemned_at": "CASE WHEN n % 1000 = 0 THEN now() - n * interval '1 second' END",
        "upload_sessions.status": "CASE WHEN n % 500 = 0 THEN 'RECEIVED' ELSE 'DONE' END",
        "upload_sessions.cleared_at": "CASE WHEN n % 500 > 0 THEN now() END",
        "albums.visibility": "CASE WHEN n % 4 = 0 THEN 'PUBLIC' ELSE 'PRIVATE' END",
        "asset_references.subject_type": "'Post'",
        "asset_references.audience": "'PUBLIC'",
        "embeddings.subject_type": "CASE WHEN n % 2 = 0 THEN 'Product' ELSE 'Post' END",
        "embeddings.model": "'words'",
        "embeddings.vector": "ARRAY[n % 7, n % 11, n % 13]::real[]",
        "embeddings.terms": "setweight(to_tsvector('simple', 'word' || n % 900 || ' thing' || n % 7000), 'C')",
        "messages.conversation_id": "md5('conversations' || n % 1000)::uuid",
        "messages.client_id": "NULL",
        "comments.post_id": "md5('posts' || n / 3)::uuid",
        "reactions.post_id": "md5('posts' || n / 5)::uuid",
        "mentions.product_id": "md5('products' || n / 3)::uuid",
        "album_items.album_id": "md5('albums' || n / 4)::uuid",
        "cart_lines.cart_id": "md5('carts' || n / 4)::uuid",
        "conversation_members.conversation_id": "md5('conversations' || n / 2)::uuid",
        "workspace_members.workspace_id": "md5('workspaces' || n / 10)::uuid",
        "products.store_id": f"md5('stores' || {_PEOPLE})::uuid",
        "documents.workspace_id": f"md5('workspaces' || {_PEOPLE})::uuid",
        "stores.owner_id": "md5('people' || n)::uuid",
        "carts.user_id": "md5('people' || n)::uuid",
        "storage_quotas.owner_id": "md5('people' || n)::uuid",
        "users.id": "md5('people' || n)::uuid",
        "stock.on_hand": "5",
        "stock.reserved": "0",
        "asset_tags.name": "'tag' || n % 200",
    }
)
_OTHER = frozenset(("other_id", "placed_by", "added_by", "updated_by"))
_REFERRED = MappingProxyType({"subject_id": "posts", "media_id": "media_files", "product_id": "products"})


async def fill(domain: Domain, database_url: str, rows: int) -> None:
    """Add so many rows to every table of a migrated domain, and let the planner know."""
    engine = create_async_engine(database_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            for table in domain.metadata.sorted_tables:
                await connection.execute(text(_insert(table, rows)))
        async with engine.connect() as connection:
            autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await autocommit.execute(text("VACUUM ANALYZE"))
    finally:
        await engine.dispose()


def made_id(kind: str, number: int) -> UUID:
    """The id of a table's ``number``-th row; of a person, ``made_id("people", number)``."""
    return UUID(hashlib.md5(f"{kind}{number}".encode()).hexdigest())  # noqa: S324 - as PostgreSQL can


def _insert(table: Table, rows: int) -> str:
    columns = [c for c in table.columns if not c.identity]
    names = ", ".join(f'"{c.name}"' for c in columns)
    values = ", ".join(_MADE.get(f"{table.name}.{c.name}") or _value(table.name, c) for c in columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(0, {rows - 1}) AS n "  # noqa: S608
        "ON CONFLICT DO NOTHING"
    )


def _value(table: str, column: Column[Any]) -> str:
    kind = column.type
    if column.foreign_keys:
        there = next(iter(column.foreign_keys)).column
        name = "people" if there.table.name == "users" else there.table.name
        return f"md5('{name}' || n)::uuid" if isinstance(kind, Uuid) else f"'{there.table.name}' || n"
    if isinstance(kind, Uuid):
        return _id(table, column)
    if column.nullable:
        return "NULL"
    for known, made in _BY_TYPE.items():
        if isinstance(kind, known):
            return made
    return f"'{table}' || n" if column.primary_key or column.name in _TOLD_APART else f"'{column.name}'"


def _id(table: str, column: Column[Any]) -> str:
    if column.name in ("id", "event_id"):
        return f"md5('{table}' || n)::uuid"
    if column.nullable:
        return "NULL"
    if column.name in _REFERRED:
        return f"md5('{_REFERRED[column.name]}' || n)::uuid"
    return f"md5('people' || {_OTHERS if column.name in _OTHER else _PEOPLE})::uuid"


_TOLD_APART = frozenset(
    ("handle", "email", "slug", "sha256", "display_name", "key", "revision", "direct_key")
)
_BY_TYPE: Mapping[type, str] = MappingProxyType(
    {
        DateTime: "now() - n * interval '1 minute'",
        Boolean: "true",
        BigInteger: "n",
        Integer: "n % 100",
        LargeBinary: "sha256(n::text::bytea)",
        ARRAY: "'{}'",
        JSONB: "'{}'",
    }
)
