"""Share out what a point sends back from a day on, and have what was billed on another plan billed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from lamplighter.accounts.models import Agreement, AgreementPoint, AgreementRate, SharePlan
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.sharing import operations as sharing
from lamplighter.billing.models import RebillRequest
from lamplighter.billing.operations.correcting import ask_rebill
from lamplighter.billing.reasons import Why
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.rating.needs import needed
from lamplighter.tariffs.queries import in_force


@in_transaction
def share_out(
    *,
    point: ServicePoint,
    since: date,
    percents: Mapping[Agreement, Decimal],
    by: Actor,
    at: datetime,
    remark: str = "",
) -> tuple[SharePlan, list[RebillRequest]]:
    """The plan, and requests for every service that had a share, has one now, or is served at the point."""
    advisory_lock(f"service_point:{point.pk}")
    sends = Channel.objects.filter(
        quantity=Channel.Quantity.ENERGY, flow=Flow.RECEIVED, meter__installations__point=point
    )  # fmt: skip
    if not sends.exists():
        raise CannotServe("No meter there counts what is sent back, so that nothing can be shared.")
    days = Period(since)
    touched = {*percents, *_served(point, days), *_sharing(point)}
    advisory_lock(*(f"account:{one.account_id}" for one in touched))
    plan = sharing.share_out(point=point, since=since, percents=percents, by=by, at=at, remark=remark)
    for one in percents:
        _refuse_uncredited(one, since)
    asked = [
        ask_rebill(agreement=one, period=days, reason=Why.SHARES, cause=f"shares:{plan.pk}", by=by, at=at)
        for one in sorted(touched, key=lambda one: one.pk)
    ]
    return plan, [request for request in asked if request is not None]


def _refuse_uncredited(agreement: Agreement, day: date) -> None:
    """A share that no line of the rate asks for would be lost without a word."""
    rates = AgreementRate.objects.filter(agreement=agreement, period__contains=day)
    book = in_force(set(rates.values_list("schedule", flat=True)), period=Period(day, day + timedelta(days=1)))
    asked = {own.flow for several in book.values() for one in several for own in needed(one.tariff)}
    if not asked & {Flow.RECEIVED, Flow.NET}:
        raise CannotServe(
            f"The rate of account {agreement.account.number} credits nothing that is sent back. Put net metering beside"
            " it first."
        )


def _served(point: ServicePoint, days: Period) -> set[Agreement]:
    uses = AgreementPoint.objects.filter(point=point, period__overlap=days).select_related("agreement")
    return {use.agreement for use in uses}


def _sharing(point: ServicePoint) -> set[Agreement]:
    return set(Agreement.objects.filter(shares__plan__point=point))
