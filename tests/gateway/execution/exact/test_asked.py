"""What a fetch asks for is read off its text, and is what parsing it says."""

from __future__ import annotations

import pytest

from gateway.execution.exact.asked import Asked, asked_by

_TEXTS = [
    "{a b:c{d ...on X@include(if:$a){e:f(a:\"}{(\",b:{c:1}){g}} ...{h} ... @skip(if:true){i}}}",
    'query N__a__1($representations:[_Any!]!,$x:In={a:"{"}){_entities(representations:$representations){...on P{a:on b}}}',
    'mutation M@d(a:"#)"){on{on:on{x}} x{y} x{z}}',
    'subscription{a(b:"""x"" \\""" )} { """,c:"\\"{"){c}}',
    "{onx ...on Onx{on y{z}}}",
    "{a(x:1.5e5,y:[A,{b:C}]){b}}",
    "{ a, b : c { d }\n ... on X { e } }",
]  # fmt: skip


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize("entities", [False, True])
def test_reading_it_off_says_what_parsing_says(text: str, entities: bool) -> None:
    parsed = asked_by(text + "\n# with a comment it is parsed", entities=entities)

    assert asked_by(text, entities=entities) == parsed


def test_fragments_with_names_are_looked_up() -> None:
    asked = asked_by("{a{b ...F}} fragment F on Q{c}", entities=False)

    assert asked == Asked(frozenset({"a"}), (("a", Asked(frozenset({"b", "c"}), ())),))
