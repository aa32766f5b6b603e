"""The figures of a study as rows that every face shows alike: page, spreadsheet, PDF, command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lamplighter.kernel.money import Money
from lamplighter.ratestudies.models import Study


@dataclass(frozen=True, slots=True)
class Beside:
    """One row: what it came to now and then. `count` customers, `more` of them pay 5% more or over (assistance)."""

    label: str
    present: Money
    proposed: Money
    count: int = 0
    more: int = 0

    @property
    def change(self) -> Money:
        return self.proposed - self.present

    @property
    def percent(self) -> Decimal | None:
        if not self.present:
            return None
        return round(Decimal(100) * self.change.cents / self.present.cents, 1)

    @property
    def each(self) -> Money:
        """The change for one customer of the row, in the mean."""
        return Money.nearest(self.change.dollars / self.count) if self.count else Money(0)


@dataclass(frozen=True, slots=True)
class Band:
    """How many customers a change in percent meets, and what it is for them together."""

    label: str
    count: int
    change: Money


def whole(study: Study) -> Beside:
    found = study.result
    return Beside("All", Money(found["present"]), Money(found["proposed"]), found["priced"])


def classes(study: Study) -> list[Beside]:
    return [
        Beside(name.capitalize(), Money(present), Money(proposed), count)
        for name, (count, present, proposed) in sorted(study.result["classes"].items())
    ]


def months(study: Study) -> list[Beside]:
    """All classes together, oldest month first."""
    sums: dict[str, list[int]] = {}
    for _, month, present, proposed in class_months(study):
        own = sums.setdefault(month, [0, 0])
        own[0], own[1] = own[0] + present.cents, own[1] + proposed.cents
    return [Beside(month, Money(present), Money(proposed)) for month, (present, proposed) in sorted(sums.items())]


def class_months(study: Study) -> Iterator[tuple[str, str, Money, Money]]:
    for name, by_month in sorted(study.result["months"].items()):
        for month, (present, proposed) in sorted(by_month.items()):
            yield name.capitalize(), month, Money(present), Money(proposed)


def bands(study: Study) -> list[Band]:
    return [Band(label, count, Money(cents)) for label, count, cents in study.result["bands"]]


def assistance(study: Study) -> list[Beside]:
    words = {"assisted": "With a discount for need", "others": "Without"}
    return [
        Beside(words[key], Money(present), Money(proposed), count, more)
        for key, (count, present, proposed, more) in study.result["assistance"].items()
    ]


def typical_lines(study: Study) -> list[Beside]:
    """The year of the customer in the middle, line by line; the last row is the total."""
    found = study.result["typical"]
    if not found:
        return []
    rows = [Beside(label, Money(present), Money(proposed)) for label, present, proposed in found["lines"]]
    return [*rows, Beside("Year", Money(found["present"]), Money(found["proposed"]))]


def left_out(study: Study) -> list[tuple[str, int]]:
    """Why customers could not be priced, and how many."""
    return [(message, count) for _, message, count in study.result["left_out"]]
