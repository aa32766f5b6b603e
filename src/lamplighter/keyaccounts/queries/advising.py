"""What a scenario would do to one service: its own twelve bills, the rates that it might be on, weather and carbon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from lamplighter.accounts.models import Agreement
from lamplighter.advice.answering import Question, answer
from lamplighter.advice.answers import Answer, Option
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import Scenario, scenario_of_stored
from lamplighter.advice.surroundings import Surroundings, builtin, surroundings_of
from lamplighter.billing.queries.comparing_rates import checked_year
from lamplighter.billing.queries.history import BILLS
from lamplighter.billing.queries.rate_options import candidates
from lamplighter.billing.queries.service_years import CannotCompare, ServiceYear
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import AdoptedSurroundings
from lamplighter.keyaccounts.models import Scenario as Kept
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.queries.weather import mean_temperatures


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What advice on one service stands on: its bills and load, the rates that it might be on, and its surroundings."""

    service: ServiceYear
    options: tuple[Option, ...]
    around: Surroundings

    def asked(
        self, scenario: Scenario, *, every_rate: bool, capacity_kw: Decimal | None = None, rebates: Money | None = None
    ) -> Answer:
        """The answer; without `every_rate` on the present rate alone, unless the load would have to leave it.

        Raises CannotAdvise.
        """
        present = self.options if every_rate else self.options[:1]
        question = Question(self.service.curve, present, scenario, self.around, BILLS, capacity_kw, rebates or Money(0))
        found = answer(question)
        return (
            found
            if every_rate or not found.on.closed_then
            else self.asked(scenario, every_rate=True, capacity_kw=capacity_kw, rebates=rebates)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A scenario that was kept, with its answer as of now; `refused` where there is none any more."""

    kept: Kept
    answer: Answer | None
    refused: str = ""


def desk(agreement: Agreement, *, on: date) -> Desk:
    """Raises CannotAdvise where there is no year to stand on."""
    try:
        service = checked_year(agreement, on=on)
    except (CannotCompare, CannotMeasure) as fault:
        raise CannotAdvise(fault.code, str(fault)) from fault
    options = tuple(Option(one.code, one.name, one.current, one.pricer, one.closed) for one in candidates(service))
    return Desk(service, options, _measured(surroundings(on=on), service))


def surroundings(*, on: date) -> Surroundings:
    """Those adopted last, or those that the program comes with."""
    newest = AdoptedSurroundings.objects.filter(since__lte=on).order_by("-since", "-id").first()
    return builtin() if newest is None else surroundings_of(newest.text)


def kept_scenarios(agreement: Agreement) -> list[Kept]:
    """In the order in which they were last kept."""
    return list(Kept.objects.filter(agreement=agreement, dropped_at__isnull=True).order_by("saved_at", "pk"))


def beside_each_other(found: Desk, kept: list[Kept]) -> list[Beside]:
    """Each worked out anew on the service's present year."""
    made = []
    for one in kept:
        try:
            scenario = scenario_of_stored(one.changes)
            made.append(Beside(one, found.asked(scenario, every_rate=False, capacity_kw=capacity_of(one))))
        except CannotAdvise as fault:
            made.append(Beside(one, None, str(fault)))
    return made


def capacity_of(kept: Kept) -> Decimal | None:
    said = kept.changes.get("capacity_kw")
    return None if said is None else Decimal(str(said))


def _measured(around: Surroundings, service: ServiceYear) -> Surroundings:
    """With the days' temperatures that a station told."""
    days = service.curve.calendar.period
    degrees = mean_temperatures(days)
    first = days.start
    told = {first + timedelta(days=int(at)): float(degrees[at]) for at in np.flatnonzero(~np.isnan(degrees))}
    return around.measured(told)
