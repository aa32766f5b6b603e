"""Define programs, and set their terms, the income table and budgets from a day on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.models import Application, Budget, IncomeGuideline, Program, ProgramTerms
from lamplighter.programs.rules.qualifying import CATEGORIES, Basis, Guideline, Terms
from lamplighter.programs.rules.sharing import CITES, FACT, MOST_SHARE


class CannotDefine(Exception):
    """Terms, an income table or a budget are refused; the message says why, for whoever sets them."""


@in_transaction
def define_program(*, code: str, name: str, words: str, fact: str, gl_code: str, by: Actor, at: datetime) -> Program:
    """`fact` is the attribute that the rates ask for; `words` are for a representative to say."""
    program, _ = Program.objects.update_or_create(
        code=code, defaults={"name": name, "words": words, "fact": fact, "gl_code": gl_code}
    )
    record("programs.program.defined", subject=program.subject, by=by, at=at, fact=fact, gl_code=gl_code)
    return program


@in_transaction
def set_terms(*, program: Program, terms: Terms, on: date, by: Actor, at: datetime) -> ProgramTerms:
    """From `on`, applications are decided by `terms`. A day on which, or after which, one was decided is refused."""
    advisory_lock(f"program:{program.code}")
    _check(terms)
    _check_share(program, terms)
    if Application.objects.filter(program=program, received_on__gte=on).exists():
        raise CannotDefine(f"Applications of {on:%b %-d, %Y} or later were decided already. Choose a later day.")
    if ProgramTerms.objects.filter(program=program, period__startswith__gte=on).exists():
        raise CannotDefine(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in ProgramTerms.objects.filter(program=program, period__contains=on):
        ProgramTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = ProgramTerms.objects.create(
        program=program, period=Period(on), bases=sorted(terms.bases), categories=sorted(terms.categories),
        income_percent=terms.income_percent, income_share=terms.income_share, months=terms.months,
        fixed_months=terms.fixed_months, papers_days=terms.papers_days, remind_days=list(terms.remind_days),
        citation=terms.citation, set_by=by,
    )  # fmt: skip
    record(
        "programs.terms.set", subject=program.subject, by=by, at=at, start=on.isoformat(), bases=row.bases,
        categories=row.categories, income_percent=terms.income_percent, months=terms.months,
        fixed_months=terms.fixed_months, papers_days=terms.papers_days, citation=terms.citation,
        income_share=str(terms.income_share) if terms.income_share is not None else None,
    )  # fmt: skip
    return row


@in_transaction
def set_guideline(*, guideline: Guideline, on: date, by: Actor, at: datetime) -> IncomeGuideline:
    """The income table from `on`; what held before ends there."""
    advisory_lock("programs.guideline")
    if guideline.first <= ZERO or guideline.more <= ZERO:
        raise CannotDefine("Enter the yearly income of the first person and of each other, more than $0.00.")
    if not guideline.citation.strip():
        raise CannotDefine("Name where the table was published.")
    if IncomeGuideline.objects.filter(period__startswith__gte=on).exists():
        raise CannotDefine(f"A table from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in IncomeGuideline.objects.filter(period__contains=on):
        IncomeGuideline.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = IncomeGuideline.objects.create(
        period=Period(on), first=guideline.first, more=guideline.more, citation=guideline.citation, set_by=by
    )
    record(
        "programs.guideline.set", subject=f"guideline:{row.pk}", by=by, at=at, start=on.isoformat(),
        first=guideline.first.cents, more=guideline.more.cents, citation=guideline.citation,
    )  # fmt: skip
    return row


@in_transaction
def set_budget(*, program: Program, year: Period, amount: Money, citation: str, by: Actor, at: datetime) -> Budget:
    """What the program may cost in a fiscal year, which has an end."""
    if year.end is None or amount <= ZERO or not citation.strip():
        raise CannotDefine("A budget has a year with an end, an amount over $0.00, and a resolution.")
    try:
        with transaction.atomic():
            row = Budget.objects.create(program=program, period=year, amount=amount, citation=citation, set_by=by)
    except IntegrityError as refused:
        raise CannotDefine(f"{program.name} has a budget for some of these days already.") from refused
    record(
        "programs.budget.set", subject=program.subject, by=by, at=at, start=year.start.isoformat(),
        end=year.end.isoformat(), cents=amount.cents, citation=citation,
    )  # fmt: skip
    return row


def _check(terms: Terms) -> None:
    if not terms.bases:
        raise CannotDefine("Say by what a household may be let in.")
    if {Basis.INCOME, Basis.DECLARED} & terms.bases and not terms.income_percent:
        raise CannotDefine("Income counts, so say up to which percentage of the guideline.")
    if Basis.CATEGORY in terms.bases and not terms.categories:
        raise CannotDefine("Name the programs that open this one.")
    if unknown := terms.categories - set(CATEGORIES):
        raise CannotDefine(f"{', '.join(sorted(unknown))}: no such program is known.")
    if not 1 <= terms.months <= 120 or not terms.months <= terms.fixed_months <= 120:
        raise CannotDefine("An enrollment lasts 1 to 120 months, and no less where the income is fixed.")
    if not 1 <= terms.papers_days <= 180 or not all(1 <= days <= 365 for days in terms.remind_days):
        raise CannotDefine("Papers may be brought for 1 to 180 days; reminders go out 1 to 365 days before the end.")
    if not terms.citation.strip():
        raise CannotDefine("Name the resolution or ordinance that says so.")


def _check_share(program: Program, terms: Terms) -> None:
    """A plan by share of income knows the income of everybody who has it, and the fund that bears the rest."""
    if (program.fact == FACT) != (terms.income_share is not None):
        raise CannotDefine(
            "Say which percentage of its income a household pays: for a program of that kind, and for no other one."
        )
    if terms.income_share is None:
        return
    if not 0 < terms.income_share <= MOST_SHARE:
        raise CannotDefine(f"A household pays more than 0 % and at most {MOST_SHARE} % ({CITES}).")
    if not terms.bases <= {Basis.INCOME, Basis.DECLARED}:
        raise CannotDefine("A share is taken of an income: households may qualify by their income alone.")
    if not program.gl_code:
        raise CannotDefine("Name the fund that bears what is beyond the household's part.")
