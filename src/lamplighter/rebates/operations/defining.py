"""Define programs and measures; set terms, budgets, entries of the manual and incentives of others from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Code
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.rebates.models import Incentive, ManualEntry, Measure, RebateBudget, RebateProgram, RebateTerms
from lamplighter.rebates.rules.qualifying import PaperKind
from lamplighter.rebates.rules.savings import Saved
from lamplighter.rebates.rules.worth import Basis, Form

CLASSES = tuple(each.value for each in Account.CustomerClass)


class CannotDefineRebate(Exception):
    """A program, terms, a budget, an entry or an incentive is refused; the message says why."""


@dataclass(frozen=True, slots=True)
class TermsIn:
    """See models.RebateTerms."""

    work_days: int
    sample_percent: int
    seed: str
    always_from: Money | None
    keep_months: int
    realisation_percent: int
    net_percent: int
    citation: str


@dataclass(frozen=True, slots=True)
class EntryIn:
    """What the manual says of one unit of a measure, and what is paid for it."""

    version: str
    citation: str
    one: Saved
    dollars: Decimal
    cost_percent: int | None
    most: Money | None
    classes: Sequence[str]
    papers: Sequence[PaperKind]


@dataclass(frozen=True, slots=True)
class IncentiveIn:
    """What somebody else gives. `until` is its last day, where that is known."""

    giver: str
    name: str
    form: Form
    value: Decimal
    most: Money | None
    stacks: bool
    citation: str
    until: date | None = None


@in_transaction
def define_rebate_program(*, code: str, name: str, words: str, gl_code: str, by: Actor, at: datetime) -> RebateProgram:
    """`gl_code` bears what it pays; it must stand in the chart of accounts and have no sub-ledgers."""
    if not Code.objects.filter(key=gl_code, control=False).exists():
        raise CannotDefineRebate(f"{gl_code} is no code of the chart of accounts that a program can be booked to.")
    program, _ = RebateProgram.objects.update_or_create(
        code=code, defaults={"name": name, "words": words, "gl_code": gl_code}
    )
    record("rebates.program.defined", subject=program.subject, by=by, at=at, gl_code=gl_code)
    return program


@in_transaction
def set_rebate_terms(*, program: RebateProgram, terms: TermsIn, on: date, by: Actor, at: datetime) -> RebateTerms:
    """From `on`, for applications of that day and later; those taken before keep the terms of their day."""
    advisory_lock(f"rebates:{program.code}")
    _check_terms(terms)
    _make_room(RebateTerms.objects.filter(program=program), on)
    row = RebateTerms.objects.create(
        program=program, period=Period(on), work_days=terms.work_days, sample_percent=terms.sample_percent,
        seed=terms.seed, always_from=terms.always_from, keep_months=terms.keep_months,
        realisation_percent=terms.realisation_percent, net_percent=terms.net_percent, citation=terms.citation,
        set_by=by,
    )  # fmt: skip
    record(
        "rebates.terms.set", subject=program.subject, by=by, at=at, start=on.isoformat(),
        sample_percent=terms.sample_percent, realisation_percent=terms.realisation_percent,
        net_percent=terms.net_percent, keep_months=terms.keep_months, citation=terms.citation,
    )  # fmt: skip
    return row


@in_transaction
def set_rebate_budget(
    *, program: RebateProgram, year: Period, amount: Money, citation: str, by: Actor, at: datetime
) -> RebateBudget:
    """What may be committed in a fiscal year, or a new amount for a year that has one: never below what is committed
    already."""
    advisory_lock(f"rebates:{program.code}")
    if year.end is None or year.days < 1 or amount <= ZERO or not citation.strip():
        raise CannotDefineRebate("A budget has a year with an end, an amount over $0.00, and a resolution.")
    found = RebateBudget.objects.select_for_update().filter(program=program, period=year).first()
    if found is not None and amount < found.committed:
        raise CannotDefineRebate(f"{found.committed} of it is committed already: no less can be set.")
    try:
        with transaction.atomic():
            row, _ = RebateBudget.objects.update_or_create(
                program=program, period=year, defaults={"amount": amount, "citation": citation, "set_by": by}
            )
    except IntegrityError as refused:
        raise CannotDefineRebate(f"{program.name} has a budget for some of these days already.") from refused
    record(
        "rebates.budget.set", subject=program.subject, by=by, at=at, start=year.start.isoformat(),
        end=year.end.isoformat(), cents=amount.cents, citation=citation,
    )  # fmt: skip
    return row


@in_transaction
def define_measure(
    *, code: str, program: RebateProgram, name: str, unit: str, basis: Basis, answers: str = "", by: Actor, at: datetime
) -> Measure:
    """`answers` is the number of a what-if that counts its units; see models.Measure."""
    measure, _ = Measure.objects.update_or_create(
        code=code, defaults={"program": program, "name": name, "unit": unit, "basis": basis, "answers": answers}
    )
    record("rebates.measure.defined", subject=measure.subject, by=by, at=at, program=program.code, basis=basis.value)
    return measure


@in_transaction
def set_entry(*, measure: Measure, entry: EntryIn, on: date, by: Actor, at: datetime) -> ManualEntry:
    """The manual from `on`; applications of earlier days keep the entry of their day."""
    advisory_lock(f"rebates:{measure.program_id}")
    _check_entry(measure, entry)
    _make_room(ManualEntry.objects.filter(measure=measure), on)
    row = ManualEntry.objects.create(
        measure=measure, period=Period(on), version=entry.version, citation=entry.citation, kwh=entry.one.kwh,
        kw=entry.one.kw, fuel_kg=entry.one.fuel_kg, years=entry.one.years, dollars=entry.dollars,
        cost_percent=entry.cost_percent, most=entry.most, classes=sorted(entry.classes), papers=sorted(entry.papers),
        set_by=by,
    )  # fmt: skip
    record(
        "rebates.entry.set", subject=measure.subject, by=by, at=at, start=on.isoformat(), version=entry.version,
        kwh=str(entry.one.kwh), dollars=str(entry.dollars), citation=entry.citation,
    )  # fmt: skip
    return row


@in_transaction
def set_incentive(*, measure: Measure, incentive: IncentiveIn, on: date, by: Actor, at: datetime) -> Incentive:
    """What somebody gives from `on`; what the same giver gave under that name before ends there."""
    advisory_lock(f"rebates:{measure.program_id}")
    if incentive.value <= 0 or (incentive.form is Form.PERCENT and incentive.value > 100):
        raise CannotDefineRebate("It gives something: more than 0, and no more than 100 percent of the cost.")
    if incentive.until is not None and incentive.until < on:
        raise CannotDefineRebate("Its last day lies before its first.")
    if not (incentive.citation.strip() and incentive.giver.strip() and incentive.name.strip()):
        raise CannotDefineRebate("Say who gives it, what it is called, and where that is published.")
    same = Incentive.objects.filter(measure=measure, giver=incentive.giver, name=incentive.name)
    _make_room(same, on)
    row = Incentive.objects.create(
        measure=measure, giver=incentive.giver, name=incentive.name, form=incentive.form, value=incentive.value,
        period=Period(on, None if incentive.until is None else date.fromordinal(incentive.until.toordinal() + 1)),
        most=incentive.most, stacks=incentive.stacks, citation=incentive.citation, set_by=by,
    )  # fmt: skip
    record(
        "rebates.incentive.set", subject=measure.subject, by=by, at=at, start=on.isoformat(), giver=incentive.giver,
        title=incentive.name, form=incentive.form.value, value=str(incentive.value), stacks=incentive.stacks,
    )  # fmt: skip
    return row


def _make_room(rows: QuerySet[Any], on: date) -> None:
    """End what runs on the day; refuse where something of that day or later is set."""
    if rows.filter(period__startswith__gte=on).exists():
        raise CannotDefineRebate(f"Something from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in rows.filter(period__contains=on):
        rows.filter(pk=running.pk).update(period=running.period.ending(on))


def _check_terms(terms: TermsIn) -> None:
    if not 1 <= terms.work_days <= 1095:
        raise CannotDefineRebate("The work may take 1 to 1,095 days.")
    if not 0 <= terms.sample_percent <= 100 or not terms.seed.strip():
        raise CannotDefineRebate("A sample is 0 to 100 percent, and has a seed so that it can be drawn again.")
    if not 0 <= terms.keep_months <= 240:
        raise CannotDefineRebate("A measure is kept for 0 to 240 months.")
    if not 1 <= terms.realisation_percent <= 200 or not 1 <= terms.net_percent <= 150:
        raise CannotDefineRebate("The realisation rate is 1 to 200 percent, net-to-gross 1 to 150.")
    if not terms.citation.strip():
        raise CannotDefineRebate("Name the resolution or evaluation that says so.")


def _check_entry(measure: Measure, entry: EntryIn) -> None:
    if entry.dollars <= 0 or entry.one.years < 1:
        raise CannotDefineRebate("A rebate is more than $0.00 a unit, and a measure lasts a year or more.")
    if measure.basis == Basis.MEASURED and any((entry.one.kwh, entry.one.kw, entry.one.fuel_kg)):
        raise CannotDefineRebate("The meter tells what a measured one saves: leave the savings of a unit at 0.")
    if entry.cost_percent is not None and not 1 <= entry.cost_percent <= 100:
        raise CannotDefineRebate("A rebate is held to 1 to 100 percent of the cost, or not at all.")
    if not entry.classes or set(entry.classes) - set(CLASSES):
        raise CannotDefineRebate(f"It is for one class or more of: {', '.join(CLASSES)}.")
    if PaperKind.INVOICE not in entry.papers:
        raise CannotDefineRebate("An invoice is always asked for: it shows the cost and the day.")
    if not entry.version.strip() or not entry.citation.strip():
        raise CannotDefineRebate("Name the manual's version and where the figures are published.")
