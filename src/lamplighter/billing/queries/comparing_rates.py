"""What a service would have cost under every schedule that it may be on: its own twelve months, priced exactly.

Each total is that of twelve bills computed one by one (docs/algorithms/rate-comparison.md). Where history is short or
estimated, nothing is compared: a guess that looks exact would mislead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from lamplighter.accounts.models import Agreement
from lamplighter.billing.queries.history import BILLS, too_little
from lamplighter.billing.queries.service_years import CannotCompare, ServiceYear, service_year
from lamplighter.intervals.curves.pricing import PricedYear
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.availability import why_not
from lamplighter.rating.charges import PowerFactorRider
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.rating.tariff import Status, Tariff
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.queries import InForce, in_force

PEAK = Determinant(What.KW, window=DemandWindow(15))
NO_RULES: Mapping[str, str] = MappingProxyType({})
HOURLY_PEAK = Determinant(What.KW, window=DemandWindow(60))


@dataclass(frozen=True, slots=True)
class RateOption:
    """A schedule that the service may be on, with its twelve bills. `assumed` says what was not known of it."""

    schedule: str
    code: str
    name: str
    current: bool
    year: PricedYear
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A schedule that the service may not be on, or that can't be priced for it, and why."""

    code: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RateComparison:
    """`options` by their total, the cheapest first; the current schedule is always among them."""

    service: ServiceYear
    kw_peak: Decimal
    options: tuple[RateOption, ...]
    not_offered: tuple[NotOffered, ...]

    @property
    def current(self) -> RateOption:
        return next(option for option in self.options if option.current)

    @property
    def best(self) -> RateOption:
        return self.options[0]

    def saving(self, option: RateOption) -> Money:
        """What twelve months under that schedule would have cost less; negative: more."""
        return self.current.year.total - option.year.total


def compare_rates(
    agreement: Agreement, *, on: date, prices_of: date | None = None, ruled_out: Mapping[str, str] = NO_RULES
) -> RateComparison:
    """What twelve months came to, at the prices of those months; or, with `prices_of`, at those of one day. `ruled_out`
    are schedules that the utility's rules do not let the customer ask for, each with why.

    Raises CannotCompare or CannotMeasure where a comparison would mislead.
    """
    service = checked_year(agreement, on=on)
    schedules = list(Schedule.objects.order_by("code"))
    book = in_force({one.key for one in schedules} | set(service.riders), period=_whole(service))
    if prices_of is not None:
        book = at_prices_of(service, prices_of)
    peak = highest_kw(service)
    options, others = [], []
    for schedule in schedules:
        newest = book[schedule.key][-1].tariff if book[schedule.key] else None
        if newest is None or newest.rider:
            continue
        current = schedule.key == service.schedule
        closed = "" if current else why_closed(newest, schedule, agreement, peak, last=service.period.last_day)
        why = closed or ("" if current else ruled_out.get(schedule.key, ""))
        made = why or _priced(service, schedule.key, newest, book, current=current)
        if isinstance(made, RateOption):
            options.append(made)
        elif current:
            raise CannotCompare("compare.current", made)
        else:
            others.append(NotOffered(newest.code, newest.name, made))
    ranked = sorted(options, key=lambda option: (option.year.total, not option.current))
    return RateComparison(service, peak, tuple(ranked), tuple(others))


def checked_year(agreement: Agreement, *, on: date) -> ServiceYear:
    """Twelve bills of a service with readings good enough to compare on. Raises CannotCompare or CannotMeasure."""
    service = service_year(agreement, on=on)
    lacking, share = service.curve.missing, service.year.estimated_share
    if lacking:
        raise CannotCompare(
            "compare.missing", f"{lacking:,} readings are missing: missing use is never taken for zero."
        )
    days = service.period.days
    if why := too_little(bills=len(service.bills[-BILLS:]), days=days, estimated=Decimal(str(share))):
        raise CannotCompare(why.code, why.message)
    return service


def highest_kw(service: ServiceYear) -> Decimal:
    """The highest quarter hour of the twelve months; of a meter read by the hour, the highest hour."""
    peak = HOURLY_PEAK if service.curve.calendar.seconds > 900 else PEAK
    return service.meter(Ask(peak, service.period))


def why_closed(tariff: Tariff, schedule: Schedule, agreement: Agreement, peak: Decimal, *, last: date) -> str:
    """Why an agreement with that highest kW may not be on a schedule on a day; "" where it may."""
    return closed_to(agreement.account.customer_class, tariff, of=schedule.customer_class, kw_peak=peak, on=last)


def closed_to(customer_class: str, tariff: Tariff, *, of: str, kw_peak: Decimal | None, on: date) -> str:
    """Why a schedule (`of` a class) is closed to customers of a class with that highest kW, None where no meter tells
    it; "" where it is open. Every comparison of rates goes by this."""
    if on not in tariff.valid:
        return "It is no longer in force."
    if tariff.status is not Status.OPEN:
        return f"It is {tariff.status} to new customers."
    if not tariff.available.to and of != customer_class:
        return f"It is for {of} customers; this one is {customer_class}."
    return why_not(tariff.available, customer_class=customer_class, kw_peak=kw_peak)


def _priced(
    service: ServiceYear, schedule: str, newest: Tariff, book: Mapping[str, Sequence[InForce]], *, current: bool
) -> RateOption | str:
    """The option, or why it can't be priced."""
    facts, taken = ({}, "") if current else assumed(service, newest)
    try:
        year = service.pricer(schedule, book, facts).price(service.curve, meter=service.meter)
    except (CannotPrice, CannotMeasure) as fault:
        return str(fault)
    return RateOption(schedule, newest.code, newest.name, current, year.last(BILLS), taken)


def assumed(service: ServiceYear, tariff: Tariff) -> tuple[dict[str, object], str]:
    """A power factor that nobody tested and no meter counted is taken to be good enough for no charge, and told."""
    riders = [line.charge for line in tariff.lines if isinstance(line.charge, PowerFactorRider)]
    told = {name for bill in service.bills for name in bill.facts}
    lacking = [one for one in riders if one.power_factor.attribute and one.power_factor.attribute not in told]
    if not lacking or service.curve.reactive is not None:
        return {}, ""
    facts: dict[str, object] = {one.power_factor.attribute: one.reference for one in lacking}
    reference = max(one.reference for one in lacking)
    return facts, f"No power factor was tested or metered; {reference:f} is assumed, at which nothing is charged."


def at_prices_of(service: ServiceYear, day: date) -> dict[str, list[InForce]]:
    """Each schedule's version of a day standing for all of the service's days: what a year like the last costs then."""
    keys = set(Schedule.objects.values_list("key", flat=True))
    return {
        key: [replace(one, tariff=replace(one.tariff, valid=_whole(service))) for one in versions]
        for key, versions in in_force(keys, period=Period(day, day + timedelta(days=1))).items()
    }


def _whole(service: ServiceYear) -> Period:
    return Period(service.bills[0].period.start, service.bills[-1].period.closed_end)
