"""What a past year would have come to on another rate: every bill of many customers priced again by columns.

Nothing is written. The quantities that bills kept are used where the other rate asks for the same; the rest is
measured from the stored readings. Docs: docs/algorithms/rate-lab.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from lamplighter.billing.queries.whatif_rates import Rate, Trial
from lamplighter.billing.queries.whatif_years import Billed
from lamplighter.billing.statement import bill_input
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.money import Money
from lamplighter.rating.bill import BillInput, PastBill, PricedBill
from lamplighter.rating.columnar import Priced
from lamplighter.rating.determinants import Ask, Determinant
from lamplighter.rating.price import asks_after, price
from lamplighter.rating.refusals import CannotPrice
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.queries.measured import measured
from lamplighter.usage.queries.points import points_of

Scale: TypeAlias = Callable[[Billed], Decimal]
REGISTERS, THOUSANDTH = "registers", Decimal("0.001")
DIALS = "The meter is read by its dials, which do not tell the hours and peaks that this rate asks for."
BY_DEMAND = "Tiers of this rate end at so many hours of the demand: what another use comes to can't be told of them."


@dataclass(frozen=True, slots=True)
class TriedMonth:
    """One bill of the year on the rate that was tried."""

    month: date
    amount: Money
    kwh: Decimal


@dataclass(frozen=True, slots=True)
class TriedYear:
    """The year of an agreement on a rate, bill by bill; or, all or nothing, why it cannot be told."""

    months: tuple[TriedMonth, ...] = ()
    refused: Finding | None = None

    @property
    def total(self) -> Money:
        return Money(sum(month.amount.cents for month in self.months))


def tried(
    trial: Trial, years: Mapping[int, Sequence[Billed]], wanted: Sequence[tuple[int, Rate]], *,
    scale: Scale | None = None,
) -> list[TriedYear]:  # fmt: skip
    """The years (whatif_years.billed) of agreements on rates, in the order of `wanted`; an agreement may be tried on
    several. Readings are looked up once for all, and queries do not grow with them: ask for everything together.
    `scale` multiplies all that a bill is measured for: the year as it would be with that use."""
    kept = {agreement: [_Kept.of(one) for one in year] for agreement, year in years.items()}
    works = [_Work(trial, kept[agreement], rate, scale) for agreement, rate in wanted]
    _lay_out(works)
    _measure(works)
    _price(trial, works)
    return [work.year() for work in works]


def exactly(trial: Trial, year: Sequence[Billed], rate: Rate, *, scale: Scale | None = None) -> list[PricedBill]:
    """The bills of one agreement by the other calculator, line by line. Raises CannotPrice."""
    work = _Work(trial, [_Kept.of(one) for one in year], rate, scale)
    _lay_out([work])
    _measure([work])
    made, banks = [], dict[str, Decimal]()
    for slip in work.slips:
        if work.refused is not None:
            raise CannotPrice(work.refused.code, work.refused.message)
        if slip.counts:
            bill = slip.bill._replace(banks={**slip.bill.banks, **banks}, past=work.past(slip), since=work.since)
            made.append(price(trial.tariff(rate, slip.billed.riders), bill, slip.values))
            banks = dict(made[-1].banks)
    return made


@dataclass(frozen=True, slots=True)
class _Kept:
    """A bill of the year with what its statement tells, read once for all rates that are tried on it."""

    billed: Billed
    bill: BillInput
    told: Mapping[tuple[str, str, str], Decimal]

    @classmethod
    def of(cls, billed: Billed) -> _Kept:
        return cls(billed, bill_input(billed.statement), billed.told())


@dataclass(slots=True)
class _Slip:
    """A bill of the year on its way: what it asks for, what was found. One that does not count only tells peaks."""

    own: _Kept
    bill: BillInput
    counts: bool
    asked: tuple[Ask, ...] = ()
    kept: tuple[tuple[str, Determinant], ...] = ()
    values: dict[Ask, Decimal] = field(default_factory=dict)
    cents: int = 0

    @property
    def billed(self) -> Billed:
        return self.own.billed

    @property
    def wanted(self) -> list[Ask]:
        return [*self.asked, *(Ask(determinant, self.bill.period) for _, determinant in self.kept)]

    @property
    def peaks(self) -> PastBill | None:
        known = {key: self.values[ask] for key, own in self.kept if (ask := Ask(own, self.bill.period)) in self.values}
        return PastBill(self.bill.month, known) if known else None


class _Work:
    """One agreement's year on one rate."""

    def __init__(self, trial: Trial, year: Sequence[_Kept], rate: Rate, scale: Scale | None = None) -> None:
        self.trial, self.rate, self.scale = trial, rate, scale
        self.refused: Finding | None = None
        self.slips = [
            _Slip(one, one.bill._replace(past=(), banks={}, since=None), trial.counts(one.billed)) for one in year
        ]
        first = next((slip for slip in self.slips if slip.counts), None)
        if first is None:
            self.refused = Finding("whatif.no-bills", "It has no bill in this year.")
        else:
            first.bill = first.bill._replace(banks=first.own.bill.banks)

    @property
    def since(self) -> date:
        """From which month peaks are looked back at: the first of which all bills tell."""
        told = [slip.bill.month for slip in self.slips]
        dumb = [at for at, slip in enumerate(self.slips) if slip.kept and slip.peaks is None and not slip.counts]
        return told[dumb[-1] + 1] if dumb and dumb[-1] + 1 < len(told) else told[0]

    def past(self, slip: _Slip) -> tuple[PastBill, ...]:
        earlier = self.slips[: self.slips.index(slip)]
        return tuple(peaks for one in earlier if (peaks := one.peaks) is not None)

    def factor(self, slip: _Slip) -> Decimal:
        return Decimal(1) if self.scale is None else self.scale(slip.billed)

    def refuse(self, code: str, message: str) -> None:
        if self.refused is None:
            self.refused = Finding(code, message)

    def year(self) -> TriedYear:
        if self.refused is not None:
            return TriedYear(refused=self.refused)
        return TriedYear(
            tuple(
                TriedMonth(slip.billed.month, Money(slip.cents), self.factor(slip) * slip.billed.kwh)
                for slip in self.slips
                if slip.counts
            )
        )


