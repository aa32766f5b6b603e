"""The working sheet of a group: what its bills were asked, what their lines came to so far, and who is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from lamplighter.kernel.energy import Flow
from lamplighter.rating.attributes import NO, YES, Attribute
from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.column import NIL, Number, Whole, chosen, most, times, total
from lamplighter.rating.columnar.facts import Amounts, Fact, Words
from lamplighter.rating.columnar.figures import find
from lamplighter.rating.columnar.masks import Mask, both, either, opposite
from lamplighter.rating.columnar.plan import Plan, Span
from lamplighter.rating.columnar.refusals import Refusals
from lamplighter.rating.columnar.rounding import to_cents
from lamplighter.rating.columnar.selection import Selection
from lamplighter.rating.columnar.slots import PastSlot, Slot
from lamplighter.rating.columnar.source import Source
from lamplighter.rating.figures import PERIOD, SEASON, Figure
from lamplighter.rating.tariff import Line, RoundingRule, Tariff

Needed: TypeAlias = Mask | Callable[[], Mask]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line over one span, in one TOU period and one tier, for every bill of the group; nothing where it is not due.

    `quantity` is what it bills, for lines that count it again.
    """

    span: Span
    amount: Number
    quantity: Number = NIL
    hours: str = ""
    tier: int = 0


class Sheet:
    """Answers what a line asks, and keeps rows, banks and refusals."""

    def __init__(self, book: Book, plan: Plan, selection: Selection, source: Source) -> None:
        self.book, self.plan, self.source, self.selection = book, plan, source, selection
        self.rows: dict[str, list[Row]] = {}
        self.banks: dict[str, Number] = {}
        self.refusals = Refusals(source.size)
        self._columns: dict[Slot, tuple[Number, Mask]] = {}
        self._facts: dict[Attribute, Fact] = {}
        self.facts = {version: self._of_version(version) for version in plan.versions}

    @property
    def newest(self) -> Tariff:
        return self.book.versions[self.plan.versions[-1]]

    def line(self, span: Span) -> Line:
        return self.selection.line(span)

    def tariff(self, span: Span) -> Tariff:
        return self.book.versions[span.version]

    def refuse(self, where: Mask, code: str, message: str) -> None:
        self.refusals.note(where, code, message)

    def metered(self, slot: Slot, where: Mask, lower: Number = NIL, upper: Number | None = None) -> Number:
        """The quantity in a slot; bills that need it and do not have it are refused."""
        if slot not in self._columns:
            self._columns[slot] = self._measured(slot, lower, upper)
        number, known = self._columns[slot]
        self.refuse(
            both(where, opposite(known)),
            "quantity.missing",
            f"{slot.determinant} was not measured over {slot.days} days from day {slot.first + 1} of the bill.",
        )
        return number

    def figure(self, figure: Figure, span: Span, names: tuple[str, ...], needed: Needed) -> Number:
        """A figure of the line in a TOU period; refuses the bills that need it and for which it is not known."""
        words = {SEASON: span.season} if span.season else {}
        if len(names) == 1:
            words[PERIOD] = names[0]
        factors = {name: Fraction(value) for name, value in span.factors}
        found = find(figure, words, factors, self.facts[span.version])
        if found.faults:
            found.refuse(needed() if callable(needed) else needed, self.refuse)
        return found.number

    def amount_of(self, attribute: str, span: Span, where: Mask) -> Number:
        """A number of the account."""
        fact = self.facts[span.version][attribute]
        assert isinstance(fact, Amounts), f"{attribute} is a number"
        message = f"The tariff asks for “{attribute}”, which the account does not tell."
        self.refuse(both(where, opposite(fact.told)), "attribute.missing", message)
        return fact.number

    def highest_past(self, key: str, back: int, months: frozenset[int], where: Mask) -> Number:
        """The highest peak under a key on the bills of the last `back` months, or of those of them in `months`.

        A month of service without a recorded peak refuses the bill; before the service began nothing is looked for.
        """
        highest: Number = NIL
        served = self.source.served()
        for ago in range(1, back + 1):
            if months and (self.plan.month - ago - 1) % 12 + 1 not in months:
                continue
            peak = self.source.past(PastSlot(ago, key))
            highest = most(highest, chosen(peak.known, peak.column()))
            needed: Mask = True if served is None else served >= ago
            message = f"Billing demand looks back {ago} months, to a bill for which no peak is recorded."
            self.refuse(both(where, both(needed, opposite(peak.known))), "demand.history", message)
        return highest

    def bank(self, name: str) -> Number:
        if name not in self.banks:
            brought = self.source.bank(name)
            self.banks[name] = chosen(brought.known, brought.column())
        return self.banks[name]

    def base(self, span: Span, *, whole: bool = False) -> Number:
        """What the lines that a span is reckoned on come to over its days, or on the whole bill."""
        return total(
            times(self._reckoned(row.amount), Fraction(1) if whole else row.span.within(span))
            for code, _ in self.plan.lines
            for row in self.rows.get(code, ())
            if self.selection.reckons_on(span, row.span)
        )

    def _reckoned(self, amount: Number) -> Number:
        rounding = self.newest.rounding
        rounded = rounding.rule is RoundingRule.EACH_LINE and rounding.tax_on_rounded
        return to_cents(amount) if rounded else amount

    def _measured(self, slot: Slot, lower: Number, upper: Number | None) -> tuple[Number, Mask]:
        scaled = self.source.metered(slot, lower, upper)
        if slot.determinant.flow is not Flow.NET:
            message = f"{slot.determinant} is below nothing, and flows in one direction."
            self.refuse(both(scaled.known, _negative(scaled.values)), "quantity.negative", message)
        return scaled.column(), scaled.known

    def _of_version(self, version: int) -> dict[str, Fact]:
        """The facts that a version asks for; refuses accounts that have two of what excludes each other."""
        tariff = self.book.versions[version]
        for attribute in tariff.attributes:
            if attribute not in self._facts:
                self._facts[attribute] = self.source.fact(attribute, self.refuse)
        facts = {attribute.name: self._facts[attribute] for attribute in tariff.attributes}
        for group in tariff.not_together:
            self._only_one(group, facts)
        return facts

    def _only_one(self, group: tuple[str, ...], facts: dict[str, Fact]) -> None:
        before: Mask = False
        for name in group:
            fact = facts.get(name)
            if isinstance(fact, Words) and fact.vocabulary == (NO, YES):
                here = fact.among({YES})
                message = f"An account may have only one of {' and '.join(group)}."
                self.refuse(both(before, here), "attribute.together", message)
                before = either(before, here)


def _negative(values: Whole) -> Mask:
    return bool(values.size and values.min() < 0) and np.asarray(values < 0, dtype=np.bool_)
