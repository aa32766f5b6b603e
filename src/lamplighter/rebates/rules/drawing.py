"""Which applications are inspected: drawn by a seed, so that anybody can draw them again.

Each number's lot is the SHA-256 of the seed and the number, as a share from 0 to 1; below the share that is sampled it
is drawn. It does not depend on who else applies, or when: each has the same chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from lamplighter.kernel.money import Money

BYTES = 8


@dataclass(frozen=True, slots=True)
class Draw:
    """`drawn`, and why, so that it can be repeated. `certain`: for its size, whatever its lot; such a case says nothing
    of those that were not looked at."""

    drawn: bool
    why: str
    certain: bool = False


def lot(number: str, *, seed: str) -> Decimal:
    """The lot of an application, from 0 up to 1, to six places (rounded down)."""
    assert seed, "a sample that can be repeated has a seed"
    head = int.from_bytes(sha256(f"{seed}:{number}".encode()).digest()[:BYTES])
    return Decimal(head * 1_000_000 >> BYTES * 8).scaleb(-6)


def draw(number: str, *, seed: str, percent: int, amount: Money, always_from: Money | None) -> Draw:
    """Large rebates are always inspected, of the others `percent` in a hundred."""
    if always_from is not None and amount >= always_from:
        return Draw(drawn=True, why=f"{amount} is {always_from} or more: always inspected.", certain=True)
    mine = lot(number, seed=seed)
    share = Decimal(percent) / 100
    sign, word = ("below", "drawn") if mine < share else ("not below", "not drawn")
    return Draw(mine < share, f"Lot {mine} by seed “{seed}” is {sign} {share.normalize():f}: {word}.")
