"""What a plan's goals measure now: from meters, bills, touches and issues; nothing that somebody typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Segment
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.shapes import Figures, figures
from lamplighter.keyaccounts.measures import MEASURES, progress
from lamplighter.keyaccounts.models import Goal, Issue, Organisation, Plan, Touch
from lamplighter.keyaccounts.queries.loads import YEAR, year_curve
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.keyaccounts.queries.projects import saved_kwh
from lamplighter.rating.refusals import CannotMeasure

QUARTER = 90


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal with its figure of today (None: it can't be measured) and where that leaves it, in words."""

    goal: Goal
    value: Decimal | None
    words: str


def running_plan(organisation: Organisation, *, on: date) -> Plan | None:
    found = Plan.objects.filter(organisation=organisation, period__contains=on)
    return found.select_related("organisation__person", "situation").first()


def standings(plan: Plan, *, on: date) -> list[Standing]:
    """Every goal that was not given up."""
    found = []
    goals = Goal.objects.filter(plan=plan, dropped_at__isnull=True).select_related("agreement__premise").order_by("pk")
    for goal in goals:
        value = measure(goal.measure, organisation=plan.organisation, agreement=goal.agreement, on=on)
        words = (
            "Not measured"
            if value is None
            else progress(goal.measure, baseline=goal.baseline, target=goal.target, value=value)
        )
        found.append(Standing(goal, value, words))
    return found


def measure(name: str, *, organisation: Organisation, agreement: Agreement | None, on: date) -> Decimal | None:
    """A measure of one service, or of all of the organisation's; None where there is nothing to take it from."""
    services = [agreement] if agreement is not None else services_of(organisation)
    places = Decimal(1).scaleb(-MEASURES[name].places)
    try:
        value = _taken(name, organisation, services, on)
    except CannotMeasure:
        return None
    return None if value is None else value.quantize(places)


def _taken(name: str, organisation: Organisation, services: Sequence[Agreement], on: date) -> Decimal | None:
    of_curve: dict[str, tuple[int, Callable[[Figures], float | None]]] = {
        "peak-kw": (QUARTER, lambda f: f.peak_kw),
        "base-kw": (QUARTER, lambda f: f.base_kw),
        "load-factor": (YEAR, lambda f: f.load_factor * 100),
        "power-factor": (YEAR, lambda f: f.power_factor),
    }
    if name in of_curve:
        days, take = of_curve[name]
        if len(services) != 1:
            return None
        curve: LoadCurve = year_curve(services[0], on=on, days=days)
        value = take(figures(curve))
        return None if value is None else Decimal(value)
    if name in {"kwh-year", "cost-year", "cents-kwh"}:
        return _billed(name, services)
    if name == "saved-kwh":
        return saved_kwh(organisation, services, on=on)
    return _with_us(name, organisation, on)


def _with_us(name: str, organisation: Organisation, on: date) -> Decimal | None:
    """Of the contact log and the issues of an organisation."""
    if name == "touches":
        since = on - timedelta(days=QUARTER)
        return Decimal(Touch.objects.filter(organisation=organisation, at__date__gt=since).count())
    closed = Issue.objects.filter(organisation=organisation, closed_at__date__gt=on - timedelta(days=YEAR))
    if not closed.exists():
        return None
    return Decimal(100 * closed.filter(closed_at__date__lte=F("first_promised_on")).count()) / closed.count()


def _billed(name: str, services: Sequence[Agreement]) -> Decimal | None:
    """Over the last twelve bills of each service; None where one has fewer."""
    kwh, cents = Decimal(0), Decimal(0)
    for one in services:
        rows = Segment.objects.filter(agreement=one, cancelled_at__isnull=True).order_by("-period")[:12]
        billed = list(rows.values_list("kwh", "total"))
        if len(billed) < 12:
            return None
        kwh += sum((used or Decimal(0) for used, _ in billed), Decimal(0))
        cents += sum(total.cents for _, total in billed)
    match name:
        case "kwh-year":
            return kwh
        case "cost-year":
            return cents / 100
        case _:
            return cents / kwh if kwh else None
