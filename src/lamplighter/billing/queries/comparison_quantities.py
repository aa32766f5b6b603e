"""Measured quantities put on other days: energy by its daily average, peaks as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import Quantities
from lamplighter.rating.determinants import Ask, Determinant
from lamplighter.rating.exact import decimal


class Spread(Mapping[Ask, Decimal]):
    """What was measured over some days, answered for others.

    A piece of the same days, moved, is answered as it was. Other energy is the daily average of the same
    determinant (of its season where the season was measured, else of all days) times the days asked for; a demand is
    the highest that was measured. Tiers in order of time cannot be spread, and are not answered.
    """

    def __init__(self, measured: Quantities, then: Period, now: Period) -> None:
        self._measured = measured
        self._back = then.start - now.start
        self._averages: dict[Determinant, tuple[Fraction, int]] = {}
        self._highest: dict[Determinant, Decimal] = {}
        for ask, value in measured.items():
            for key in {ask.determinant, _all_days(ask.determinant)}:
                self._put(key, ask, value)

    def __getitem__(self, ask: Ask) -> Decimal:
        moved = Ask(ask.determinant, _moved(ask.period, self._back))
        if moved in self._measured and _eligible(moved) == _eligible(ask):
            return self._measured[moved]
        for key in (ask.determinant, _all_days(ask.determinant)):
            if key in self._averages:
                energy, days = self._averages[key]
                return decimal(energy * _eligible(ask) / days)
            if key in self._highest:
                return self._highest[key]
        raise KeyError(ask)

    def __iter__(self) -> Iterator[Ask]:
        return iter(self._measured)

    def __len__(self) -> int:
        return len(self._measured)

    def _put(self, key: Determinant, ask: Ask, value: Decimal) -> None:
        if key.band is not None:
            return
        if key.what.adds_up or key.daily:
            energy, days = self._averages.get(key, (Fraction(0), 0))
            if eligible := _eligible(ask):
                self._averages[key] = (energy + Fraction(value), days + eligible)
        else:
            self._highest[key] = max(value, self._highest.get(key, value))


class Mixed(Mapping[Ask, Decimal]):
    """Energy from one source, demand and power factor from another."""

    def __init__(self, *, energy: Quantities, peaks: Quantities) -> None:
        self._energy, self._peaks = energy, peaks

    def __getitem__(self, ask: Ask) -> Decimal:
        return (self._energy if ask.determinant.what.adds_up else self._peaks)[ask]

    def __iter__(self) -> Iterator[Ask]:
        return iter(self._energy)

    def __len__(self) -> int:
        return len(self._energy)


def _all_days(determinant: Determinant) -> Determinant:
    return replace(determinant, season=None)


def _eligible(ask: Ask) -> int:
    """Days of the ask that its season counts."""
    season = ask.determinant.season
    return ask.period.days if season is None else sum(day in season for day in ask.period)


def _moved(period: Period, by: timedelta) -> Period:
    return Period(period.start + by, period.closed_end + by)
