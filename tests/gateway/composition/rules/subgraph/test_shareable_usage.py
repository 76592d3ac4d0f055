"""Where and how often `@shareable` may stand."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.shareable_usage import shareable_usage
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("on a type and its field", "type T @shareable { a: Int @shareable }", []),
    (
        "on a definition and an extension",
        "type T @shareable { a: Int } extend type T @shareable { b: Int }",
        [],
    ),
    ("twice on a field", "type T { a: Int @shareable @shareable }", ["INVALID_SHAREABLE_USAGE"]),
    ("twice on a definition", "type T @shareable @shareable { a: Int }", ["INVALID_SHAREABLE_USAGE"]),
    (
        "twice on an extension",
        "type T { a: Int } extend type T @shareable @shareable { b: Int }",
        ["INVALID_SHAREABLE_USAGE"],
    ),
    ("on a field of an interface", "interface I { a: Int @shareable }", ["INVALID_SHAREABLE_USAGE"]),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(shareable_usage, sdl)] == codes
