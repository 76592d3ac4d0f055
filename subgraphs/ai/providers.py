"""What thinks for us: a protocol, and a provider that needs no model and always answers the same.

The local one knows words, not meanings: its vectors count hashed words and letter triples, its summaries are
sentences of the text itself. Text is data to it, so nothing written in a post can make it do anything.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol
from zlib import crc32

from subgraphs.ai.texts import COMMON, sentences, words

__all__ = ["LocalProvider", "Provider"]

_DIMENSIONS = 128
_TRIPLE_WEIGHT = 0.4


class Provider(Protocol):
    """Embeds and summarises."""

    @property
    def name(self) -> str:
        """Names the model: vectors of different names are not compared."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """A unit vector for each text (zero for one without words)."""
        ...

    async def summarise(self, text: str, most_words: int) -> str:
        """What the text says in at most so many words; empty for an empty text."""
        ...


class LocalProvider:
    """The deterministic provider in this process."""

    name = f"local-{_DIMENSIONS}-1"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [_vector(text) for text in texts]

    async def summarise(self, text: str, most_words: int) -> str:
        return _summary(text, most_words)


def _vector(text: str) -> list[float]:
    """Each feature adds to one dimension, up or down by its hash; how often counts less and less."""
    vector = [0.0] * _DIMENSIONS
    for feature, (count, weight) in _features(text).items():
        digest = crc32(feature.encode())
        sign = 1.0 if digest & 1 else -1.0
        vector[(digest >> 1) % _DIMENSIONS] += sign * weight * (1.0 + math.log(count))
    length = math.sqrt(sum(v * v for v in vector))
    return [v / length for v in vector] if length else vector


def _features(text: str) -> dict[str, tuple[int, float]]:
    telling = [w for w in words(text) if w not in COMMON]
    counted = {f"w:{word}": (count, 1.0) for word, count in Counter(telling).items()}
    triples = Counter(t for word in telling for t in _triples(word))
    return counted | {f"t:{triple}": (count, _TRIPLE_WEIGHT) for triple, count in triples.items()}


def _triples(word: str) -> Iterator[str]:
    edged = f"<{word}>"
    return (edged[i : i + 3] for i in range(len(edged) - 2))


@lru_cache(maxsize=1024)  # of the posts that are read just now; the longest texts make 20 MB of it
def _summary(text: str, most_words: int) -> str:
    """The sentences that say most of what the text is about, in its order, as many as fit."""
    parts = sentences(text)
    if not parts:
        return ""
    about = Counter(w for w in words(text) if w not in COMMON)
    sizes = [len(part.split()) for part in parts]
    ranked = sorted(range(len(parts)), key=lambda i: (-_weight(parts[i], i, about), i))
    kept: list[int] = []
    room = most_words
    for i in ranked:
        if sizes[i] <= room:
            kept.append(i)
            room -= sizes[i]
    if not kept:
        return " ".join(parts[ranked[0]].split()[:most_words]).rstrip(",;:.!?…") + "…"
    return " ".join(parts[i] for i in sorted(kept))


def _weight(sentence: str, position: int, about: Counter[str]) -> float:
    telling = [w for w in words(sentence) if w not in COMMON]
    if not telling:
        return 0.0
    return sum(about[w] for w in telling) / math.sqrt(len(telling)) + 1.0 / (1 + position)
