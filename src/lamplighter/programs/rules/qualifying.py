"""Whether a household qualifies under the terms of a day, and what it still has to show.

Income is compared with a percentage of the federal poverty guideline for its size (42 U.S.C. 9902(2)): so much for the
first person, so much more for each other. Categorical eligibility stands instead of income, as in LIHEAP (42 U.S.C.
8624(b)(2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period


class CannotApply(Exception):
    """An application or enrollment can't be dealt with so; the message is fit to be read aloud."""


class Basis(StrEnum):
    """By what a household asks to be let in."""

    CATEGORY = "category"
    AGENCY = "agency"
    INCOME = "income"
    DECLARED = "declared"
    MEDICAL = "medical"

    @property
    def label(self) -> str:
        return _BASES[self]


class PaperKind(StrEnum):
    """What a paper shows."""

    CATEGORY = "category"
    AGENCY = "agency"
    INCOME = "income"
    MEDICAL = "medical"

    @property
    def label(self) -> str:
        return _PAPERS[self]


_BASES = {
    Basis.CATEGORY: "Another program that they are in",
    Basis.AGENCY: "An agency's certificate",
    Basis.INCOME: "Income, with papers",
    Basis.DECLARED: "Income, declared",
    Basis.MEDICAL: "Physician's certificate",
}
_PAPERS = {
    PaperKind.CATEGORY: "Proof of the other program",
    PaperKind.AGENCY: "The agency's certificate",
    PaperKind.INCOME: "Proof of income",
    PaperKind.MEDICAL: "Physician's certificate",
}

PAPERS: dict[Basis, PaperKind] = {
    Basis.CATEGORY: PaperKind.CATEGORY, Basis.AGENCY: PaperKind.AGENCY, Basis.INCOME: PaperKind.INCOME,
    Basis.MEDICAL: PaperKind.MEDICAL,
}  # fmt: skip
"""What must be seen for each basis; for what is declared, a person's word is enough until they are sampled."""

CATEGORIES: dict[str, str] = {
    "snap": "CalFresh (SNAP)",
    "medicaid": "Medi-Cal (Medicaid)",
    "liheap": "Home energy assistance (LIHEAP)",
    "wic": "Women, Infants and Children (WIC)",
    "ssi": "Supplemental Security Income (SSI)",
    "housing": "Income-restricted housing",
    "head-start": "Head Start",
}


class Verdict(StrEnum):
    APPROVED = "approved"
    MISSING = "missing"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Terms:
    """A program's rules for a period. `income_percent` of the guideline is the limit; None: income does not count.

    `months` is how long an enrollment lasts, `fixed_months` for a household whose income does not change. With an
    `income_share` the household pays so many percent of its income instead of the bill.
    """

    bases: frozenset[Basis]
    income_percent: int | None
    categories: frozenset[str] = frozenset()
    months: int = 24
    fixed_months: int = 48
    papers_days: int = 30
    remind_days: tuple[int, ...] = (60, 15)
    citation: str = ""
    income_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Guideline:
    """Yearly income by size of household: the first person, and each other."""

    first: Money
    more: Money
    citation: str = ""

    def for_household(self, size: int) -> Money:
        assert size >= 1, size
        return self.first + self.more * (size - 1)


@dataclass(frozen=True, slots=True)
class Said:
    """What a household says and shows. `income` is that of a year, of everybody in it."""

    basis: Basis
    household: int
    income: Money | None = None
    category: str = ""
    fixed: bool = False
    papers: frozenset[PaperKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows, and why, in words for the caller. `period` is that of the enrollment where it is approved."""

    verdict: Verdict
    says: tuple[str, ...]
    missing: tuple[PaperKind, ...] = ()
    limit: Money | None = None
    period: Period | None = None


def limit_of(terms: Terms, guideline: Guideline | None, household: int) -> Money | None:
    """The highest yearly income that a household of this size may have; None where income does not count."""
    if terms.income_percent is None or guideline is None:
        return None
    return _percent(guideline.for_household(household), terms.income_percent)


def decide(said: Said, *, terms: Terms, guideline: Guideline | None, on: date) -> Decision:
    """Apply the terms of a day. A person may still decide otherwise, with a reason."""
    refusals = _refusals(said, terms, guideline)
    limit = limit_of(terms, guideline, said.household)
    if refusals:
        return Decision(Verdict.DENIED, refusals, limit=limit)
    months = terms.fixed_months if said.fixed else terms.months
    why = _because(said, limit, terms)
    missing = tuple(kind for kind in (PAPERS.get(said.basis),) if kind and kind not in said.papers)
    if missing:
        words = tuple(f"Still to be shown: {kind.label.lower()}." for kind in missing)
        return Decision(Verdict.MISSING, (*why, *words), missing, limit)
    return Decision(Verdict.APPROVED, why, limit=limit, period=Period(on, months_later(on, months)))


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _percent(amount: Money, percent: int) -> Money:
    """Whole cents, the rest dropped: a limit is never rounded up."""
    return Money(amount.cents * percent // 100)


def _refusals(said: Said, terms: Terms, guideline: Guideline | None) -> tuple[str, ...]:
    if said.basis not in terms.bases:
        return (f"This program can't be had by: {said.basis.label.lower()}.",)
    match said.basis:
        case Basis.CATEGORY if said.category not in terms.categories:
            return ("That program does not open this one. Ask about income instead.",)
        case Basis.INCOME | Basis.DECLARED:
            return _over(said, terms, guideline)
    return ()


def _over(said: Said, terms: Terms, guideline: Guideline | None) -> tuple[str, ...]:
    limit = limit_of(terms, guideline, said.household)
    if limit is None:
        return ("No income table is set for today. The administrator sets it under Rules.",)
    if said.income is None:
        return ("Ask for the household's income of a year.",)
    if said.income > limit:
        over = f"{said.income} a year is over the limit of {limit} for {people(said.household)}."
        return (over,)
    return ()


def _because(said: Said, limit: Money | None, terms: Terms) -> tuple[str, ...]:
    match said.basis:
        case Basis.CATEGORY:
            return (f"In {CATEGORIES[said.category]}, which opens this program.",)
        case Basis.AGENCY:
            return ("An agency certifies the household.",)
        case Basis.MEDICAL:
            return ("A physician certifies the need.",)
        case Basis.INCOME | Basis.DECLARED:
            share = f"{terms.income_percent}% of the federal guideline"
            return (f"{said.income} a year is within {limit} for {people(said.household)} ({share}).",)


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
