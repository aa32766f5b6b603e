"""Share quantities out among tiers, for many bills; every unit lands in exactly one (docs/algorithms/tiers.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from lamplighter.rating.columnar.column import (
    NIL,
    Number,
    below,
    chosen,
    least,
    minus,
    most,
    plus,
    reciprocal,
    times,
    total,
)  # fmt: skip
from lamplighter.rating.columnar.masks import Mask, both, opposite

Limits: TypeAlias = Sequence[Number | None]  # running totals; the last tier is open
Names: TypeAlias = tuple[str, ...]


def fill(quantity: Number, limits: Limits) -> list[Number]:
    """Fill tiers from the first on. What is below nothing stays in the first tier."""
    shares: list[Number] = []
    used = most(quantity, NIL)
    floor: Number = NIL
    for limit in limits:
        top = used if limit is None else least(used, most(limit, floor))
        shares.append(minus(top, floor))
        floor = top
    shares[0] = plus(shares[0], least(quantity, NIL))
    return shares


def fill_together(quantities: Mapping[Names, Number], limits: Mapping[Names, Limits]) -> dict[Names, list[Number]]:
    """Each TOU period's part of every tier, where the tiers are filled by all periods together."""
    whole = total(quantities.values())
    some = below(NIL, whole)
    one_over = reciprocal(whole)
    shared = {}
    for names, quantity in quantities.items():
        part = times(quantity, one_over)
        shares = [chosen(some, times(part, filled)) for filled in fill(whole, limits[names])]
        shares[0] = plus(shares[0], chosen(opposite(some), quantity))
        shared[names] = shares
    return shared


def edges(limits: Limits) -> list[tuple[Number, Number | None]]:
    """From where to where each tier runs."""
    found: list[tuple[Number, Number | None]] = []
    lower: Number = NIL
    for limit in limits:
        found.append((lower, limit))
        lower = lower if limit is None else most(lower, limit)
    return found


def falls_into(quantity: Number, limits: Limits) -> list[Mask]:
    """For each band, where the quantity falls in it: the first whose limit it does not reach."""
    found: list[Mask] = []
    beyond: Mask = True
    for limit in limits:
        inside: Mask = True if limit is None else below(quantity, limit)
        found.append(both(beyond, inside))
        beyond = both(beyond, opposite(inside))
    return found
