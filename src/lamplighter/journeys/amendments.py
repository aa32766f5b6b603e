"""Facts that may turn out to have been otherwise, as values: in words for a person, and as a proposal keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from lamplighter.billing.models import RebillRequest
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Meter
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


@dataclass(frozen=True, slots=True)
class MultiplierWas:
    """During `period` a channel's counts were to be multiplied with `factor`."""

    channel: int
    factor: Decimal
    period: Period


@dataclass(frozen=True, slots=True)
class RateWas:
    """From `start` an agreement was on another schedule."""

    agreement: int
    schedule: str
    start: date


@dataclass(frozen=True, slots=True)
class FactWas:
    """During `period` a fact of an agreement was `value`: an exemption, a discount, a medical allowance."""

    agreement: int
    name: str
    value: str
    period: Period


@dataclass(frozen=True, slots=True)
class CrossedWere:
    """Since an instant each of two meters stood where the other was thought to be."""

    one: int
    other: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SharesWere:
    """From a day on, what a service point sends back is shared: percentages by agreement; none: no more."""

    point: int
    since: date
    percents: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class KnownAlready:
    """What a request to bill again asks for: its fact is stated, its bills wait."""

    request: int


Amendment: TypeAlias = MultiplierWas | RateWas | FactWas | CrossedWere | SharesWere | KnownAlready


def in_words(change: Amendment) -> str:
    """One line for a list."""
    match change:
        case MultiplierWas():
            channel = Channel.objects.select_related("meter").get(pk=change.channel)
            return f"Multiplier of meter {channel.meter.badge} ({channel.name}) was {change.factor.normalize():f}"
        case RateWas():
            code = Schedule.objects.get(pk=change.schedule).code
            return f"On {code} since {change.start:%b %-d, %Y}"
        case FactWas():
            name = change.name.replace("_", " ").capitalize()
            return f"{name} was {change.value} from {change.period.start:%b %-d, %Y}"
        case CrossedWere():
            badges = Meter.objects.filter(pk__in=[change.one, change.other]).order_by("badge")
            return f"Meters {' and '.join(meter.badge for meter in badges)} were crossed"
        case SharesWere():
            point = ServicePoint.objects.get(pk=change.point)
            told = f"shared among {len(change.percents)}" if change.percents else "shared no more"
            return f"What point {point} sends back is {told} from {change.since:%b %-d, %Y}"
        case KnownAlready():
            asked = RebillRequest.objects.get(pk=change.request)
            return f"{asked.reason.replace('-', ' ').capitalize()}, from {asked.period.start:%b %-d, %Y}"


def read(written: Mapping[str, Any]) -> Amendment:
    """A proposal back as what was asked."""
    match dict(written):
        case {"multiplier": channel, "factor": factor, "start": start, "end": end}:
            return MultiplierWas(channel, Decimal(factor), _period(start, end))
        case {"rate": agreement, "schedule": schedule, "start": start}:
            return RateWas(agreement, schedule, date.fromisoformat(start))
        case {"fact": agreement, "name": name, "value": value, "start": start, "end": end}:
            return FactWas(agreement, name, value, _period(start, end))
        case {"crossed": [one, other], "since": since}:
            return CrossedWere(one, other, datetime.fromisoformat(since))
        case {"shares_of": point, "since": since, "percents": percents}:
            kept = tuple((agreement, Decimal(percent)) for agreement, percent in percents)
            return SharesWere(point, date.fromisoformat(since), kept)
        case {"request": request}:
            return KnownAlready(request)
    raise AssertionError(f"no amendment: {written}")


def written(change: Amendment) -> dict[str, Any]:
    """As a proposal keeps it."""
    match change:
        case MultiplierWas(channel, factor, period):
            return {"multiplier": channel, "factor": str(factor), **_days(period)}
        case RateWas(agreement, schedule, start):
            return {"rate": agreement, "schedule": schedule, "start": start.isoformat()}
        case FactWas(agreement, name, value, period):
            return {"fact": agreement, "name": name, "value": value, **_days(period)}
        case CrossedWere(one, other, since):
            return {"crossed": [one, other], "since": since.isoformat()}
        case SharesWere(point, since, percents):
            kept = [[agreement, str(percent)] for agreement, percent in percents]
            return {"shares_of": point, "since": since.isoformat(), "percents": kept}
        case KnownAlready(request):
            return {"request": request}


def subject_of(change: Amendment) -> str:
    """What it is about: one amendment of a thing waits for a decision at a time."""
    match change:
        case MultiplierWas(channel=channel):
            return f"channel:{channel}"
        case RateWas(agreement=agreement) | FactWas(agreement=agreement):
            return f"agreement:{agreement}"
        case CrossedWere(one=one, other=other):
            return f"meters:{min(one, other)}-{max(one, other)}"
        case SharesWere(point=point):
            return f"service_point:{point}"
        case KnownAlready(request=request):
            return f"rebill:{request}"


def _days(period: Period) -> dict[str, str | None]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat() if period.end else None}


def _period(start: str, end: str | None) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)
