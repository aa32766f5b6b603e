"""What is wanted of usage and what comes back: plain values, so that bills and what-ifs ask alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import Ask

NONE, ALL = Decimal(0), Decimal(1)


class PointUse(NamedTuple):
    """A service point whose use is added (+1) or subtracted (-1) on some days.

    Of what it sends back so large a part counts as `sent` says. `only_sent`: it stands elsewhere, and nothing but this
    share of it counts here.
    """

    point: int
    sign: int
    period: Period
    sent: Decimal = ALL
    only_sent: bool = False

    def part(self, flow: Flow) -> Decimal:
        """How much of a flow counts."""
        if flow is Flow.RECEIVED:
            return self.sent
        return NONE if self.only_sent else ALL


class Wanted(NamedTuple):
    """Measure `asks` over service days for the points of one agreement. `key` comes back with the answer."""

    key: Hashable
    points: tuple[PointUse, ...]
    period: Period
    asks: tuple[Ask, ...]


class Measured(NamedTuple):
    """The answer: a value for each ask, or findings that say why not.

    `estimated_kwh` is how much of the energy rests on estimates, `band_kwh` how far these may be off in nine of ten
    cases (nothing where no back-test tells); `revision` the newest interval publication that was
    looked at; `reads` the register reads that it stands on; `method` how it was measured, in a word.
    """

    values: Mapping[Ask, Decimal] = MappingProxyType({})
    findings: tuple[Finding, ...] = ()
    estimated_kwh: Decimal = Decimal(0)
    revision: int = 0
    reads: tuple[int, ...] = ()
    method: str = ""
    band_kwh: Decimal = Decimal(0)

    @property
    def estimated(self) -> bool:
        return bool(self.estimated_kwh)
