"""What `@listSize` may size, and by what."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.list_size_usage import list_size_usage
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("a list", "type T { a: [Int!]! @listSize(assumedSize: 0) } type P { e: [Int] f: Int }", []),
    (
        "no list",
        "type T { a: Int @listSize(assumedSize: 1) } type P { e: [Int] f: Int }",
        ["LIST_SIZE_APPLIED_TO_NON_LIST"],
    ),
    (
        "a size below zero",
        "type T { a: [Int] @listSize(assumedSize: -1) } type P { e: [Int] f: Int }",
        ["LIST_SIZE_INVALID_ASSUMED_SIZE"],
    ),
    (
        "an argument",
        'type T { a(n: Int, m: Int!): [Int] @listSize(slicingArguments: ["n", "m"]) } type P { e: [Int] f: Int }',
        [],
    ),
    (
        "an argument that is no integer",
        'type T { a(n: String): [Int] @listSize(slicingArguments: ["n"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_INVALID_SLICING_ARGUMENT"],
    ),
    (
        "an argument that is a list",
        'type T { a(n: [Int]): [Int] @listSize(slicingArguments: ["n"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_INVALID_SLICING_ARGUMENT"],
    ),
    (
        "arguments that are not there",
        'type T { a: [Int] @listSize(slicingArguments: ["n", "m"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_INVALID_SLICING_ARGUMENT", "LIST_SIZE_INVALID_SLICING_ARGUMENT"],
    ),
    ("a field of the answer", 'type T { a: P @listSize(sizedFields: ["e"]) } type P { e: [Int] f: Int }', []),
    (
        "a field that is no list",
        'type T { a: P @listSize(sizedFields: ["f"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_APPLIED_TO_NON_LIST"],
    ),
    (
        "a field that is not there",
        'type T { a: P @listSize(sizedFields: ["g"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_INVALID_SIZED_FIELD"],
    ),
    (
        "a field of a leaf",
        'type T { a: Int @listSize(sizedFields: ["g"]) } type P { e: [Int] f: Int }',
        ["LIST_SIZE_INVALID_SIZED_FIELD"],
    ),
    (
        "no fields after all",
        "type T { a: Int @listSize(sizedFields: []) } type P { e: [Int] f: Int }",
        ["LIST_SIZE_APPLIED_TO_NON_LIST"],
    ),
    (
        "all at once",
        'type T { a(n: String): P @listSize(assumedSize: -1, slicingArguments: ["n"], sizedFields: ["f"]) } type P { e: [Int] f: Int }',
        [
            "LIST_SIZE_INVALID_ASSUMED_SIZE",
            "LIST_SIZE_INVALID_SLICING_ARGUMENT",
            "LIST_SIZE_APPLIED_TO_NON_LIST",
        ],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(list_size_usage, sdl)] == codes
