"""Price the bills of a run of months on a load curve under one schedule: exactly as each bill alone would be.

Peaks of earlier months stand for ratchets and credits are carried on, as billing does it; nothing is rounded but as the
schedule rounds. A curve that is changed is priced again without laying the bills out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.measuring import CurveMeter
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill
from lamplighter.rating.determinants import Ask
from lamplighter.rating.needs import to_keep
from lamplighter.rating.price import Layout, asks, gathered, laid_out, price
from lamplighter.rating.tariff import BillKind, Kind, Tariff
from lamplighter.rating.year import refuse_unpriced_flow_of


@dataclass(frozen=True, slots=True)
class BillDays:
    """One bill to be: its service days, the first day of its month, what the account tells on its last day, and
    whether credit for what was sent back is settled with it (the true-up)."""

    period: Period
    month: date
    facts: Mapping[str, object]
    kind: BillKind = BillKind.REGULAR
    settles: bool = False


@dataclass(frozen=True, slots=True)
class PricedYear:
    """Bills in order of time."""

    bills: tuple[PricedBill, ...]

    @property
    def total(self) -> Money:
        return total(bill.total for bill in self.bills)

    def by_kind(self) -> dict[Kind, Money]:
        """The lines' amounts by what they are; they foot to the bills' totals where lines are what is rounded."""
        found: dict[Kind, Money] = {}
        for bill in self.bills:
            for line in bill.lines:
                found[line.kind] = found.get(line.kind, Money(0)) + line.amount
        return found

    def last(self, count: int) -> PricedYear:
        return PricedYear(self.bills[-count:])


@dataclass(slots=True)
class YearPricer:
    """The bills of one schedule, laid out once. `versions` are those in force on each bill's days, riders joined.

    `since` is the first day from which peaks are known; `lead` how many of the first bills only lead up to the others:
    they are priced, so that ratchets and credits stand as they would.
    """

    bills: Sequence[BillDays]
    versions: Sequence[Sequence[Tariff]]
    since: date
    layouts: dict[tuple[int, tuple[str, ...]], tuple[Layout, tuple[Ask, ...]]] = field(default_factory=dict)

    def price(self, curve: LoadCurve, *, meter: CurveMeter | None = None) -> PricedYear:
        """Raises CannotPrice or CannotMeasure by name."""
        for versions in self.versions[-1:]:
            refuse_unpriced_flow_of(versions, sends=curve.sends)
        meter = meter or CurveMeter(curve)
        past: list[PastBill] = []
        banks: Mapping[str, Decimal] = {}
        made = []
        for i, days in enumerate(self.bills):
            bill = BillInput(
                days.period, days.facts, cycle=days.month, kind=days.kind, past=tuple(past), since=self.since,
                banks=banks, settles=days.settles,
            )  # fmt: skip
            layout, asked = self._laid_out(i, bill)
            quantities = gathered(self.versions[i], bill, meter.all, layout=layout, first=asked)
            priced = price(self.versions[i], bill, quantities, layout=layout)
            made.append(priced)
            banks = priced.banks
            past.append(PastBill(bill.month, self._kept(i, bill, meter)))
        return PricedYear(tuple(made))

    def _laid_out(self, i: int, bill: BillInput) -> tuple[Layout, tuple[Ask, ...]]:
        key = i, tuple(sorted(bill.banks))
        if key not in self.layouts:
            self.layouts[key] = laid_out(self.versions[i], bill), asks(self.versions[i], bill)
        return self.layouts[key]

    def _kept(self, i: int, bill: BillInput, meter: CurveMeter) -> dict[str, Decimal]:
        kept = [pair for version in self.versions[i] for pair in to_keep(version, bill)]
        return {key: meter(Ask(own, bill.period)) for key, own in kept}
