"""Facts that turn out to have been otherwise: state them for their days, and ask for the bills that stood on others.

A multiplier, the rate of an agreement, a typed fact (exemption, discount, medical allowance), meters that were crossed,
a rate adopted for days gone by. Reads are in `journeys.reading`, moves in `journeys.moving`. What is asked for is done
by `journeys.rebilling`, in order of days and within the dated limits of back-billing and refund.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Agreement, AgreementFact, AgreementPoint, AgreementRate
from lamplighter.billing.models import RebillRequest
from lamplighter.billing.operations.correcting import ask_rebill
from lamplighter.billing.reasons import Why
from lamplighter.journeys.rebilling import ask_for_channel
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Installation, Meter
from lamplighter.metering.queries import installations_of
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.tariffs.models import Schedule, Version

Asked = list[RebillRequest]


@in_transaction
def correct_multiplier(
    *, channel: Channel, factor: Decimal, period: Period, by: Actor, at: datetime, remark: str
) -> Asked:
    """During `period` the channel's counts are, and were, multiplied with `factor`."""
    points = {one.point_id for one in installations_of(channel, period=period)}
    _hold(_served(points, period))
    metering.correct_multiplier(channel=channel, factor=factor, period=period, by=by, at=at, remark=remark)
    cause = f"multiplier:{channel.pk}:{period.start.isoformat()}"
    return ask_for_channel(channel=channel, period=period, reason=Why.MULTIPLIER, cause=cause, by=by, at=at)


@in_transaction
def change_rate(
    *, agreement: Agreement, schedule: Schedule, on: date, by: Actor, at: datetime, remark: str = ""
) -> tuple[AgreementRate, Asked]:
    """From `on` the agreement is, and was, on another schedule; a bill in which it changes becomes two parts."""
    _hold([agreement])
    rate = accounts.change_rate(agreement=agreement, schedule=schedule, on=on, by=by, at=at, remark=remark)
    return rate, _ask([agreement], rate.period, Why.RATE, f"rate:{rate.pk}", by=by, at=at)


@in_transaction
def state_fact(
    *,
    agreement: Agreement,
    name: str,
    value: str,
    period: Period,
    by: Actor,
    at: datetime,
    evidence: str = "",
    remark: str = "",
) -> tuple[AgreementFact, Asked]:
    """During `period` a fact of the agreement is, and was, `value`."""
    _hold([agreement])
    fact = accounts.state_fact(
        agreement=agreement, name=name, value=value, period=period, by=by, at=at, evidence=evidence, remark=remark
    )
    return fact, _ask([agreement], fact.period, Why.FACT, f"fact:{fact.pk}", by=by, at=at)


@in_transaction
def uncross(*, one: Meter, other: Meter, since: datetime, by: Actor, at: datetime, remark: str) -> Asked:
    """Since an instant each of two meters stood where the other was thought to be. Both sides are billed again."""
    standing = Installation.objects.filter(meter__in=[one, other], span__contains=since)
    period = Period(since.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date())
    agreements = _served(set(standing.values_list("point", flat=True)), period)
    _hold(agreements)
    metering.uncross(one=one, other=other, since=since, by=by, recorded_at=at, remark=remark)
    return _ask(agreements, period, Why.CROSSED, f"crossed:{one.pk}:{other.pk}", by=by, at=at)


@in_transaction
def ask_after_adoption(*, since: datetime, by: Actor, at: datetime) -> Asked:
    """Versions that were adopted since an instant for days before their adoption: ask for every agreement on them. The
    same version is asked for once."""
    zone, asked = ZoneInfo(settings.UTILITY_ZONE), []
    adopted = Version.objects.filter(state=Version.State.ADOPTED, adopted_at__gte=since)
    for version in adopted.order_by("pk"):
        assert version.adopted_at is not None, "an adopted version says when"
        until = version.adopted_at.astimezone(zone).date() + timedelta(days=1)
        cause = f"version:{version.pk}"
        if version.period.start >= until or RebillRequest.objects.filter(cause=cause).exists():
            continue
        period = version.period & Period(version.period.start, until)
        assert period is not None, "a version begins with its period"
        rates = AgreementRate.objects.filter(schedule=version.schedule_id, period__overlap=period)
        several = {rate.agreement for rate in rates.select_related("agreement")}
        asked += _ask(several, period, Why.TARIFF, cause, by=by, at=at)
    return asked


def _served(points: Collection[int], period: Period) -> set[Agreement]:
    uses = AgreementPoint.objects.filter(point__in=points, period__overlap=period).select_related("agreement")
    return {use.agreement for use in uses}


def _hold(agreements: Iterable[Agreement]) -> None:
    """Before a fact is stated: a bill that is being made on the old fact is issued first, and is seen by `_ask`."""
    advisory_lock(*(f"account:{one.account_id}" for one in agreements))


def _ask(agreements: Iterable[Agreement], period: Period, reason: Why, cause: str, *, by: Actor, at: datetime) -> Asked:
    requests = [
        ask_rebill(agreement=one, period=period, reason=reason, cause=cause, by=by, at=at)
        for one in sorted(agreements, key=lambda one: one.pk)
    ]
    return [request for request in requests if request is not None]
