"""Struct classes that operations have in common."""

from __future__ import annotations

import gc
import typing
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import msgspec
import pytest
from msgspec import UNSET, Struct

from gateway.compiling.types.structs import Answer, AnswerType, ClassField, answer_type, struct


def _thing(leaf: Any = int) -> type[Struct]:
    below = struct([ClassField("below", leaf)], tag="Below")
    return struct([ClassField("id", str), ClassField("one", list[below | None] | None, None)])  # type: ignore[valid-type]


def _answer(leaf: Any = int) -> AnswerType:
    return answer_type(_thing(leaf), entities=True)


def test_classes_of_equal_fields_are_the_same() -> None:
    assert _thing() is _thing()
    assert _answer() is _answer()


@pytest.mark.parametrize(
    "other",
    [
        struct([ClassField("b", int)]),
        struct([ClassField("a", Literal["int"])]),
        struct([ClassField("a", int, None)]),
        struct([ClassField("a", int, UNSET)]),
        struct([ClassField("a", int)], tag="A"),
        struct([ClassField("a", int)], apart="A"),
        struct([ClassField("a", int)], positional=True),
    ],
)
def test_classes_that_differ_in_anything_are_two(other: type[Struct]) -> None:
    assert struct([ClassField("a", int)]) is not other


def test_classes_that_differ_far_inside_are_two() -> None:
    assert _thing() is not _thing(str)
    assert _answer() is not _answer(str)
    assert _answer() is not answer_type(_thing(), entities=False)


def test_an_answer_is_read_into_its_classes() -> None:
    known = _answer()
    body = b'{"data":{"_entities":[{"id":"1","one":[{"__typename":"Below","below":2}, null]},null]}}'
    read = known.decoder.decode(body)
    assert (type(read), type(read.data.entities[0]), read.errors) == (Answer, _thing(), None)
    assert msgspec.json.encode(read.data) == body[len(b'{"data":') : -1].replace(b" ", b"")


def test_an_answer_that_is_objects_already_is_read_into_the_same_classes() -> None:
    known = _answer()
    given = {"data": {"_entities": [{"id": "1", "one": [{"__typename": "Below", "below": 2}, None]}, None]}}
    read = known.of_objects({**given, "extensions": {}})
    assert (type(read.data.entities[0]), read.errors) == (_thing(), None)
    assert msgspec.to_builtins(read.data) == given["data"]
    assert type(read) is type(known.of_objects({"data": None, "errors": [{"message": "no"}]}))
    single = answer_type(_thing(), entities=False).of_objects({"data": {"id": "1"}})
    assert single.data == _thing()(f0="1", f1=None)


@pytest.mark.parametrize("answer", [None, {}, {"data": {}}, {"data": {"_entities": [{"id": 1}]}}])
def test_an_answer_that_is_no_such_objects_is_refused(answer: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        _answer().of_objects(answer)


def test_threads_that_ask_at_once_get_the_same_class() -> None:
    names = [f"thread{n % 7}" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: struct([ClassField(name, int)]), names))
    assert [made[n] is made[n % 7] for n in range(200)] == [True] * 200


def test_what_nobody_has_is_gone_at_one_visit_of_the_collector() -> None:
    held: list[AnswerType] = [_answer(float)]
    held[0].of_objects({"data": None})
    thing = _thing(float)
    seen = [weakref.ref(one) for one in (held[0], thing, struct([ClassField("below", float)], tag="Below"))]
    del thing
    gc.collect()
    assert all(one() is not None for one in seen)
    held.clear()
    for clear in typing._cleanups:  # type: ignore[attr-defined] # msgspec asks typing, which keeps its last hundred
        clear()
    gc.collect()
    assert [one() for one in seen] == [None, None, None]
