"""Hold every customer to the rate rules over a year of their use. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.accounts.models import AgreementRate
from lamplighter.billing.queries.whatif_years import Billed, billed
from lamplighter.billing.rules import months_before
from lamplighter.ratestudies.models import Move
from lamplighter.ratestudies.queries.rules import rules_on
from lamplighter.ratestudies.queries.studying import AT_ONCE, Customer, Progress, customers
from lamplighter.ratestudies.rules import Judged, Limits, Used, belongs
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.usage.measuring import Wanted
from lamplighter.usage.queries.measured import measured
from lamplighter.usage.queries.points import points_of

YEAR = 12
PEAK = Determinant(What.KW, window=DemandWindow(15))
OPEN = (Move.State.FOUND, Move.State.TOLD)


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A customer who belongs on another schedule, and why."""

    customer: Customer
    judged: Judged


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many were looked at, who belongs elsewhere, and why others could not be judged, with their number."""

    looked_at: int
    misplaced: tuple[Misplaced, ...]
    unjudged: Mapping[str, int]


def reviewed(*, until: date, on: date, progress: Progress) -> Reviewed:
    """Everybody with a rate that a rule assigns and a class with several of them, whom no earlier review still has in
    hand."""
    rules = rules_on(on)
    first = months_before(until, YEAR)
    running = dict(AgreementRate.objects.filter(rider=False, period__contains=on).values_list("agreement", "schedule"))
    waiting = set(Move.objects.filter(state__in=OPEN).values_list("agreement", flat=True))
    who = [
        Customer(one.agreement, running[one.agreement], one.customer_class)
        for one in customers(until=until, first=first)
        if one.agreement in running
        and one.agreement not in waiting
        and _may_move(rules, running[one.agreement], one.customer_class)
    ]
    found: list[Misplaced] = []
    unjudged: Counter[str] = Counter()
    for done in range(0, len(who), AT_ONCE):
        progress(done, len(who))
        for one, judged in _judged(who[done : done + AT_ONCE], rules, until):
            if not judged.schedule:
                unjudged[judged.why] += 1
            elif judged.schedule != one.schedule:
                found.append(Misplaced(one, judged))
    progress(len(who), len(who))
    return Reviewed(len(who), tuple(found), dict(unjudged))


def used(years: Mapping[int, Sequence[Billed]], *, demand: bool) -> dict[int, list[Used]]:
    """kWh of each billed month, and its highest kW where a bill kept it or interval readings tell it."""
    peaks = _peaks(years) if demand else {}
    return {
        agreement: [Used(bill.month, bill.kwh, peaks.get(bill.segment)) for bill in year]
        for agreement, year in years.items()
    }


def _judged(who: Sequence[Customer], rules: Mapping[str, Limits], until: date) -> Iterator[tuple[Customer, Judged]]:
    demand = {cls for rule in rules.values() if rule.kw is not None for cls in rule.classes}
    for by_demand in (False, True):
        some = [one for one in who if (one.customer_class in demand) == by_demand]
        years = billed([one.agreement for one in some], until=until, months=YEAR)
        months = used(years, demand=by_demand)
        for one in some:
            yield one, belongs(one.schedule, one.customer_class, months[one.agreement], rules)


def _peaks(years: Mapping[int, Sequence[Billed]]) -> dict[int, Decimal]:
    """By segment."""
    found: dict[int, Decimal] = {}
    asking: list[Billed] = []
    for bill in (bill for year in years.values() for bill in year):
        kept = [value for (key, _, _), value in bill.told().items() if key.startswith("kW/delivered/15 min")]
        if kept:
            found[bill.segment] = max(kept)
        elif bill.method != "registers":
            asking.append(bill)
    points = points_of({bill.agreement for bill in asking})
    wanted = [
        Wanted(bill.segment, points[bill.agreement], bill.period, (Ask(PEAK, bill.period),))
        for bill in asking
        if points[bill.agreement]
    ]
    for one, answer in zip(wanted, measured(wanted), strict=True):
        if not answer.findings:
            assert isinstance(one.key, int)
            found[one.key] = answer.values[one.asks[0]]
    return found


def _may_move(rules: Mapping[str, Limits], schedule: str, customer_class: str) -> bool:
    """Whether a rule assigns this schedule, and another one of the class could claim the customer."""
    assigning = [rule for rule in rules.values() if rule.assigns and customer_class in rule.classes]
    return schedule in {rule.schedule for rule in assigning} and len(assigning) > 1
