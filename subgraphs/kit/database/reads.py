"""Reads: statements written with SQLAlchemy, turned into SQL once, and answered with light rows.

Building a statement and making ORM objects of its rows costs ten times what the driver needs to ask. So a
repository keeps its statements as constants: their text never depends on the arguments (a list is one array
parameter), the server prepares it once a connection, and a row is a frozen struct of its model's columns.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar, cast, get_type_hints, overload
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, BindParameter, ColumnElement, TableValuedAlias, any_, bindparam, column, func
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg
from sqlalchemy.sql import Executable, Select
from sqlmodel import SQLModel

from subgraphs.kit.uuids import with_drivers_uuids

__all__ = ["Read", "given", "given_rows", "one_of", "row_type", "text_to"]

Row = TypeVar("Row")
Model = TypeVar("Model", bound=SQLModel)


class Read(Generic[Row]):
    """One statement. ``select(Model)`` answers rows of the model, columns come as the driver's records.

    A value written into the statement is part of its text, as partial indexes need it; what changes from
    call to call is ``given``.
    """

    __slots__ = ("_make", "_names", "sql", "urgent")

    @overload
    def __init__(self, statement: Select[Row], *, urgent: bool = False) -> None: ...

    @overload
    def __init__(self: Read[Any], statement: Executable, *, urgent: bool = False) -> None: ...

    def __init__(self, statement: Any, *, urgent: bool = False) -> None:
        """``urgent``: is not to wait until a connection is free, but has one made."""
        self.urgent = urgent
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup)
        self._make = _maker(statement)

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """In the order of ``$1``, ``$2`` …; values that this statement does not name are left out."""
        return [values[name] for name in self._names]

    def rows(self, records: Iterable[Any]) -> Sequence[Row]:
        """What the driver's records are to the caller."""
        made: Sequence[Row] = self._make(records)
        return made


def given(name: str, like: Any) -> BindParameter[Any]:
    """A value that each call gives, of a column's type, or of this type."""
    return bindparam(name, type_=getattr(like, "type", like))


def one_of(column: Any, name: str) -> ColumnElement[bool]:
    """The column is one of the values that each call gives as ``name``."""
    return cast("ColumnElement[bool]", column == any_(given(name, ARRAY(column.type))))


def given_rows(name: str, type_: Any) -> TableValuedAlias:
    """The values that each call gives as ``name``, as a table with the column ``value``."""
    given_values = func.unnest(given(name, ARRAY(type_)))
    return given_values.table_valued(column("value", type_), name=name).render_derived()


def text_to(column: Any) -> Callable[[str], Any]:
    """What makes a column's value of its text in a cursor."""
    kind: type = column.type.python_type
    return _FROM_TEXT.get(kind, kind)


@functools.cache
def row_type(model: type[Model]) -> type[Model]:
    """A frozen struct of the model's columns, in the table's order: cheap to make, to encode and to decode.

    To the type checker a row is the model: it has its columns and its properties, and nothing else of it.
    """
    types, table = get_type_hints(model), cast("Any", model).__table__
    fields = [(column.key, with_drivers_uuids(types[column.key])) for column in table.columns]
    properties = {name: value for name, value in vars(model).items() if isinstance(value, property)}
    struct = msgspec.defstruct(
        model.__name__, fields, module=model.__module__, namespace=properties, frozen=True, gc=False
    )
    return cast("type[Model]", struct)


_FROM_TEXT: dict[type, Callable[[str], Any]] = {UUID: UUID, datetime: datetime.fromisoformat}


def _maker(statement: Any) -> Callable[[Iterable[Any]], Any]:
    """What makes a caller's rows of records: nothing for columns, one struct for one model."""
    selected = [described["type"] for described in getattr(statement, "column_descriptions", ())]
    if not any(_is_model(kind) for kind in selected):
        return list
    if len(selected) == 1:
        make = row_type(selected[0])
        return lambda records: [make(*record) for record in records]
    makers = [row_type(kind) if _is_model(kind) else None for kind in selected]
    return lambda records: [_split(makers, record) for record in records]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, SQLModel)


def _split(makers: Sequence[Any], record: Iterable[Any]) -> tuple[Any, ...]:
    values = iter(record)
    return tuple(
        make(*islice(values, len(make.__struct_fields__))) if make else next(values) for make in makers
    )


class _Compiler(PGCompiler_asyncpg):
    """Renders what the statement itself says, and leaves as parameters what is given."""

    def visit_bindparam(self, bindparam: Any, *args: Any, **options: Any) -> Any:
        if not bindparam.required:
            options["literal_binds"] = True
        return super().visit_bindparam(bindparam, *args, **options)  # type: ignore[no-untyped-call]


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler
    supports_statement_cache = True


_DIALECT = _Dialect()  # type: ignore[no-untyped-call]