def _lay_out(works: Sequence[_Work]) -> None:
    """What each bill asks for on its rate."""
    for work in works:
        for slip in work.slips:
            try:
                asked, slip.kept = work.trial.asks(work.rate, slip.billed.riders, slip.bill)
            except CannotPrice as refused:
                work.refuse(f"rating.{refused.code}", str(refused))
                break
            slip.asked = asked if slip.counts else ()


def _measure(works: Sequence[_Work]) -> None:
    """What bills kept, and what must be measured anew; two questions for all.

    Dials that cannot tell the hours of one bill tell them of none: their last bill is asked for first.
    """
    lacking: list[tuple[_Work, _Slip, Wanted]] = []
    for work in works:
        for slip in work.slips if work.refused is None else ():
            told = slip.own.told
            slip.values = {ask: told[key] for ask in slip.wanted if (key := _key(ask)) in told}
            asks = tuple(ask for ask in slip.wanted if ask not in slip.values)
            if asks:
                lacking.append((work, slip, Wanted(slip.billed.segment, (), slip.bill.period, asks)))
    points = points_of({slip.billed.agreement for _, slip, _ in lacking})
    probes = {id(work): at for at, (work, slip, _) in enumerate(lacking) if slip.billed.method == REGISTERS}
    first = set(probes.values())
    _take([one for at, one in enumerate(lacking) if at in first], points)
    _take([one for at, one in enumerate(lacking) if at not in first and one[0].refused is None], points)
    after = list(_asked_after(works))
    _take(after, points_of({slip.billed.agreement for _, slip, _ in after}))
    for work in works:
        for slip in work.slips if work.scale is not None else ():
            factor = work.factor(slip)
            slip.values = {ask: (value * factor).quantize(THOUSANDTH) for ask, value in slip.values.items()}


