"""Divide a quantity among tiers; every unit lands in exactly one (docs/algorithms/tiers.md)."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.rating.exact import NOTHING, Fraction


def allocate(quantity: Fraction, limits: Sequence[Fraction | None]) -> list[Fraction]:
    """Fill tiers from the first on. `limits` are running totals; the last is open (None).

    `allocate(744, [211, None])` is `[211, 533]`. A quantity below nothing stays whole in the first tier.
    """
    assert limits, "some tier"
    assert limits[-1] is None, "the last tier is open"
    if quantity <= 0:
        return [quantity] + [NOTHING] * (len(limits) - 1)
    shares, floor = [], NOTHING
    for limit in limits:
        top = quantity if limit is None else min(quantity, max(limit, floor))
        shares.append(top - floor)
        floor = top
    assert sum(shares) == quantity, "tiers cover every unit"
    return shares


def proportional(quantity: Fraction, whole: Fraction, limits: Sequence[Fraction | None]) -> list[Fraction]:
    """The part of a TOU period in each tier, where the tiers are filled by the `whole` of all periods."""
    if whole <= 0:
        return [quantity] + [NOTHING] * (len(limits) - 1)
    return [quantity * share / whole for share in allocate(whole, limits)]


def band(quantity: Fraction, limits: Sequence[Fraction | None]) -> int:
    """Which band a quantity falls in: the first whose limit it does not reach."""
    return next(i for i, limit in enumerate(limits) if limit is None or quantity < limit)
