"""The hours in which a utility's system peaked: recorded facts of a rate book, for the days for which they are known.

Demand in such an hour is energy over one hour, so that it is measured like any energy of a time-of-use period: kWh in
one hour are kW. What is recorded for July tells nothing of August, nor of June (docs/algorithms/demand.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.kernel.periods import Period
from lamplighter.rating.hours import Clock, OnDates, TouPeriod

HOUR = 60
AT_PEAK, OTHER = "system peak hour", "all other hours"


@dataclass(frozen=True, slots=True)
class PeakHours:
    """Local instants at which the hours begin, all of those of the days `known`; `told_by` says where they are from."""

    hours: tuple[datetime, ...]
    known: Period
    told_by: str

    @property
    def clock(self) -> Clock:
        """A clock with the hours as one period of it."""
        windows = tuple(
            OnDates(minute, minute + HOUR, dates=frozenset({at.date()}))
            for at in self.hours
            for minute in [at.hour * 60 + at.minute]
        )
        never = (OnDates(0, HOUR),)  # a period without windows would take all other time
        peak = TouPeriod(AT_PEAK, "the system's peak hour", windows or never)
        return Clock(AT_PEAK, (peak, TouPeriod(OTHER, OTHER)))

    def words(self, days: Period) -> str:
        """The hours in some days, for whoever reads the bill."""
        inside = [at for at in self.hours if at.date() in days]
        if not inside:
            return f"no peak hour of the system was in these days ({self.told_by})"
        said = " and ".join(f"{at:%b %-d, %Y}, {at:%H:%M} to {at + timedelta(hours=1):%H:%M}" for at in inside)
        return f"used when the system peaked: {said} ({self.told_by})"
