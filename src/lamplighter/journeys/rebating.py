"""Rebates across contexts: savings by the meter, carbon by the grid's factor, and a day of reservations."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from lamplighter.intervals.curves.verifying import CannotVerify, Verified
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.queries.advising import surroundings
from lamplighter.platform.models import StoredFile
from lamplighter.platform.transactions import in_transaction
from lamplighter.rebates.models import RebateApplication
from lamplighter.rebates.operations import deciding
from lamplighter.rebates.operations.applying import try_to_reserve
from lamplighter.rebates.rules.savings import Factor, Measured
from lamplighter.rebates.rules.stages import CannotRebate, State
from lamplighter.usage.queries.verifying import saving_by_meter as saving_of


@dataclass(frozen=True, slots=True)
class RebateDay:
    """What a day did."""

    lapsed: int
    reserved: int


def factor_on(on: date) -> Factor:
    """kg of CO2 of a MWh over a year: the mean of the adopted hourly table that holds on the day."""
    tables = surroundings(on=on).carbon
    table = [one for one in tables if one.since <= on][-1:] or tables[:1]
    days = [calendar.monthrange(on.year, month)[1] for month in range(1, 13)]
    mean = np.average(np.array(table[0].kg_per_mwh).mean(axis=1), weights=days)
    return Factor(Decimal(float(mean)).quantize(Decimal("0.001")), f"{table[0].source}, from {table[0].since}")


@in_transaction
def accept(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> RebateApplication:
    """The papers do."""
    return deciding.accept_papers(application=application, factor=factor_on(on), on=on, by=by, at=at)


@in_transaction
def inspected(
    *, application: RebateApplication, found: Decimal, words: str, photo: StoredFile | None, on: date, by: Actor,
    at: datetime,
) -> RebateApplication:  # fmt: skip
    """Somebody went and looked."""
    return deciding.inspect(
        application=application, found=found, words=words, photo=photo, factor=factor_on(on), on=on, by=by, at=at
    )


@in_transaction
def measure(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> RebateApplication:
    """Take what the meter tells as its saving. Raises CannotRebate where the meter tells nothing yet."""
    found = saving_by_meter(application, on=on)
    words = (
        f"{found.before} days before and {found.after} since; a day's use is missed by {found.cv:.0%} of it;"
        f" {found.share:.1%} of the use is saved."
    )
    three = Decimal("0.001")
    measured = Measured(Decimal(found.kwh).quantize(three), Decimal(found.off_kwh).quantize(three), words)
    return deciding.record_measured(
        application=application, measured=measured, factor=factor_on(on), on=on, by=by, at=at
    )


def saving_by_meter(application: RebateApplication, *, on: date) -> Verified:
    """The year before the work beside the days since, without the day of the work itself."""
    done = application.installed_on
    if done is None:
        raise CannotRebate("No day has passed since the work was done.")
    if application.agreement.period.start >= done:
        raise CannotRebate("Service began with the work: there is no year before to compare with.")
    try:
        return saving_of(application.agreement, began=done, done=done, until=on).verified
    except CannotVerify as fault:
        raise CannotRebate(f"Nothing can be told by the meter yet: {fault}") from fault


@in_transaction
def pass_a_rebate_day(*, on: date, by: Actor, at: datetime) -> RebateDay:
    """Reservations that ran out lapse, and those who wait have the money, in the order in which they asked. Begun
    again it changes nothing twice."""
    over = list(RebateApplication.objects.filter(state=State.RESERVED, done_by__lt=on).order_by("pk"))
    for row in over:
        deciding.lapse(application=row, on=on, by=by, at=at)
    queue = RebateApplication.objects.filter(state=State.QUEUED, budget__isnull=False).order_by("received_at", "pk")
    stopped: set[int | None] = set()
    reserved = 0
    for row in queue:
        if row.budget_id in stopped:
            continue
        if try_to_reserve(application=row, on=on, by=by, at=at):
            reserved += 1
        else:
            stopped.add(row.budget_id)
    return RebateDay(len(over), reserved)
