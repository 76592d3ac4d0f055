"""The cache bounded by weight."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random

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


def test_threads_that_ask_at_once_find_it_whole_and_leave_it_so() -> None:
    cache: WeighedCache[int, int] = WeighedCache(30)

    def ask(seed: int) -> None:
        random = Random(seed)  # noqa: S311
        for _ in range(20_000):
            key = random.randrange(20)
            assert cache.get(key) in {None, key}
            cache.put(key, key, random.randrange(1, 10))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(ask, range(4))) == [None] * 4
    finally:
        sys.setswitchinterval(before)
    for key in range(20):
        cache.drop(key)
    assert (len(cache), cache.weight) == (0, 0)
