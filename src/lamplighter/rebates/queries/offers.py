"""What is offered on a day, what an application would come to, and what stacks with a what-if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.accounts.models import Agreement
from lamplighter.customers.models import Person
from lamplighter.kernel.money import Money
from lamplighter.rebates.models import Incentive, ManualEntry, Measure, RebateApplication, RebateBudget, RebateTerms
from lamplighter.rebates.rules.qualifying import Asked, Way, refusals
from lamplighter.rebates.rules.stages import LIVE, CannotRebate, State
from lamplighter.rebates.rules.worth import Stack, stack


@dataclass(frozen=True, slots=True)
class RebateIn:
    """What is asked for: so many units of a measure at a service, at a cost, beside incentives of others."""

    measure: Measure
    agreement: Agreement
    quantity: Decimal
    cost: Money
    way: Way
    contractor: Person | None = None
    incentives: tuple[Incentive, ...] = ()


@dataclass(frozen=True, slots=True)
class RebateDraft:
    """What would become of it, and why. `budget` is that of the day; None where none is set."""

    asked: RebateIn
    entry: ManualEntry
    terms: RebateTerms
    stack: Stack
    refused: tuple[str, ...]
    budget: RebateBudget | None

    @property
    def amount(self) -> Money:
        return self.stack.ours.amount

    @property
    def fits(self) -> bool:
        return self.budget is not None and self.amount <= self.budget.left

    @property
    def outcome(self) -> State:
        if self.refused:
            return State.DENIED
        return State.RESERVED if self.fits else State.QUEUED

    @property
    def digest(self) -> str:
        """What was shown: another amount, version or outcome is another draft."""
        return f"{self.outcome}:{self.amount.cents}:{self.entry.pk}:{self.terms.pk}"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A measure of a what-if: `counts` are its numbers by name, `kwh` among them what it saves in a year."""

    kind: str
    counts: Mapping[str, Decimal]
    cost: Money


@dataclass(frozen=True, slots=True)
class Stacked:
    """A rebate that a measure of a what-if could have today, with what stacks."""

    entry: ManualEntry
    quantity: Decimal
    stack: Stack


def draft_rebate(asked: RebateIn, *, on: date) -> RebateDraft:
    """Raises CannotRebate where the measure is not offered on the day."""
    entry, terms = entry_on(asked.measure, on=on), terms_on(asked.measure.program_id, on=on)
    others = [one.other for one in asked.incentives if on in one.period and one.measure_id == asked.measure.pk]
    found = stack(entry.rate, others, asked.quantity, cost=asked.cost)
    agreement = asked.agreement
    live = RebateApplication.objects.filter(
        agreement=agreement, entry__measure=asked.measure, state__in=[each.value for each in LIVE]
    ).first()
    serves = agreement.cancelled_at is None and agreement.premise_id is not None and on in agreement.period
    said = Asked(agreement.account.customer_class, asked.quantity, asked.cost, serves, live.number if live else "")
    why = refusals(said, classes=frozenset(entry.classes), amount=found.ours.amount)
    return RebateDraft(asked, entry, terms, found, why, budget_on(asked.measure.program_id, on=on))


def entry_on(measure: Measure, *, on: date) -> ManualEntry:
    """Raises CannotRebate where the manual says nothing of it on the day."""
    row = ManualEntry.objects.select_related("measure__program").filter(measure=measure, period__contains=on).first()
    if row is None:
        raise CannotRebate(f"{measure.name} is not offered on {on:%b %-d, %Y}.")
    return row


def terms_on(program: str, *, on: date) -> RebateTerms:
    row = RebateTerms.objects.filter(program=program, period__contains=on).first()
    if row is None:
        raise CannotRebate(f"The program takes no applications on {on:%b %-d, %Y}: no terms are set.")
    return row


def budget_on(program: str, *, on: date) -> RebateBudget | None:
    return RebateBudget.objects.filter(program=program, period__contains=on).first()


def offered(*, on: date, customer_class: str = "") -> list[ManualEntry]:
    """What the manual offers on a day, to a class of customers where one is named; by program and measure."""
    rows = ManualEntry.objects.filter(period__contains=on).select_related("measure__program")
    if customer_class:
        rows = rows.filter(classes__contains=[customer_class])
    return list(rows.order_by("measure__program__name", "measure__name"))


def incentives_on(measures: Sequence[str], *, on: date) -> dict[str, list[Incentive]]:
    """What others give on a day, by the code of the measure; one query."""
    found: dict[str, list[Incentive]] = {}
    for row in Incentive.objects.filter(measure__in=measures, period__contains=on).order_by("giver", "name"):
        found.setdefault(row.measure_id, []).append(row)
    return found


def stacking(measures: Sequence[WhatIf], *, customer_class: str, on: date) -> list[Stacked]:
    """For each measure of a what-if the rebate that counts it, on a day; two queries. Where several of ours do, the
    one that pays most: a measure has one of ours. What another class of customers is offered is left out."""
    entries = [row for row in offered(on=on, customer_class=customer_class) if row.measure.answers]
    wanted = [
        (place, row, one, one.counts[count])
        for place, one in enumerate(measures)
        for row in entries
        for kind, _, count in (row.measure.answers.partition("."),)
        if kind == one.kind and count in one.counts
    ]
    others = incentives_on([entry.measure_id for _, entry, _, _ in wanted], on=on)
    best: dict[int, Stacked] = {}
    for place, entry, one, quantity in wanted:
        given = [row.other for row in others.get(entry.measure_id, ())]
        made = Stacked(entry, quantity, stack(entry.rate, given, quantity, cost=one.cost))
        before = best.get(place)
        if quantity > 0 and made.stack.together and (before is None or _ours(made) > _ours(before)):
            best[place] = made
    return list(best.values())


def _ours(one: Stacked) -> int:
    return one.stack.ours.amount.cents
