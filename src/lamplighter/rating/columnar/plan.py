"""How bills of one kind are cut: which wording of each line holds on which of the bill's days.

Days are counted from the first day of the bill, so that bills of the same cut share one plan whatever their dates,
and are priced together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lamplighter.rating.tariff import BillKind, Proration


@dataclass(frozen=True, slots=True)
class Span:
    """One wording of a line over some of the bill's days.

    `covers` has a bit for each day of the bill on which the wording counts; `first` and `length` are the days that
    energy is measured over, in which seasons by date leave out days that do not count.
    """

    code: str
    version: int
    first: int
    length: int
    covers: int
    season: str = ""
    by_date: bool = False
    factors: tuple[tuple[str, Decimal], ...] = ()

    @property
    def days(self) -> int:
        return self.covers.bit_count()

    def within(self, other: Span) -> Fraction:
        """Which share of this span's days lies in another's."""
        return Fraction((self.covers & other.covers).bit_count(), self.days)


@dataclass(frozen=True, slots=True)
class Plan:
    """The spans of every line that is in force on some day, in the order of the rate book.

    `versions` are those in force, oldest first; `month` is the calendar month of the cycle where a ratchet looks at
    certain months only, else nothing.
    """

    days: int
    kind: BillKind
    versions: tuple[int, ...]
    lines: tuple[tuple[str, tuple[Span, ...]], ...]
    month: int = 0

    def share(self, span: Span) -> Fraction:
        """The span's days out of the bill's."""
        return Fraction(span.days, self.days)

    def months(self, rule: Proration) -> Fraction:
        """How many months the whole bill is by a rule (docs/algorithms/proration.md)."""
        if rule.month_days is None:
            return Fraction(1)
        prorated_at_edge = rule.edges and self.kind is not BillKind.REGULAR
        if rule.regular is not None and not prorated_at_edge:
            shortest, longest = rule.regular
            if shortest <= self.days <= longest:
                return Fraction(1)
        return self.days / Fraction(rule.month_days)


def days_from(first: int, length: int) -> int:
    """A bit for each of `length` days from `first` on."""
    return ((1 << length) - 1) << first
