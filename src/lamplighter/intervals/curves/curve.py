"""A load curve: what one service took and sent back in every slot of a run of days, in whole counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.periods import Period

Floats = npt.NDArray[np.float64]
FINE = Decimal("0.000001")
"""kWh that a change of a load is rounded to."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadCurve:
    """S slots of a calendar. `delivered`, `received` (S) counts, nought where not `present`; one count is `unit` kWh.

    `reactive` (S) counts of `unit` kVArh, where the meter counts them. `estimated` (S): the slot rests on an estimate.
    """

    calendar: SlotCalendar
    unit: Decimal
    delivered: Int64
    received: Int64
    present: Bool
    estimated: Bool
    reactive: Int64 | None = None

    def __post_init__(self) -> None:
        for array in (self.delivered, self.received, self.present, self.estimated):
            assert array.shape == (self.calendar.slots,)
        assert self.unit > 0
        assert not (self.delivered < 0).any(), "what is delivered is not negative"
        assert not (self.received < 0).any(), "what is sent back is not negative"

    @property
    def hours(self) -> float:
        """Of one slot."""
        return self.calendar.seconds / 3600

    @property
    def sends(self) -> bool:
        return bool(self.received.any())

    @property
    def missing(self) -> int:
        return int(np.count_nonzero(~self.present))

    @property
    def estimated_share(self) -> float:
        return float(self.estimated.mean()) if len(self.estimated) else 0.0

    def kw(self) -> Floats:
        """Mean kW taken from the grid in each slot; NaN where nothing was read. For drawing and statistics."""
        return self._power(self.delivered)

    def kw_sent(self) -> Floats:
        return self._power(self.received)

    def kw_net(self) -> Floats:
        """Taken less sent back."""
        return self._power(self.delivered - self.received)

    def kvar(self) -> Floats | None:
        return None if self.reactive is None else self._power(self.reactive)

    def within(self, period: Period) -> LoadCurve:
        """The curve of some of its days."""
        shared = self.calendar.period & period
        assert shared is not None, f"{period} is outside {self.calendar.period}"
        slots = self.calendar.slots_within(shared)
        return replace(
            self,
            calendar=slot_calendar(shared, seconds=self.calendar.seconds, zone=self.calendar.zone),
            delivered=self.delivered[slots], received=self.received[slots], present=self.present[slots],
            estimated=self.estimated[slots], reactive=None if self.reactive is None else self.reactive[slots],
        )  # fmt: skip

    def within_days(self, first: date, end: date) -> LoadCurve:
        """From a day up to another, as far as the curve has them."""
        return self.within(Period(first, end))

    def finer(self) -> LoadCurve:
        """The same readings in counts of `FINE` at most: a change of a meter of whole kWh is not rounded to those."""
        factor, unit = 1, self.unit
        while unit > FINE:
            factor, unit = factor * 10, unit / 10
        if factor == 1:
            return self
        return replace(
            self, unit=unit, delivered=self.delivered * factor, received=self.received * factor,
            reactive=None if self.reactive is None else self.reactive * factor,
        )  # fmt: skip

    def with_kw(self, net: Floats) -> LoadCurve:
        """The same service with another power in each slot (kW; negative is sent back), to the nearest count. What
        is reactive stays as it was."""
        counts = np.rint(net * self.hours / float(self.unit)).astype(np.int64)
        return replace(
            self, delivered=np.maximum(counts, 0), received=np.maximum(-counts, 0),
            estimated=np.zeros_like(self.estimated),
        )  # fmt: skip

    def with_delivered(self, counts: Int64) -> LoadCurve:
        """The same with other counts taken from the grid."""
        return replace(self, delivered=counts)

    def _power(self, counts: Int64) -> Floats:
        found: Floats = np.where(self.present, counts * (float(self.unit) / self.hours), np.nan)
        return found