def _asked_after(works: Sequence[_Work]) -> Iterator[tuple[_Work, _Slip, Wanted]]:
    """Of rates whose tiers end at so much for each kW in order of time: what lies within them, the demand known."""
    for work in works:
        for slip in work.slips if work.refused is None else ():
            riders = slip.billed.riders
            if not slip.counts or not work.trial.by_demand(work.rate, riders):
                continue
            if work.scale is not None:
                work.refuse("whatif.scale", BY_DEMAND)
                break
            bill = slip.bill._replace(past=work.past(slip), since=work.since)
            try:
                asks = asks_after(work.trial.tariff(work.rate, riders), bill, slip.values)
            except CannotPrice as refused:
                work.refuse(f"rating.{refused.code}", str(refused))
                break
            if asks:
                yield work, slip, Wanted(slip.billed.segment, (), slip.bill.period, asks)


def _take(lacking: Sequence[tuple[_Work, _Slip, Wanted]], points: Mapping[int, tuple[PointUse, ...]]) -> None:
    wanted = [one._replace(points=points[slip.billed.agreement]) for _, slip, one in lacking]
    for (work, slip, _), answer in zip(lacking, measured(wanted), strict=True):
        slip.values |= answer.values
        if answer.findings and slip.counts:
            why = answer.findings[0]
            dials = slip.billed.method == REGISTERS and why.code == "usage.missing-read"
            work.refuse(why.code, DIALS if dials else why.message)


def _price(trial: Trial, works: Sequence[_Work]) -> None:
    """By columns, all bills of a rate together; where credits are carried from bill to bill, one bill after another."""
    together: dict[Any, list[_Work]] = {}
    for work in works:
        if work.refused is None:
            together.setdefault((work.rate.mark, trial.carries(work.rate, _riders(work))), []).append(work)
    for (_, carries), several in together.items():
        rounds = _in_turn(several) if carries else [[(w, s) for w in several for s in w.slips if s.counts]]
        banks: dict[int, dict[str, Decimal]] = {}
        for pairs in rounds:
            _price_round(trial, pairs, banks)


def _riders(work: _Work) -> tuple[str, ...]:
    return tuple(sorted({rider for slip in work.slips for rider in slip.billed.riders}))


def _in_turn(works: Sequence[_Work]) -> Iterator[list[tuple[_Work, _Slip]]]:
    """The first bill of each, then the second of each, and so on."""
    counting = [[slip for slip in work.slips if slip.counts] for work in works]
    for turn in range(max(map(len, counting), default=0)):
        yield [(work, slips[turn]) for work, slips in zip(works, counting, strict=True) if turn < len(slips)]


def _price_round(trial: Trial, pairs: Sequence[tuple[_Work, _Slip]], banks: dict[int, dict[str, Decimal]]) -> None:
    by_rate: dict[Any, list[tuple[_Work, _Slip]]] = {}
    for work, slip in pairs:
        if work.refused is None:
            by_rate.setdefault((work.rate.mark, slip.billed.riders), []).append((work, slip))
    for (_, riders), some in by_rate.items():
        program = trial.program(some[0][0].rate, riders)
        bills = [
            slip.bill._replace(
                past=work.past(slip) if slip.kept else (), since=work.since,
                banks={**slip.bill.banks, **banks.get(id(work), {})},
            )
            for work, slip in some
        ]  # fmt: skip
        priced = program.price(bills, [slip.values for _, slip in some])
        for at, (work, slip) in enumerate(some):
            _settle(work, slip, priced, at, banks)


def _settle(work: _Work, slip: _Slip, priced: Priced, at: int, banks: dict[int, dict[str, Decimal]]) -> None:
    if at in priced.refused:
        work.refuse(f"rating.{priced.refused[at].code}", priced.refused[at].message)
        return
    slip.cents = int(priced.totals[at])
    left = priced.balances(at)
    if left:
        banks[id(work)] = {name: Decimal(value.numerator) / value.denominator for name, value in left.items()}


def _key(ask: Ask) -> tuple[str, str, str]:
    return ask.determinant.key, ask.period.start.isoformat(), ask.period.closed_end.isoformat()
