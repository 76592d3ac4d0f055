"""Which variables decide what an operation selects."""

from __future__ import annotations

from graphql import OperationDefinitionNode, parse

from gateway.compiling import condition_variables


def test_they_are_those_of_the_operation_and_of_what_it_spreads() -> None:
    document = parse("""
        query One { a @skip(if: $own) { b { ...Spread ... on T @include(if: $inline) { c } } } d @include(if: true) }
        query Two { a @skip(if: $others) ...Unused }
        fragment Spread on T { e @skip(if: $spread) ...Spread ...Further @include(if: $own) }
        fragment Further on T { f @skip(if: $further) }
        fragment Unused on T { g @skip(if: $unused) }
    """)
    one, two = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    assert set(condition_variables(document, one)) == {"own", "inline", "spread", "further"}
    assert set(condition_variables(document, two)) == {"others", "unused"}


def test_a_long_chain_of_fragments_is_followed() -> None:
    chain = "".join(f"fragment F{n} on T {{ a @skip(if: $v{n}) ...F{n + 1} }}\n" for n in range(3000))
    document = parse("query { ...F0 }\n" + chain + "fragment F3000 on T { a }")
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert len(condition_variables(document, operation)) == 3000
