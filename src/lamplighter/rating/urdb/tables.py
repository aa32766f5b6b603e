"""Rate tables of a URDB record: periods of tiers, and the 12 x 24 schedules that say when each period runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.rating.charges import Basis, Flat, Price, Tier, TierOrder, Tiers
from lamplighter.rating.figures import PERIOD, Given, Lookup
from lamplighter.rating.hours import Clock, TouPeriod, Window
from lamplighter.rating.quantities import Demand
from lamplighter.rating.urdb.records import Record, number

WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
DEAREST = Decimal("1E+12")  # dollars for one unit
ENDLESS = Decimal("1E+30")  # SAM writes 1E+38 for a tier without end
Schedule: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class UrdbTier:
    """`rate` is rate plus adj; `limit` None: without end; `unit` in small letters."""

    rate: Decimal
    limit: Decimal | None
    unit: str
    sell: Decimal


UrdbPeriods: TypeAlias = tuple[tuple[UrdbTier, ...], ...]


class Refusals:
    """Findings about one record, by its own field names."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def refuse(self, field: str, code: str, message: str, remedy: str = "") -> None:
        self.findings.append(Finding(f"urdb.{code}", message, place=Place(self.file, field=field), remedy=remedy))

    def warn(self, field: str, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.findings.append(Finding(f"urdb.{code}", message, severity, Place(self.file, field=field)))

    def failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def structure(record: Record, field: str, notes: Refusals) -> UrdbPeriods:
    """The periods and tiers of a table; empty when the record has none."""
    value = record.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(period, list) for period in value):
        notes.refuse(field, "shape", f"{field} is not a list of periods, each a list of tiers.")
        return ()
    return tuple(tuple(_tiers(period, f"{field}[{p}]", notes)) for p, period in enumerate(value))


def schedule(record: Record, name: str, periods: UrdbPeriods, notes: Refusals) -> tuple[Schedule, Schedule] | None:
    """Weekday and weekend schedules of a table (`name` is energy or demand); None where one period is always in force.

    A schedule that names a period without a structure is a dead reference, and refused.
    """
    fields = (f"{name}weekdayschedule", f"{name}weekendschedule")
    found = [_schedule(record, field, notes) for field in fields]
    if all(one is None for one in found):
        if len(periods) > 1:
            notes.refuse(fields[0], "schedule", f"There are {len(periods)} {name} periods, but no schedule for them.")
        return None
    weekday, weekend = (one or other for one, other in ((found[0], found[1]), (found[1], found[0])))
    assert weekday is not None
    assert weekend is not None
    for field, one in zip(fields, found, strict=True):
        if one is None:
            notes.warn(field, "schedule", f"{field} is missing: the other schedule stands for it.")
        for dead in sorted({period for row in one or () for period in row} - set(range(len(periods)))):
            message = f"The schedule names period {dead}, which {name} has no structure for."
            notes.refuse(field, "dead_reference", message, "Correct the schedule or add the period.")
    return weekday, weekend


def clock(name: str, weekday: Schedule, weekend: Schedule, labels: Sequence[str]) -> Clock | None:
    """The clock of two schedules; None where they name one period only."""
    used = sorted({period for table in (weekday, weekend) for row in table for period in row})
    if len(used) < 2:
        return None
    periods = tuple(
        TouPeriod(
            str(period),
            labels[period] if period < len(labels) else f"period {period}",
            (*_windows(weekday, period, WEEKDAYS), *_windows(weekend, period, WEEKEND)),
        )
        for period in used
    )
    return Clock(name, periods)


def shape(
    periods: UrdbPeriods,
    used: Sequence[int],
    dollars: Callable[[UrdbTier], Decimal],
    *,
    basis: Basis,
    order: TierOrder,
    demand: Demand | None = None,
    key: str = PERIOD,
    words: Sequence[str] = (),
) -> Flat | Tiers:
    """The price of several periods, keyed by TOU period or season; where one has fewer tiers, its last is repeated.

    A tier that is repeated has the price of the one before it, so no unit changes its price.
    """
    names = list(words) or [str(period) for period in used]
    padded = _padded([periods[period] for period in used])

    def figure(values: Sequence[Decimal]) -> Given | Lookup:
        if len(set(values)) == 1 and len(values) == 1:
            return Given(values[0])
        return Lookup((key,), tuple(((name,), value) for name, value in zip(names, values, strict=True)))

    count = len(padded[0])
    prices = [Price(figure([dollars(tiers[i]) for tiers in padded])) for i in range(count)]
    if count == 1:
        return Flat(prices[0])
    limits = [figure([_limit(tiers[i]) for tiers in padded]) for i in range(count - 1)]
    steps = [Tier(one, limit, f"tier {i + 1}") for i, (one, limit) in enumerate(zip(prices, limits, strict=False))]
    return Tiers((*steps, Tier(prices[-1], None, f"tier {count}")), basis, order, demand)


