"""The rates that a service might be on, each ready to price any load over its bills: what advice is worked out on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from lamplighter.billing.queries.comparing_rates import assumed, at_prices_of, why_closed
from lamplighter.billing.queries.service_years import ServiceYear
from lamplighter.intervals.curves.pricing import YearPricer
from lamplighter.tariffs.models import Schedule


@dataclass(frozen=True, slots=True)
class RateCandidate:
    """A schedule with its bills laid out. `closed` says why a load of that highest kW may not be on it, or ""."""

    code: str
    name: str
    current: bool
    pricer: YearPricer
    closed: Callable[[Decimal], str]


def candidates(service: ServiceYear) -> list[RateCandidate]:
    """The present schedule first, then the others by their code; at the prices of the last day of the bills."""
    book = at_prices_of(service, service.period.last_day)
    found = []
    for schedule in sorted(Schedule.objects.all(), key=lambda one: (one.key != service.schedule, one.code)):
        versions = book.get(schedule.key)
        if not versions or versions[-1].tariff.rider:
            continue
        newest, current = versions[-1].tariff, schedule.key == service.schedule
        facts, _ = ({}, "") if current else assumed(service, newest)
        found.append(
            RateCandidate(
                newest.code, newest.name, current, service.pricer(schedule.key, book, facts),
                partial(why_closed, newest, schedule, service.agreement, last=service.period.last_day),
            )
        )  # fmt: skip
    return found
