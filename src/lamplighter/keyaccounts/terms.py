"""The terms of a special contract as data: checked, in words, and what changed between two versions. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lamplighter.billing.rules import shifted_months
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.rules import CannotKeep

MOST_MONTHS = 360
MOST_PERCENT = Decimal(50)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What both sides promise for `months` from `start`, beside the schedule that the service is on.

    `energy_percent` and `demand_percent` are taken off those charges; `facilities` is paid each month for equipment
    built for the customer; `minimum` is the least that a month's charges come to before taxes, `least_kwh` the least
    energy of each bill; `renewable_percent` of the energy is renewable, at `renewable_dollars` more for each such kWh.
    Notice of what comes after the term is given `notice_days` before its end.
    """

    start: date
    months: int
    notice_days: int
    energy_percent: Decimal = NONE
    demand_percent: Decimal = NONE
    facilities: Money = Money(0)
    minimum: Money = Money(0)
    least_kwh: Decimal = NONE
    renewable_percent: Decimal = NONE
    renewable_dollars: Decimal = NONE

    def __post_init__(self) -> None:
        for wrong, words in self._faults():
            if wrong:
                raise CannotKeep(words)

    def _faults(self) -> Iterator[tuple[bool, str]]:
        yield not 1 <= self.months <= MOST_MONTHS, f"A contract runs for 1 to {MOST_MONTHS} months."
        yield not 0 <= self.notice_days < self.period.days, "Notice is given within the term."
        for percent in (self.energy_percent, self.demand_percent):
            yield not 0 <= percent <= MOST_PERCENT, f"A discount is from 0 to {MOST_PERCENT} percent."
        yield not 0 <= self.renewable_percent <= 100, "A renewable share is from 0 to 100 percent."
        yield not 0 <= self.renewable_dollars < 10, "A renewable kWh costs from $0 to $10 more."
        yield bool(self.renewable_dollars) and not self.renewable_percent, "Say the renewable share that is paid for."
        amounts = (self.facilities.cents, self.minimum.cents, self.least_kwh)
        yield any(amount < 0 for amount in amounts), "Amounts are not below nothing."

    @property
    def period(self) -> Period:
        first = shifted_months(self.start, self.months)
        last = shifted_months(self.start, self.months + 1) - timedelta(days=1)
        return Period(self.start, min(first + timedelta(days=self.start.day - 1), last))

    @property
    def notice_on(self) -> date:
        """The last day on which notice is in time."""
        return self.period.closed_end - timedelta(days=self.notice_days)

    @property
    def priced(self) -> bool:
        """Whether anything in it changes a bill."""
        return bool(self.energy_percent or self.demand_percent or self.facilities or self.minimum
                    or (self.renewable_percent and self.renewable_dollars))  # fmt: skip

    def stored(self) -> dict[str, str | int]:
        """As a draft keeps it; `terms_of` reads it back."""
        return {name: value if isinstance(value, int) else str(value.cents) if isinstance(value, Money) else str(value)
                for name, value in ((one.name, getattr(self, one.name)) for one in fields(self))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Redline:
    """One term before and after; "" where it was not there, or is not any more."""

    label: str
    before: str
    after: str


def terms_of(stored: Mapping[str, Any]) -> Terms:
    """Terms as `stored` gave them."""
    return Terms(
        start=date.fromisoformat(stored["start"]),
        months=int(stored["months"]),
        notice_days=int(stored["notice_days"]),
        facilities=Money(int(stored["facilities"])),
        minimum=Money(int(stored["minimum"])),
        energy_percent=Decimal(stored["energy_percent"]),
        demand_percent=Decimal(stored["demand_percent"]),
        least_kwh=Decimal(stored["least_kwh"]),
        renewable_percent=Decimal(stored["renewable_percent"]),
        renewable_dollars=Decimal(stored["renewable_dollars"]),
    )


def in_words(terms: Terms) -> dict[str, str]:
    """Every term that says something, by its label, as it stands on the term sheet."""
    share = f"{_plain(terms.renewable_percent)} % of the energy"
    if terms.renewable_dollars:
        share += f", at ${_plain(terms.renewable_dollars)} more for each such kWh"
    said = {
        "Term": f"{terms.months} months, {_day(terms.period.start)} to {_day(terms.period.last_day)}",
        "Notice of what comes after": f"by {_day(terms.notice_on)} ({terms.notice_days} days before the end)",
        "Energy charges": f"{_plain(terms.energy_percent)} % less" if terms.energy_percent else "",
        "Demand charges": f"{_plain(terms.demand_percent)} % less" if terms.demand_percent else "",
        "Facilities charge": f"{terms.facilities} a month" if terms.facilities else "",
        "Minimum bill": f"{terms.minimum} a month before taxes" if terms.minimum else "",
        "Minimum take": f"{_plain(terms.least_kwh)} kWh in each bill" if terms.least_kwh else "",
        "Renewable share": share if terms.renewable_percent else "",
    }
    return {label: words for label, words in said.items() if words}


def redlines(before: Mapping[str, str], after: Mapping[str, str]) -> list[Redline]:
    """What differs between two term sheets (`in_words`), line by line, in their order."""
    labels = [*before, *(label for label in after if label not in before)]
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [Redline(label, old, new) for label, old, new in pairs if old != new]


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"
