"""The cache bounded by weight."""

from __future__ import annotations

from subgraphs.kit.execution.lru import WeighedCache


def test_the_entry_unused_longest_goes_first() -> None:
    cache: WeighedCache[str, int] = WeighedCache(10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 4)
    assert cache.get("a") == 1
    cache.put("c", 3, 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), cache.weight) == (1, None, 3, 8)


def test_an_entry_too_heavy_for_the_cache_is_not_kept_and_costs_no_other() -> None:
    cache: WeighedCache[str, int] = WeighedCache(10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 11)
    assert (len(cache), cache.weight) == (1, 4)


def test_an_entry_put_again_weighs_what_it_weighs_now() -> None:
    cache: WeighedCache[str, int] = WeighedCache(10)
    cache.put("a", 1, 4)
    cache.put("a", 2, 7)
    assert (cache.get("a"), cache.weight) == (2, 7)
    cache.drop("a")
    assert (len(cache), cache.weight) == (0, 0)
