"""Tiers and health of key accounts: points by rules that are shown beside every verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lamplighter.kernel.money import Money


class CannotKeep(Exception):
    """Something about an organisation, issue or plan is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a tier is reckoned from: each service's last twelve bills, the highest demand, and what the town depends on.

    `growth` is that of `months` which have one a year before them.
    """

    revenue: Money = Money(0)
    kwh: Decimal = Decimal(0)
    kw_peak: Decimal | None = None
    growth: Decimal | None = None
    community: int = 0
    months: int = 12


@dataclass(frozen=True, slots=True)
class Points:
    """Points and the sentence that says why."""

    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Tier:
    """`name` A to C; `every` how many days may pass between touches."""

    name: str
    every: int
    points: tuple[Points, ...]

    @property
    def total(self) -> int:
        return sum(one.points for one in self.points)


REVENUE = ((Money(50_000_000), 4), (Money(15_000_000), 3), (Money(5_000_000), 2), (Money(1_000_000), 1))
DEMAND = ((Decimal(1000), 3), (Decimal(300), 2), (Decimal(50), 1))
GROWTH = Decimal("0.10")
TIERS = (("A", 6, 30), ("B", 3, 60), ("C", 0, 90))
"""Name, the points that it takes, and the days that may pass between touches."""

RULE = (
    "Revenue of twelve bills: $500,000 gives 4 points, $150,000 3, $50,000 2, $10,000 1. Highest demand: 1,000 kW"
    " gives 3, 300 kW 2, 50 kW 1. Use that grew by 10 % or more gives 1. The town's dependence gives 0 to 3, as the"
    " managers agreed. Six points make tier A (a contact every 30 days), three B (60 days), fewer C (90 days)."
)


REGULAR_DAYS, MONTH_DAYS = 27, 30


def least_of(least: Decimal, days: int) -> Decimal:
    """What a bill of so many days must come to, of a least that is promised for a month's bill: one of fewer than 27
    days, as where a contract begins or ends inside it, days / 30 of it (docs/algorithms/contracts.md)."""
    return least if days >= REGULAR_DAYS else least * days / MONTH_DAYS


def tier_of(standing: Standing) -> Tier:
    found = tuple(_points(standing))
    total = sum(one.points for one in found)
    name, _, every = next(one for one in TIERS if total >= one[1])
    return Tier(name, every, found)


def _points(standing: Standing) -> Iterator[Points]:
    revenue = next((points for least, points in REVENUE if standing.revenue >= least), 0)
    yield Points(revenue, f"Revenue of twelve bills {standing.revenue}")
    if standing.kw_peak is not None:
        demand = next((points for least, points in DEMAND if standing.kw_peak >= least), 0)
        yield Points(demand, f"Highest demand {standing.kw_peak:,.0f} kW")
    if standing.growth is not None and standing.growth >= GROWTH:
        yield Points(1, f"Use grew by {standing.growth:.0%} {beside(standing.months)}")
    if standing.community:
        yield Points(standing.community, f"The town depends on it ({standing.community} of 3)")


@dataclass(frozen=True, slots=True)
class Relation:
    """What health is reckoned from, as of a day."""

    on: date
    tier: Tier
    last_touch: date | None = None
    steps_overdue: int = 0
    issues_late: int = 0
    issues_open: int = 0
    contract_ends: date | None = None
    cost_change: Decimal | None = None
    months: int = 12
    no_outage_contact: bool = False
    no_decision_maker: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """A score of 100, with what was taken off and why; the gravest first."""

    score: int
    reasons: tuple[Points, ...]

    @property
    def word(self) -> str:
        return "Good" if self.score >= 80 else "Watch" if self.score >= 55 else "Poor"


def beside(months: int) -> str:
    """With what a change is compared: few months are no year."""
    if months >= 12:
        return "in a year"
    return f"in {_count(months, 'month')} beside the same a year before"


def health_of(relation: Relation) -> Health:
    found = sorted(_taken_off(relation), key=lambda one: -one.points)
    return Health(max(0, 100 - sum(one.points for one in found)), tuple(found))


def next_touch(relation: Relation) -> date:
    """When the tier wants the next touch; today where there has been none."""
    return relation.on if relation.last_touch is None else relation.last_touch + timedelta(days=relation.tier.every)


def _taken_off(now: Relation) -> Iterator[Points]:
    if now.last_touch is None:
        yield Points(25, "No contact was ever noted")
    elif (late := (now.on - now.last_touch).days - now.tier.every) > 0:
        yield Points(min(25, 5 + late // 3), f"No contact for {(now.on - now.last_touch).days} days")
    if now.issues_late:
        yield Points(min(40, 20 * now.issues_late), f"{_count(now.issues_late, 'issue')} past the promised day")
    elif now.issues_open:
        yield Points(5, f"{_count(now.issues_open, 'open issue')}")
    if now.steps_overdue:
        yield Points(min(20, 10 * now.steps_overdue), f"{_count(now.steps_overdue, 'next step')} overdue")
    if now.contract_ends is not None and (left := (now.contract_ends - now.on).days) <= 366:
        points = 30 if left <= 183 else 15
        yield Points(points, f"The contract ends on {now.contract_ends:%b %-d, %Y}")
    if now.cost_change is not None and now.cost_change >= Decimal("0.10"):
        yield Points(10, f"Bills rose by {now.cost_change:.0%} {beside(now.months)}")
    if now.no_outage_contact:
        yield Points(5, "Nobody is named for outages at night")
    if now.no_decision_maker:
        yield Points(5, "No decision maker is named")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
