"""Struct classes and the decoders of answers: equal ones once in the process, while anything compiled has them.

A class takes some 3 KB, and is what compiling takes longest to make. Operations of one graph want much the same ones,
and the same operations under a new supergraph the same ones again. They are known by the text of what they are made of:
so none is kept for having been part of another, and what nobody has is gone at one visit of the collector (but for the
last hundred or so that typing remembers).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from types import GenericAlias
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from gateway.compiling.analysis.shape import TYPENAME
from gateway.compiling.types.annotations import from_json
from gateway.jsontext import float_of

__all__ = ["REQUIRED", "Answer", "AnswerType", "ClassField", "Entities", "answer_type", "struct"]

_T = TypeVar("_T")

REQUIRED = msgspec.NODEFAULT


@dataclass(frozen=True, slots=True)
class ClassField:
    """One field: its name in JSON, its type, and what it is where JSON has none."""

    name: str
    type: Any
    default: Any = REQUIRED


class Answer(Struct, Generic[_T], gc=False):
    """What a subgraph answers."""

    data: _T | None
    errors: Any = None


class Entities(Struct, Generic[_T], gc=False, rename={"entities": "_entities"}):
    """The data of an answer about entities."""

    entities: list[_T | None]


@dataclass(eq=False, slots=True, weakref_slot=True)
class AnswerType:
    """An ``Answer`` of certain data, and what reads one."""

    decoder: msgspec.json.Decoder[Any]
    _data: type[Struct]
    _entities: bool
    _whole: type[Struct] | None = None

    def of_objects(self, answer: Any) -> Any:
        """As ``decoder`` reads it, of an answer that is objects already. Raises msgspec.ValidationError."""
        if self._whole is None:
            self._whole = self._made()
        return msgspec.convert(answer, self._whole, dec_hook=from_json)

    def _made(self) -> type[Struct]:
        """Without parameters: of a generic class msgspec's ``convert`` finds out anew each time what it is of, which
        takes longer than the rest of it. Made when needed, as not every subgraph is in the same process.
        """
        data: Any = self._data
        if self._entities:
            many = [("entities", list[data | None])]
            data = msgspec.defstruct("Entities", many, rename={"entities": "_entities"}, gc=False)
        return msgspec.defstruct("Answer", [("data", data | None), ("errors", Any, None)], gc=False)


def struct(
    fields: Sequence[ClassField],
    *,
    tag: str | None = None,
    apart: str | None = None,
    positional: bool = False,
) -> type[Struct]:
    """A class with these fields, its objects told apart by ``__typename`` where it has a tag.

    Classes are the same for the same arguments; ``apart`` keeps those of several types different. A ``positional``
    one is made with its values in order.
    """
    key = repr((tag, apart, positional, [(f.name, f.type, f.default) for f in fields]))
    return _shared(
        key,
        lambda: msgspec.defstruct(
            f"S{next(_numbers)}",  # no two have the same: it stands for the class in the keys of what that is part of
            [(f"f{n}", f.type, f.default) for n, f in enumerate(fields)],
            rename={f"f{n}": f.name for n, f in enumerate(fields)},
            kw_only=not positional,
            gc=False,
            tag_field=None if tag is None else TYPENAME,
            tag=tag,
        ),
    )


def answer_type(data: type[Struct], *, entities: bool) -> AnswerType:
    """Of an answer with such data, or about entities each of which is that or null."""
    # typing's own would keep the last ones that were made
    whole = GenericAlias(Answer, (GenericAlias(Entities, (data,)) if entities else data,))

    def made() -> AnswerType:
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
            whole, float_hook=float_of, dec_hook=from_json
        )
        return AnswerType(decoder, data, entities)

    return _shared(repr(whole), made)


_numbers = count()
_known: WeakValueDictionary[str, Any] = WeakValueDictionary()
_making = threading.Lock()
"""Large operations are compiled in threads, and within one operation what is equal has to be the same."""


def _shared(key: str, make: Callable[[], _T]) -> _T:
    with _making:
        known: _T | None = _known.get(key)
        if known is None:
            known = _known[key] = make()
        return known
