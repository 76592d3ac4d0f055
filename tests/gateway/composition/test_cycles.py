"""What needs itself is found, however long the way."""

from __future__ import annotations

from gateway.composition.cycles import find_cycle


def test_what_ends_somewhere_has_no_cycle() -> None:
    assert find_cycle({"a": ["b", "c"], "b": ["c"], "d": ["nowhere"]}) is None


def test_a_cycle_is_told_from_one_round_to_the_same() -> None:
    found = find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]})
    assert found is not None
    assert (found[0], sorted(set(found))) == (found[-1], ["b", "c"])


def test_long_chains_are_followed_without_recursion() -> None:
    chain = {f"n{number}": [f"n{number + 1}"] for number in range(20_000)}
    assert find_cycle(chain) is None
    assert find_cycle({**chain, "n20000": ["n0"]}) is not None
