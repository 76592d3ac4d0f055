"""What a subgraph may not say, or says seldom: an answer's body with something wrong in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, TypeAlias

from gateway.jsontext import Numeral, encode
from gateway.transport.protocol import Encoded

__all__ = ["distorted"]

_Set: TypeAlias = Callable[[Any], None]
_GONE = object()

_LEAVES: tuple[Any, ...] = (
    None,
    _GONE,
    True,
    False,
    0,
    1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**64,
    2**70,
    Numeral("1.0"),
    Numeral("1e2"),
    Numeral("1e400"),
    Numeral("-0.0"),
    1.5,
    "",
    "7",
    "text",
    "\ud800",
    [],
    [None],
    [["x"]],
    {},
    {"id": "x"},
)
_PATHS: tuple[Any, ...] = (
    None,
    _GONE,
    [],
    "q1",
    [True],
    [1.5],
    [None],
    ["_entities"],
    ["_entities", -1],
    ["_entities", 0],
    ["_entities", 0, "f1"],
    ["_entities", 1, "f1", 0],
    ["_entities", 99, "f1"],
    ["_entities", "0"],
    ["_entities", True, "f1"],
    ["nowhere", 0],
    {"a": 1},
)
_ERRORS: tuple[Any, ...] = (
    "text",
    None,
    7,
    {},
    {"message": 5},
    {"message": "x", "locations": "here"},
    {"message": "x", "locations": [{"line": 2**70, "column": -1}]},
    {"message": "x", "extensions": None},
    {"message": "x", "extensions": [1]},
    {"message": "x", "extensions": {"code": 5, "stacktrace": ["a"], "n": Numeral("1e400")}},
    {"message": "x", "extensions": {"code": "MINE", "service": "other"}},
    {"message": "\ud800"},
)
_BODIES: tuple[tuple[int, bytes], ...] = (
    (200, b""),
    (200, b"no"),
    (200, b"[]"),
    (200, b"null"),
    (200, b"{}"),
    (200, b'{"data":null}'),
    (200, b'{"data":[]}'),
    (200, b'{"data":{}}'),
    (200, b'{"data":{"_entities":null}}'),
    (200, b'{"data":{"_entities":[]}}'),
    (200, b'{"data":null,"errors":[]}'),
    (200, b'{"data":null,"errors":{}}'),
    (200, b'{"data":null,"errors":[null]}'),
    (200, b'{"errors":[{"message":"x"}]}'),
    (200, b'{"errors":"x"}'),
    (500, b"no"),
    (500, b'{"errors":[{"message":"x"}]}'),
    (404, b""),
)


def distorted(answer: dict[str, Any], random: Random, types: Sequence[str]) -> Encoded:
    """The answer with a thing or two wrong in it; ``types`` are names that may be taken for an object's."""
    if random.random() < 0.06:
        return Encoded(*random.choice(_BODIES))
    answer = copy.deepcopy(answer)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        _distort(answer, random, types)
    status = random.choice((200,) * 15 + (201, 400))
    return Encoded(status, encode(answer))


def _distort(answer: dict[str, Any], random: Random, types: Sequence[str]) -> None:
    if random.random() < 0.2:
        _add_error(answer, random)
        return
    spots = list(_spots(answer.get("data")))
    if not spots:
        return
    names = [spot for spot in spots if spot[2] == "__typename"]
    parent, known, key = random.choice(names if names and random.random() < 0.35 else spots)
    if key == "__typename":
        _put(parent, key, random.choice((*types, "Nope", None, _GONE, 7, True, ["x"], {"a": "b"})))
    elif isinstance(known, list) and random.random() < 0.7:
        _put(parent, key, _other_list(known, random))
    elif isinstance(known, dict) and random.random() < 0.4:
        known[random.choice(("extra", "__typename", "id", *known))] = random.choice((*types, None, 1, {}, []))
    else:
        _put(parent, key, random.choice(_LEAVES))


def _spots(value: Any) -> Iterator[tuple[Any, Any, Any]]:
    pairs: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in pairs:
        yield value, inner, key
        yield from _spots(inner)


def _put(parent: Any, key: Any, value: Any) -> None:
    if value is not _GONE:
        parent[key] = copy.deepcopy(value)
    elif isinstance(parent, dict):
        parent.pop(key, None)
    else:
        del parent[key]


def _other_list(known: list[Any], random: Random) -> Any:
    match random.randrange(6):
        case 0:
            return known[:-1]
        case 1:
            return [*known, copy.deepcopy(random.choice(known)) if known else None]
        case 2:
            return [*known, None]
        case 3:
            return [known]
        case 4:
            return known[::-1]
    return [*known, {}]


def _add_error(answer: dict[str, Any], random: Random) -> None:
    error = copy.deepcopy(random.choice((*_ERRORS, {"message": "x"}, {"message": "x"}, {"message": "x"})))
    if isinstance(error, dict):
        path = random.choice((*_PATHS, *_own_paths(answer.get("data"), random)))
        if path is not _GONE:
            error["path"] = path
    answer["errors"] = [*answer.get("errors", ()), error]
    if random.random() < 0.2:
        answer["data"] = None


def _own_paths(data: Any, random: Random) -> Iterator[list[str | int]]:
    """Ways into the answer itself, many of them, so that most errors are about something."""
    for _ in range(10):
        path: list[str | int] = []
        value = data
        while isinstance(value, dict | list) and value and (not path or random.random() < 0.8):
            step: Any = (
                random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
            )
            path.append(step)
            value = value[step]
        yield path
