"""One domain's database: short reads without a transaction, and writes that are one transaction.

A read is one prepared statement, so a request holds no connection while it waits for others. After a lost
connection the next use gets a new one; a read is tried once more, a write never.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import asyncpg
from opentelemetry.trace import SpanKind
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from subgraphs.kit.clock import Clock
from subgraphs.kit.database.connections import UNPREPARED, Connections
from subgraphs.kit.database.models import SharedTables
from subgraphs.kit.database.reads import Read
from subgraphs.kit.database.summaries import summarised
from subgraphs.kit.database.transaction import AfterCommit, Transaction
from subgraphs.kit.errors import BadInput, Unavailable
from subgraphs.kit.telemetry.light import Sizes
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import note

__all__ = ["Database", "counted_statements"]

Row = TypeVar("Row")

_CHECK = Read(text("SELECT 1"))
_counter: ContextVar[list[str] | None] = ContextVar("statements", default=None)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the statements sent on behalf of the block, and of no background work: for tests' bounds."""
    statements: list[str] = []
    token = _counter.set(statements)
    try:
        yield statements
    finally:
        _counter.reset(token)


class _Pool(AsyncAdaptedQueuePool):
    """SQLAlchemy's, which says how many wait for a connection, and keeps none once it is disposed of."""

    waiting = 0
    _disposed = False

    def dispose(self) -> None:
        self._disposed = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        if self._disposed:  # its writer was at work when the others were closed, or is cancelled since
            record.close()
        else:
            super()._do_return_conn(record)

    def _do_get(self) -> ConnectionPoolEntry:
        self.waiting += 1
        try:
            return super()._do_get()
        finally:
            self.waiting -= 1


logging.getLogger(f"{__name__}.{_Pool.__name__}").setLevel(logging.WARNING)  # as SQLAlchemy's own is quiet


class Database:
    """The domain's connections: up to ``pool`` that read, and as many that write.

    Apart, so that transactions that read beside themselves cannot wait for each other's connections.
    """

    def __init__(
        self,
        service: str,
        url: str,
        tables: SharedTables,
        *,
        pool: int,
        metrics: Metrics,
        clock: Clock,
        patience: float = 10.0,
        pooled: bool = False,
    ) -> None:
        """``patience``: seconds to wait for a connection while all are in use. ``pooled``: behind a pooler of
        transactions (``connections.py``).
        """
        self.service = service
        self.tables = tables
        self._metrics = metrics
        self._clock = clock
        self.after_commit: AfterCommit | None = None
        """What runs between a commit and its answer; set once, by ``open_resources``."""
        self._up = metrics.database_up.labels(service)
        self.engine = create_async_engine(
            url,
            poolclass=_Pool,
            pool_size=pool,
            max_overflow=0,
            pool_timeout=patience,
            hide_parameters=True,
            connect_args=dict(UNPREPARED) if pooled else {},
        )
        writers = self.engine.pool
        assert isinstance(writers, _Pool)  # noqa: S101 - as asked for
        self.writers = writers
        self.readers = Connections(self.engine.url, pool, patience, pooled=pooled)
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._began)
        event.listen(self.engine.sync_engine, "after_cursor_execute", self._ended)
        event.listen(self.engine.sync_engine, "handle_error", self._failed)
        self._described: dict[str, tuple[Sizes, dict[str, str]]] = {}

    async def rows(self, read: Read[Row], **values: Any) -> Sequence[Row]:
        """What the statement answers when it is given these values; to be read only."""
        if (counter := _counter.get()) is not None:
            counter.append(read.sql)
        began = time.perf_counter()
        with _Translated(self):
            try:
                records = await self.readers.fetch(read.sql, read.arguments(values), urgent=read.urgent)
            except Exception as error:
                self._observe(read.sql, began, _named(error))
                raise
        self._observe(read.sql, began)
        self._up.set(1)
        return read.rows(records)

    async def row(self, read: Read[Row], **values: Any) -> Row | None:
        """The first of its rows."""
        return next(iter(await self.rows(read, **values)), None)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """One transaction: committed at the end of the block with its events, rolled back on any error.

        What must follow the commit (tombstones, live events) has been done when the block is left.
        """
        with _Translated(self):
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                transaction = Transaction(session, self.tables, self._clock)
                async with session.begin():
                    yield transaction
                    await transaction.store_events()
        if self.after_commit is not None:
            await self.after_commit(transaction)

    async def check(self) -> None:
        """Raise Unavailable where the database does not answer."""
        await self.rows(_CHECK)

    async def close(self) -> None:
        """Close every connection."""
        await self.readers.close()
        await self.engine.dispose()

    def lost(self) -> None:
        """Note that the database could not be reached."""
        self._up.set(0)

    def _began(
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if (counter := _counter.get()) is not None:
            counter.append(statement)
        context.began_at = time.perf_counter()

    def _ended(
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        self._observe(statement, context.began_at)

    def _failed(self, failure: ExceptionContext) -> None:
        began = getattr(failure.execution_context, "began_at", None)
        if failure.statement is not None and began is not None:
            self._observe(failure.statement, began, _named(failure.original_exception))

    def _observe(self, statement: str, began: float, error: str | None = None) -> None:
        ended = time.perf_counter()
        duration, attributes = self._describe(statement)
        duration.observe(ended - began)
        if error is not None:
            attributes = {**attributes, "db.response.status_code": error, "error.type": error}
        note(attributes["db.query.summary"], began, attributes, SpanKind.CLIENT, ended, error)

    def _describe(self, statement: str) -> tuple[Sizes, dict[str, str]]:
        """Where a statement is counted, and its span's attributes: its text and parameters may be private."""
        known = self._described.get(statement)
        if known is None:
            found = summarised(statement)
            attributes = {
                "db.system.name": "postgresql",
                "db.namespace": self.engine.url.database or self.service,
                "db.operation.name": found.operation,
                "db.query.summary": found.summary,
            }
            if len(found.tables) == 1:
                attributes["db.collection.name"] = found.tables[0]
            if len(self._described) >= _MOST_DESCRIBED:
                self._described.clear()
            duration = self._metrics.database_duration.labels("postgresql", self.service, found.operation)
            known = self._described[statement] = (duration, attributes)
        return known


def _named(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or type(error).__qualname__)


_MOST_DESCRIBED = 2048
_CHARACTER_NOT_IN_REPERTOIRE = "22021"
_UNREACHABLE = (
    OSError,
    TimeoutError,
    NoConnectionFree,
    InterfaceError,
    OperationalError,
    asyncpg.InterfaceError,
)
_AWAY = ("08", "53", "57P")
"""Beginnings of SQLSTATE: connections that fail, resources that are out, a server that stops or starts."""


class _Translated:
    """Turns "the server is away" into Unavailable, a text PostgreSQL cannot hold into BadInput; leaves the rest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        state = str(getattr(getattr(error, "orig", error), "sqlstate", None))
        away = (
            isinstance(error, _UNREACHABLE)
            or (isinstance(error, DBAPIError) and error.connection_invalidated)
            or state.startswith(_AWAY)
        )
        if away:
            self._database.lost()
            raise Unavailable("database") from error
        if state == _CHARACTER_NOT_IN_REPERTOIRE:
            raise BadInput("A text holds the character U+0000, which cannot be kept.") from error
