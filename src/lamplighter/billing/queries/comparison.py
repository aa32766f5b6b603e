"""Why a bill differs from another: causes in dollars, each priced by the bill's own calculator, that sum to the change.

The earlier bill is turned into the later one step by step - its prices, its facts, its calendar, its days, its use,
its peaks, what it brought forward - and each step's difference is that cause (docs/algorithms/bill-comparison.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lamplighter.billing.queries.comparison_quantities import Mixed, Spread
from lamplighter.billing.queries.comparison_tariffs import reaching, same_prices, shifted
from lamplighter.billing.rules import shifted_months
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, Quantities
from lamplighter.rating.determinants import Ask
from lamplighter.rating.price import asks, price
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import Tariff


class Why(StrEnum):
    """What a difference comes from, in the order in which the steps are taken."""

    RATE = "rate"
    PROGRAMS = "programs"
    SEASON = "season"
    DAYS = "days"
    USE = "use"
    PEAK = "peak"
    BROUGHT_FORWARD = "brought-forward"
    SERVICE = "service"
    ONE_OFF = "one-off"


@dataclass(frozen=True, slots=True)
class Cause:
    """`amount` of the change. Where a step could not be priced by itself, it stands with the next: several `why`."""

    why: tuple[Why, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class Charged:
    """Charges of one agreement over one run of days, with all that they were priced from.

    `versions` were in force on its days; `quantities` answer every ask of `asks(versions, bill)`.
    """

    versions: tuple[Tariff, ...]
    bill: BillInput
    quantities: Quantities
    total: Money


@dataclass(frozen=True, slots=True)
class Side:
    """All of an account's charges of one bill: of each agreement its runs of days, and what came beside the rate."""

    agreements: Mapping[int, tuple[Charged, ...]]
    beside: Money = ZERO

    @property
    def total(self) -> Money:
        return total(charged.total for several in self.agreements.values() for charged in several) + self.beside


def causes(then: Side, now: Side) -> tuple[Cause, ...]:
    """Why `now` differs from `then`, in the order of the steps; they add up to the change to the cent."""
    found: dict[tuple[Why, ...], Money] = {}
    for agreement in sorted({*then.agreements, *now.agreements}):
        before, after = then.agreements.get(agreement, ()), now.agreements.get(agreement, ())
        for cause in _of_agreement(before, after):
            found[cause.why] = found.get(cause.why, ZERO) + cause.amount
    found[Why.ONE_OFF,] = now.beside - then.beside
    order = list(Why)
    made = (Cause(why, amount) for why, amount in sorted(found.items(), key=lambda one: order.index(one[0][0])))
    return tuple(cause for cause in made if cause.amount)


def asks_of_then(then: Charged, now: Charged) -> tuple[Ask, ...]:
    """What the earlier days must be measured for to be priced on the later rate; nothing where they can't be."""
    try:
        return asks(_now_rate_then(then, now), then.bill)
    except CannotPrice:
        return ()


def _of_agreement(then: tuple[Charged, ...], now: tuple[Charged, ...]) -> Iterator[Cause]:
    if len(then) == len(now) == 1:
        yield from _steps(then[0], now[0])
        return
    change = total(charged.total for charged in now) - total(charged.total for charged in then)
    both = (Why.RATE, Why.PROGRAMS, Why.SEASON, Why.DAYS, Why.USE, Why.PEAK, Why.BROUGHT_FORWARD)
    yield Cause(both if then and now else (Why.SERVICE,), change)


def _steps(then: Charged, now: Charged) -> Iterator[Cause]:
    """Walk from one to the other. A step that cannot be priced adds its dollars to the next that can."""
    reached, waiting = then.total, list[Why]()
    for why, priced in _walk(then, now):
        waiting.append(why)
        try:
            arrived = priced()
        except CannotPrice:
            continue
        yield Cause(tuple(waiting), arrived - reached)
        reached, waiting = arrived, []
    assert reached == now.total, "the last step arrives at the later bill"


def _walk(then: Charged, now: Charged) -> Iterator[tuple[Why, Callable[[], Money]]]:
    """Each step with what the bill comes to after it."""
    rate = _now_rate_then(then, now)
    facts = then.bill._replace(attributes=now.bill.attributes)
    whole = Period(now.bill.period.start, date.fromordinal(now.bill.period.start.toordinal() + then.bill.period.days))
    moved = _moved(facts, now.bill)._replace(period=whole, cycle=now.bill.month)
    there = moved._replace(period=now.bill.period, kind=now.bill.kind)
    versions = reaching(now.versions, whole)
    spread = Spread(then.quantities, then.bill.period, now.bill.period)
    if not same_prices(then.versions, now.versions):
        yield Why.RATE, lambda: price(rate, then.bill, then.quantities).total
    if then.bill.attributes != now.bill.attributes:
        yield Why.PROGRAMS, lambda: price(rate, facts, then.quantities).total
    if any(_season_moves(version, then.bill, now.bill) for version in versions):
        yield Why.SEASON, lambda: price(versions, moved, spread).total
    yield Why.DAYS, lambda: price(now.versions, there, spread).total
    yield Why.USE, lambda: price(now.versions, there, Mixed(energy=now.quantities, peaks=spread)).total
    if not all(ask.determinant.what.adds_up for ask in now.quantities):
        yield Why.PEAK, lambda: price(now.versions, there, now.quantities).total
    yield Why.BROUGHT_FORWARD, lambda: now.total


def _season_moves(tariff: Tariff, then: BillInput, now: BillInput) -> bool:
    """Whether the calendar alone may change a bill: not where seasons go by the cycle and the month is the same."""
    by_cycle = tariff.season_rule is SeasonRule.CYCLE and then.month.month == now.month.month
    return bool(tariff.seasons) and not by_cycle


def _now_rate_then(then: Charged, now: Charged) -> tuple[Tariff, ...]:
    """The later rate as if it had been in force, with its changes, on the earlier days."""
    days = then.bill.period.start.toordinal() - now.bill.period.start.toordinal()
    return reaching(tuple(shifted(version, days) for version in now.versions), then.bill.period)


def _moved(then: BillInput, now: BillInput) -> BillInput:
    """The earlier bill with its history, as many months later as the later bill is."""
    months = (now.month.year - then.month.year) * 12 + now.month.month - then.month.month
    past = tuple(replace(one, month=shifted_months(one.month, months)) for one in then.past)
    since = None if then.since is None else shifted_months(then.since.replace(day=1), months)
    return then._replace(past=past, since=since)
