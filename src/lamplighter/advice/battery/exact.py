"""The cheapest run of a battery with every slot decided for itself: for days and months, and never beaten there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lamplighter.advice.battery.prices import Prices
from lamplighter.advice.battery.run import WEAR, Rows, Run, billed_rows, solved, windows_of
from lamplighter.advice.effects import Battery
from lamplighter.intervals.curves.curve import Floats


def exact_run(load: Floats, hours: float, prices: Prices, battery: Battery) -> Run:
    """Raises CannotAdvise."""
    return _Program(load, hours, prices, battery).run()


class _Program:
    """Variables: what each slot charges from the grid, from surplus, gives, and holds at its end, in kWh; then each
    peak as it is measured and as it is billed, in kW."""

    def __init__(self, load: Floats, hours: float, prices: Prices, battery: Battery) -> None:
        self.load, self.hours, self.prices, self.battery = load, hours, prices, battery
        self.most = battery.kw * hours
        slots, peaks = len(load), len(prices.peaks)
        self.charge, self.sun, self.give, self.held = np.arange(4 * slots).reshape(4, slots)
        self.measured, self.billed = 4 * slots + np.arange(2 * peaks).reshape(2, peaks)
        self.size = 4 * slots + 2 * peaks

    def run(self) -> Run:
        found = solved(self._costs(), self._above(), self._kept(), self._bounds())
        taken = found[self.charge] + found[self.sun]
        return Run((taken - found[self.give]) / self.hours, float(taken.sum()))

    def _costs(self) -> Floats:
        costs = np.zeros(self.size)
        costs[self.charge], costs[self.sun] = self.prices.taken + WEAR, self.prices.sent + WEAR
        costs[self.give] = WEAR - self.prices.taken
        costs[self.billed] = [peak.price for peak in self.prices.peaks]
        return costs

    def _bounds(self) -> npt.NDArray[np.float64]:
        top, low = np.full(self.size, np.inf), np.zeros(self.size)
        top[self.charge] = self.most
        top[self.sun] = np.minimum(np.maximum(-self.load, 0) * self.hours, self.most)
        top[self.give] = np.minimum(np.maximum(self.load, 0) * self.hours, self.most)
        top[self.held] = self.battery.kwh
        low[self.billed] = [peak.floor for peak in self.prices.peaks]
        return np.column_stack([low, top])

    def _kept(self) -> Rows:
        """What a slot holds at its end is what the one before held, and what went in and out; the last leads to the
        first."""
        gained, equal = self.battery.efficiency, Rows()
        equal.put(0.0, len(self.load), (self.held, 1.0), (np.roll(self.held, 1), -1.0), (self.give, 1.0),
                  (self.charge, -gained), (self.sun, -gained))  # fmt: skip
        return equal

    def _above(self) -> Rows:
        """Power at the inverter; every window below its peak; peaks below what is billed."""
        above = Rows()
        both = np.flatnonzero(self.load < 0)
        above.put(self.most, len(both), (self.charge[both], 1.0), (self.sun[both], 1.0))
        for number, peak in enumerate(self.prices.peaks):
            windows = windows_of(peak)
            per = 1 / (peak.width * self.hours)
            above.put(-np.maximum(self.load, 0)[windows].mean(axis=1) if len(windows) else 0.0, len(windows),
                      (self.charge[windows].T, per), (self.give[windows].T, -per),
                      (self.measured[number : number + 1], -1.0))  # fmt: skip
        billed_rows(above, self.prices.peaks, [(one[None], 1.0) for one in self.measured], self.billed)
        return above
