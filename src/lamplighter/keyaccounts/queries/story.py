"""A customer's own story for slides or a letter: a year of use, peaks with their cost, rates, what-ifs, goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lamplighter.accounts.models import Agreement
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.comparing_rates import RateComparison, compare_rates
from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.peak_costs import PeakCosts, peak_costs
from lamplighter.billing.queries.service_years import CannotCompare, service_year
from lamplighter.intervals.curves.shapes import Figures, figures
from lamplighter.keyaccounts.models import Organisation, Plan, Step
from lamplighter.keyaccounts.queries.advising import Beside, beside_each_other, desk, kept_scenarios
from lamplighter.keyaccounts.queries.loads import year_curve
from lamplighter.keyaccounts.queries.measuring import Beyond
from lamplighter.keyaccounts.queries.plans import Standing, running_plan, standings
from lamplighter.rating.refusals import CannotMeasure, CannotPrice

NOT_TOLD = (CannotCompare, CannotMeasure, CannotPrice)


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What can be told of a service on a day. What can't is None or empty, with the reason in `untold` by its name:
    `use`, `peaks`, `rates`, `what_ifs`, `plan`."""

    organisation: Organisation
    service: Agreement
    on: date
    bills: tuple[Segment, ...]
    figures: Figures | None
    peaks: PeakCosts | None
    rates: RateComparison | None
    what_ifs: tuple[Beside, ...]
    plan: Plan | None
    goals: tuple[Standing, ...]
    steps: tuple[Step, ...]
    untold: dict[str, str] = field(default_factory=dict)


def story(
    organisation: Organisation, service: Agreement, *, on: date, beyond: Beyond, ruled_out: Mapping[str, str]
) -> Story:
    """Nothing is guessed: a section that has no ground says so. `ruled_out` as in `compare_rates`."""
    untold: dict[str, str] = {}
    plan = running_plan(organisation, on=on)
    goals = tuple(standings(plan, on=on, beyond=beyond)) if plan else ()
    if plan is None:
        untold["plan"] = "We have no plan together yet. Tell us what you would like to reach, and by when."
    bills = _bills(service)
    if not bills:
        untold["use"] = "No bill was issued here yet."
    return Story(
        organisation, service, on, bills, _figures(service, on), _peaks(service, on, untold),
        _rates(service, on, untold, ruled_out), _what_ifs(service, on, untold), plan, goals, _steps(plan), untold,
    )  # fmt: skip


def _bills(service: Agreement) -> tuple[Segment, ...]:
    """The last twelve live ones, oldest first."""
    rows = Segment.objects.filter(agreement=service, cancelled_at__isnull=True).order_by("-period")[:BILLS]
    return tuple(reversed(rows))


def _figures(service: Agreement, on: date) -> Figures | None:
    try:
        return figures(year_curve(service, on=on))
    except CannotMeasure:
        return None


def _peaks(service: Agreement, on: date, untold: dict[str, str]) -> PeakCosts | None:
    try:
        return peak_costs(service_year(service, on=on), count=5)
    except NOT_TOLD as why:
        untold["peaks"] = str(why)
        return None


def _rates(service: Agreement, on: date, untold: dict[str, str], ruled_out: Mapping[str, str]) -> RateComparison | None:
    try:
        return compare_rates(service, on=on, ruled_out=ruled_out)
    except NOT_TOLD as why:
        untold["rates"] = str(why)
        return None


def _what_ifs(service: Agreement, on: date, untold: dict[str, str]) -> tuple[Beside, ...]:
    kept = kept_scenarios(service)
    if not kept:
        untold["what_ifs"] = (
            "Nothing is worked out yet. Ask what solar, a battery, chargers or other equipment would do to your bills."
        )
        return ()
    try:
        return tuple(beside_each_other(desk(service, on=on), kept))
    except CannotAdvise as why:
        untold["what_ifs"] = str(why)
        return ()


def _steps(plan: Plan | None) -> tuple[Step, ...]:
    """What is being done for the goals: as the customer may see it."""
    if plan is None:
        return ()
    rows = Step.objects.filter(goal__plan=plan, goal__dropped_at__isnull=True, done_at__isnull=True)
    return tuple(rows.select_related("words", "owner").order_by("due_on", "pk"))
