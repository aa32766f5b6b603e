"""Who is enrolled on a day, whose enrollment ends soon, and by which terms a day decides."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from lamplighter.accounts.models import Agreement
from lamplighter.programs.models import Enrollment, IncomeGuideline, Program, ProgramTerms
from lamplighter.programs.rules.qualifying import CannotApply, Guideline, Terms


def terms_on(program: Program, *, on: date) -> Terms:
    """The terms of a day. Raises CannotApply where the program is not offered on it."""
    row = ProgramTerms.objects.filter(program=program, period__contains=on).first()
    if row is None:
        raise CannotApply(f"{program.name} is not offered on {on:%b %-d, %Y}.")
    return row.terms


def guideline_on(*, on: date) -> Guideline | None:
    row = IncomeGuideline.objects.filter(period__contains=on).first()
    return row.guideline if row else None


def enrolled_on(program: Program, *, day: date) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(program=program, period__contains=day).order_by("pk")


def ending(*, on: date, within: int) -> QuerySet[Enrollment]:
    """Those that end within so many days and are not renewed, the soonest first."""
    last = on + timedelta(days=within)
    rows = Enrollment.objects.filter(
        period__contains=on, period__endswith__lte=last, followed_by__isnull=True, ended_at__isnull=True
    )
    return rows.select_related("program", "account", "agreement").order_by("period__endswith", "pk")


def current(agreements: list[Agreement], *, on: date) -> dict[tuple[int, str], Enrollment]:
    """By agreement and program: the enrollment that runs, or is to run; the last of several."""
    rows = Enrollment.objects.filter(agreement__in=agreements).filter(
        Q(period__contains=on) | Q(period__startswith__gt=on)
    )
    rows = rows.select_related("income_plan").order_by("period")
    return {(row.agreement_id, row.program_id): row for row in rows}
