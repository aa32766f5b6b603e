"""Measure the determinants of a tariff on a load curve: exact, by columns; what columns can't, the plain way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.scopes import slots_of
from lamplighter.intervals.slots import DAY
from lamplighter.kernel.energy import Flow
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.load import EXACT, Interval, Load, load_of
from lamplighter.rating.measure import measure
from lamplighter.rating.refusals import CannotMeasure


@dataclass(slots=True)
class CurveMeter:
    """Measures each ask once. Raises CannotMeasure by name, also where a reading is missing."""

    curve: LoadCurve
    known: dict[Ask, Decimal] = field(default_factory=dict)
    plain: Load | None = None

    def __call__(self, ask: Ask) -> Decimal:
        if ask not in self.known:
            self.known[ask] = self._measured(ask)
        return self.known[ask]

    def all(self, asks: Iterable[Ask]) -> dict[Ask, Decimal]:
        return {ask: self(ask) for ask in asks}

    def _measured(self, ask: Ask) -> Decimal:
        curve, asked = self.curve, ask.determinant
        slots = curve.calendar.slots_within(ask.period)
        lacking = int(np.count_nonzero(~curve.present[slots]))
        if lacking or slots.stop - slots.start == 0:
            raise CannotMeasure("load.missing", f"{lacking} readings of {ask.period} are missing.")
        counts = _counts(curve, asked)
        if counts is None or not _columnar(asked, curve.calendar.seconds):
            return self._plainly(ask)
        if asked.what is What.POWER_FACTOR:
            return self._power_factor(ask, counts)
        mask = slots_of(curve.calendar, ask)
        if asked.window is None:
            return int(counts[mask].sum()) * curve.unit
        return _peak(counts[slots], mask[slots], asked, curve)

    def _power_factor(self, ask: Ask, active: Int64) -> Decimal:
        """kWh / sqrt(kWh² + kVArh²), reckoned in kW times minutes to the last digit, as rating.measure does."""
        reactive = self.curve.reactive
        assert reactive is not None
        mask = slots_of(self.curve.calendar, ask)
        kwh, kvarh = (int(each[mask].sum()) * self.curve.unit * 60 for each in (active, reactive))
        apparent = EXACT.sqrt(EXACT.add(EXACT.multiply(kwh, kwh), EXACT.multiply(kvarh, kvarh)))
        return EXACT.divide(kwh, apparent) if apparent else Decimal(1)

    def _plainly(self, ask: Ask) -> Decimal:
        if self.plain is None:
            self.plain = load_of_curve(self.curve)
        return measure(self.plain, ask).value


def load_of_curve(curve: LoadCurve) -> Load:
    """The curve as the plain sequence of intervals that `rating.measure` reads."""
    channels = {(What.KWH, Flow.DELIVERED): _intervals(curve, curve.delivered)}
    if curve.sends:
        channels[What.KWH, Flow.RECEIVED] = _intervals(curve, curve.received)
    if curve.reactive is not None:
        channels[What.KVARH, Flow.DELIVERED] = _intervals(curve, curve.reactive)
    return load_of(curve.calendar.zone, channels)


def _intervals(curve: LoadCurve, counts: Int64) -> Iterator[Interval]:
    edges = curve.calendar.edges
    for at, seconds, count, known, guess in zip(
        edges[:-1].tolist(), np.diff(edges).tolist(), counts.tolist(), curve.present.tolist(),
        curve.estimated.tolist(), strict=True,
    ):  # fmt: skip
        if known:
            yield Interval(datetime.fromtimestamp(at, UTC), seconds, count * curve.unit, guess)


def _counts(curve: LoadCurve, asked: Determinant) -> Int64 | None:
    """The counts by slot that a determinant is reckoned on; None where that takes more than one column."""
    match asked.what, asked.flow:
        case (What.KWH | What.KW | What.POWER_FACTOR, Flow.DELIVERED):
            return curve.delivered if asked.what is not What.POWER_FACTOR or curve.reactive is not None else None
        case (What.KWH | What.KW, Flow.RECEIVED):
            return curve.received
        case (What.KWH | What.KW, Flow.NET):
            return curve.delivered - curve.received
        case (What.KVARH | What.KVAR, Flow.DELIVERED):
            return curve.reactive
        case _:
            return None


def _columnar(asked: Determinant, seconds: int) -> bool:
    if asked.band is not None or asked.netting or asked.daily or (asked.clock is not None and seconds == DAY):
        return False
    if asked.window is None:
        return True
    minutes = asked.window.minutes
    return not asked.window.sliding and seconds != DAY and (not minutes or 60 % minutes == minutes * 60 % seconds == 0)


def _peak(counts: Int64, mask: Bool, asked: Determinant, curve: LoadCurve) -> Decimal:
    """The highest mean power over windows whose every slot is asked for."""
    assert asked.window is not None
    minutes = asked.window.minutes or curve.calendar.seconds // 60
    width = minutes * 60 // curve.calendar.seconds
    whole = mask.reshape(-1, width).all(axis=1)
    highest = int(counts.reshape(-1, width).sum(axis=1)[whole].max(initial=0))
    return highest * curve.unit * 60 / minutes
