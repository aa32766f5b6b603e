"""What the calculator asks for: a determinant over days of the bill, a peak some months back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.plan import Plan, Span
from lamplighter.rating.determinants import Determinant, What
from lamplighter.rating.quantities import Demand, Metered
from lamplighter.rating.seasons import SeasonRule


@dataclass(frozen=True, slots=True)
class Slot:
    """A determinant over `days` days from the bill's day `first` (counted from 0).

    `tier`: of a line's tiers in order of time (its code, and the tier counted from 0), only what was used while the
    running total lay in this one; another line's tiers may end elsewhere.
    """

    determinant: Determinant
    first: int
    days: int
    tier: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class PastSlot:
    """The peak of a determinant (`Determinant.key`) on the bill of the cycle `back` months before."""

    back: int
    key: str


def slot_of(book: Book, plan: Plan, span: Span, quantity: Metered | Demand, names: tuple[str, ...]) -> Slot:
    """Energy is measured over the span's days, demand over the whole bill; both only on days of the season by date."""
    season = book.season(span.version, span.season) if span.season else None
    by_hours = season if book.versions[span.version].hours_rule is not SeasonRule.DATE else None
    plain = recorded_as(quantity, names)
    clock = plain.clock if plain.clock is None or by_hours is None else plain.clock.in_season(by_hours)
    determinant = replace(plain, clock=clock, season=season if span.by_date else None)
    if isinstance(quantity, Demand):
        return Slot(determinant, 0, plan.days)
    return Slot(determinant, span.first, span.length)


def recorded_as(quantity: Metered | Demand, names: tuple[str, ...]) -> Determinant:
    """The determinant whatever the season; of a demand, that under which bills keep their peaks."""
    periods = names or quantity.periods
    clock = quantity.clock if periods else None
    match quantity:
        case Demand():
            return Determinant(
                quantity.what, quantity.flow, clock, periods, window=quantity.window, daily=quantity.daily
            )
        case Metered():
            return Determinant(quantity.what, quantity.flow, clock, periods, netting=quantity.netting)


def power_factor_slot(plan: Plan) -> Slot:
    return Slot(Determinant(What.POWER_FACTOR), 0, plan.days)
