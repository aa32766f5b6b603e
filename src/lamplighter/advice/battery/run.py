"""What a battery does over a load, and the pieces that every way of finding it shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.battery.prices import Peak
from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.curves.curve import Floats

WEAR = 1e-6
"""Dollars a kWh that break ties: a battery that gains nothing stands still."""

Matrix: TypeAlias = Any
"""A sparse matrix of SciPy, whose types are not told."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """`kw` (S) is added to the load: charging positive, giving negative. `charged` in kWh at the meter."""

    kw: Floats
    charged: float


@dataclass(slots=True)
class Rows:
    """Rows of a sparse system, put in a run at a time: `at` is the number of the next one."""

    at: int = 0
    rows: list[Int64] = field(default_factory=list)
    columns: list[Int64] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    limits: list[Floats] = field(default_factory=list)

    def put(self, limit: Floats | float, count: int, *terms: tuple[Int64, Floats | float]) -> None:
        """`count` rows; each term is columns (count, or n by count) with their values. `limit` bounds each row."""
        here = self.at + np.arange(count)
        for columns, value in terms:
            shape = np.broadcast_shapes(columns.shape, here.shape)
            self.rows.append(np.broadcast_to(here, shape).ravel())
            self.columns.append(np.broadcast_to(columns, shape).ravel())
            self.values.append(np.broadcast_to(np.asarray(value, dtype=np.float64), shape).ravel())
        self.limits.append(np.broadcast_to(np.asarray(limit, dtype=np.float64), (count,)))
        self.at += count

    def system(self, size: int) -> tuple[Matrix, Floats]:
        where = np.concatenate(self.rows), np.concatenate(self.columns)
        found = sparse.csr_array((np.concatenate(self.values), where), shape=(self.at, size))
        found.eliminate_zeros()
        return found, np.concatenate(self.limits)


def solved(costs: Floats, above: Rows, equal: Rows, bounds: npt.NDArray[np.float64]) -> Floats:
    """The cheapest values within bounds. Raises CannotAdvise."""
    upper, most = above.system(len(costs)) if above.at else (None, None)
    same, level = equal.system(len(costs))
    found = linprog(costs, A_ub=upper, b_ub=most, A_eq=same, b_eq=level, bounds=bounds, method="highs")
    if found.status != 0:
        raise CannotAdvise("advice.battery", f"The solver found no run of the battery: {found.message}")
    values: Floats = np.maximum(found.x, 0)
    return values


def windows_of(peak: Peak) -> Int64:
    """The slots of every window that lies whole inside the mask: (W, width)."""
    slots = np.arange(len(peak.mask) // peak.width * peak.width, dtype=np.int64)
    folded = slots.reshape(-1, peak.width)
    found: Int64 = folded[peak.mask[folded].all(axis=1)]
    return found


def billed_rows(
    above: Rows, peaks: Sequence[Peak], measured: Sequence[tuple[Int64, Floats | float]], billed: Int64
) -> None:
    """Every peak, and its share of earlier ones, stays below what is billed. `measured` are each peak's columns and
    their weights, which add up to its kW."""
    for number, peak in enumerate(peaks):
        for other, share in ((number, 1.0), *peak.after):
            columns, weights = measured[other]
            above.put(
                0.0, 1, (columns[:, None], share * np.reshape(weights, (-1, 1))), (billed[number : number + 1], -1.0)
            )
