"""Which enrollments are looked into: drawn by a seed, so that anybody can draw them again.

Each enrollment's place is the SHA-256 of the seed and its key, and the lowest are taken: a simple random sample that
does not change when the list is sorted otherwise, or when others were added after its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def draw(keys: Iterable[int], *, seed: str, size: int) -> list[int]:
    """`size` of the keys, in the order in which they were drawn; all of them where there are fewer."""
    assert seed, "a sample that can be repeated has a seed"
    return sorted(set(keys), key=lambda key: (sha256(f"{seed}:{key}".encode()).digest(), key))[:size]
