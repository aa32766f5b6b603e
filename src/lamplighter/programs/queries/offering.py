"""Which programs an account could have, and what each would have saved it on its own bills."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.accounts.models import Agreement, AgreementRate
from lamplighter.billing.queries.otherwise import with_facts
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.programs.models import Application, Enrollment, Program, ProgramTerms
from lamplighter.programs.operations.enrolling import YES
from lamplighter.programs.queries.enrolled import current
from lamplighter.programs.rules.qualifying import Terms, months_later
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.queries import in_force


@dataclass(frozen=True, slots=True)
class Saving:
    """What a program would have saved on `bills` bills since a day."""

    amount: Money
    bills: int
    since: date


@dataclass(frozen=True, slots=True)
class Possible:
    """A program beside an agreement: it runs, it waits for papers, or it could be had."""

    program: Program
    terms: Terms
    agreement: Agreement
    enrollment: Enrollment | None
    waiting: Application | None
    saving: Saving | None

    @property
    def open(self) -> bool:
        return self.enrollment is None and self.waiting is None


def possible(agreements: Sequence[Agreement], *, on: date) -> list[Possible]:
    """For each agreement, every program that its rate gives room for on a day; the largest saving first.

    Only what isn't had yet is priced: twelve months of the agreement's own bills for each.
    """
    offered = {
        row.program_id: row for row in ProgramTerms.objects.filter(period__contains=on).select_related("program")
    }
    enrolled, asked = current(list(agreements), on=on), _waiting(agreements)
    facts = _facts_asked(agreements, on=on)
    found = []
    for agreement in agreements:
        fitting = [row for row in offered.values() if _fits(row, agreement.account.customer_class, facts[agreement.pk])]
        has = {row.program_id: enrolled.get((agreement.pk, row.program_id)) for row in fitting}
        waits = {row.program_id: asked.get((agreement.pk, row.program_id)) for row in fitting}
        could = [
            row.program for row in fitting
            if row.income_share is None and not (has[row.program_id] or waits[row.program_id])
        ]  # fmt: skip
        savings = dict(zip((one.code for one in could), savings_of(agreement, could, on=on), strict=True))
        found += [
            Possible(row.program, row.terms, agreement, has[code], waits[code], savings.get(code))
            for row in fitting
            if (code := row.program_id)
        ]
    return sorted(found, key=_order)


def offered_with(schedule: Schedule, *, on: date) -> list[Program]:
    """The programs that a rate gives room for from a day on, by name; two queries."""
    names = _names({schedule.pk}, on=on)[schedule.pk]
    offered = ProgramTerms.objects.filter(period__contains=on).select_related("program").order_by("program__name")
    return [row.program for row in offered if _fits(row, schedule.customer_class, names)]


def _fits(row: ProgramTerms, customer_class: str, facts: frozenset[str]) -> bool:
    """A rate asks for what the program gives; a share of income is for any household."""
    if row.income_share is not None:
        return customer_class == "residential"
    return row.program.fact in facts


def saving_of(agreement: Agreement, program: Program, *, on: date) -> Saving | None:
    """Of one program; None where no bill tells."""
    return savings_of(agreement, [program], on=on)[0]


def savings_of(agreement: Agreement, programs: Sequence[Program], *, on: date) -> list[Saving | None]:
    """Of each program on the agreement's bills of the last twelve months; None where there is none."""
    since = months_later(on, -12)
    priced = with_facts([agreement.pk], [{one.fact: YES} for one in programs], since=since) if programs else []
    return [
        Saving(sum((one.saved for one in bills), ZERO), len(bills), max(since, bills[0].period.start))
        if bills
        else None
        for bills in priced
    ]


def _facts_asked(agreements: Sequence[Agreement], *, on: date) -> dict[int, frozenset[str]]:
    """The attributes of each agreement's rate and riders on a day; two queries."""
    rates = AgreementRate.objects.filter(agreement__in=agreements, period__contains=on)
    by_agreement: dict[int, set[str]] = {}
    for rate in rates:
        by_agreement.setdefault(rate.agreement_id, set()).add(rate.schedule_id)
    names = _names({code for codes in by_agreement.values() for code in codes}, on=on)
    return {one.pk: frozenset().union(*(names[code] for code in by_agreement.get(one.pk, ()))) for one in agreements}


def _names(schedules: Collection[str], *, on: date) -> dict[str, frozenset[str]]:
    """What each rate asks to know of whoever is on it."""
    versions = in_force(schedules, period=Period(on, on + timedelta(days=1)))
    return {
        code: frozenset(attribute.name for version in found for attribute in version.tariff.attributes)
        for code, found in versions.items()
    }


def _waiting(agreements: Sequence[Agreement]) -> dict[tuple[int, str], Application]:
    rows = Application.objects.filter(agreement__in=agreements, state=Application.State.MISSING)
    return {(row.agreement_id, row.program_id): row for row in rows}


def _order(one: Possible) -> tuple[bool, int, str]:
    return one.open, -one.saving.amount.cents if one.saving else 0, one.program.name
