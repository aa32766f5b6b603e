"""Set who belongs on a schedule, from a day on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.ratestudies.models import RateRule
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.models import Schedule


class CannotSetRule(Exception):
    """A rate rule is refused; the message says why."""


@in_transaction
def set_rule(*, schedule: Schedule, limits: Limits, citation: str, on: date, by: Actor, at: datetime) -> RateRule:
    """From `on` the schedule's rule is this one; what held before ends there."""
    advisory_lock(f"rate-rule:{schedule.pk}")
    _check(limits, citation)
    rows = RateRule.objects.filter(schedule=schedule)
    if rows.filter(period__startswith__gte=on).exists():
        raise CannotSetRule(f"A rule from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in rows.filter(period__contains=on):
        RateRule.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = RateRule.objects.create(
        schedule=schedule, period=Period(on), classes=sorted(limits.classes), rank=limits.rank, usual=limits.usual,
        chosen=limits.chosen, kw=limits.kw, kwh=limits.kwh, months=limits.months, stay=limits.stay,
        requires=limits.requires, notice_days=limits.notice_days, citation=citation, set_by=by,
    )  # fmt: skip
    record(
        "ratestudies.rule.set", subject=f"schedule:{schedule.pk}", by=by, at=at, start=on.isoformat(),
        kw=str(limits.kw) if limits.kw is not None else None, kwh=str(limits.kwh) if limits.kwh is not None else None,
        months=limits.months, stay=limits.stay, citation=citation,
    )  # fmt: skip
    return row


def _check(limits: Limits, citation: str) -> None:
    if not citation.strip():
        raise CannotSetRule("Name the resolution or ordinance that says so.")
    if not limits.classes:
        raise CannotSetRule("Say for which classes of customer it is.")
    if limits.usual and limits.chosen:
        raise CannotSetRule("A schedule is either the usual one of its class or one that customers choose.")
    by_use = limits.kw is not None or limits.kwh is not None
    if not (by_use or limits.usual or limits.chosen):
        raise CannotSetRule("Give a limit in kW or kWh, or say that it is the usual one or that customers choose it.")
    if by_use and not 1 <= limits.stay <= limits.months <= 12:
        raise CannotSetRule("Months run from 1 to 12, and to stay no more are needed than to come in.")
    if not 0 <= limits.notice_days <= 180:
        raise CannotSetRule("Notice is given up to 180 days before.")