def _limit(tier: UrdbTier) -> Decimal:
    assert tier.limit is not None, "a tier before the last has an end"
    return tier.limit


def _padded(periods: Sequence[Sequence[UrdbTier]]) -> list[list[UrdbTier]]:
    longest = max(periods, key=len)
    padded = []
    for tiers in periods:
        row = list(tiers)
        while len(row) < len(longest):
            last = row.pop()
            floor = row[-1].limit if row else Decimal(0)
            assert floor is not None
            template = longest[len(row)].limit or Decimal(0)
            limit = template if template > floor else floor + 1
            row += [UrdbTier(last.rate, limit, last.unit, last.sell), last]
        padded.append(row)
    return padded


def _tiers(period: Sequence[object], place: str, notes: Refusals) -> Iterator[UrdbTier]:
    """The tiers of one period. The last has no end, whatever it says."""
    if not period:
        notes.refuse(place, "shape", "A period has no tier.")
    before = Decimal(0)
    for t, entry in enumerate(period):
        where, last = f"{place}[{t}]", t == len(period) - 1
        if not isinstance(entry, dict):
            notes.refuse(where, "shape", "A tier is not an object with rate, adj, max and unit.")
            continue
        limit = _number(entry, "max", where, notes)
        if limit is not None and (limit <= 0 or limit >= ENDLESS):
            limit = None
        if last and limit is not None:
            notes.warn(where, "no_end", f"The last tier ends at {limit}: what is beyond it is priced like it.")
        if not last and limit is None:
            notes.refuse(where, "unreachable", "A tier without end stands before another, which is never reached.")
        if not last and limit is not None and limit <= before:
            notes.refuse(where, "unreachable", f"The tier ends at {limit}, where the one before it ended.")
        before = limit or before
        unit = entry.get("unit", "")
        yield UrdbTier(
            _rate(entry, where, notes),
            None if last else limit,
            str(unit).strip().lower(),
            _number(entry, "sell", where, notes) or Decimal(0),
        )


def _rate(entry: dict[str, object], where: str, notes: Refusals) -> Decimal:
    rate, adjustment = _number(entry, "rate", where, notes), _number(entry, "adj", where, notes)
    if max(abs(rate or Decimal(0)), abs(adjustment or Decimal(0))) >= DEAREST:
        notes.refuse(where, "number", f"A price of {rate or adjustment} is not one.")
        return Decimal(0)
    if rate is None and adjustment is None:
        notes.warn(where, "no_price", "The tier has neither rate nor adj: it is priced at nothing.")
    return (rate or Decimal(0)) + (adjustment or Decimal(0))


def _number(entry: dict[str, object], name: str, where: str, notes: Refusals) -> Decimal | None:
    if name not in entry:
        return None
    found = number(entry[name])
    if found is None:
        notes.refuse(f"{where}.{name}", "number", f"{entry[name]!s} is not a number.")
    return found


def _schedule(record: Record, field: str, notes: Refusals) -> Schedule | None:
    value = record.get(field)
    if value is None:
        return None
    rows = (
        [[number(item) for item in row] if isinstance(row, list) else [] for row in value]
        if isinstance(value, list)
        else []
    )
    whole = all(item is not None and item >= 0 and item == int(item) for row in rows for item in row)
    if len(rows) != 12 or any(len(row) != 24 for row in rows) or not whole:
        notes.refuse(field, "shape", f"{field} is not 12 rows of 24 period numbers.")
        return None
    return tuple(tuple(int(item) for item in row if item is not None) for row in rows)


def _windows(table: Schedule, period: int, days: frozenset[int]) -> Iterator[Window]:
    """Runs of hours in which a period is in force, for all months that have the same ones."""
    by_runs: dict[tuple[tuple[int, int], ...], set[int]] = {}
    for month, row in enumerate(table, start=1):
        by_runs.setdefault(tuple(_runs(row, period)), set()).add(month)
    for runs, months in by_runs.items():
        for start, end in runs:
            yield Window(start * 60, end * 60, days, months=frozenset(months))


def _runs(row: Sequence[int], period: int) -> Iterator[tuple[int, int]]:
    start = None
    for hour, found in enumerate((*row, -1)):
        if found == period and start is None:
            start = hour
        elif found != period and start is not None:
            yield start, hour
            start = None
