"""The service tab: an agreement with its rates, facts and meters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from lamplighter.accounts.models import Agreement, AgreementFact, AgreementRate, Share, SharePlan
from lamplighter.accounts.queries import ServiceLine
from lamplighter.accounts.sharing.queries import plans_of
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation
from lamplighter.premises.models import PointFact
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import moment, short_day


def service_rows(line: ServiceLine, on: date, *, corrects: bool) -> Mapping[str, Any]:
    """What the panel of one agreement shows, with the corrections for who may make them; six queries, and three more
    where something is shared."""
    agreement = line.agreement
    rates = AgreementRate.objects.filter(agreement=agreement).select_related("schedule").order_by("-period")
    facts = AgreementFact.objects.filter(agreement=agreement).order_by("name", "-period")
    place = PointFact.objects.filter(point__in=line.points).order_by("name", "-period")
    standing = Installation.objects.filter(point__in=line.points).select_related("meter").order_by("-span")
    sends = Channel.objects.filter(flow=Flow.RECEIVED, meter__in=[row.meter_id for row in standing]).exists()
    premise = agreement.premise
    assert premise is not None
    return {
        "acts": _corrections(agreement, sends=sends) if corrects and agreement.type.rated else [],
        "about": [
            Fact("Premise", premise.address, Link("Open", reverse("desk:premise", args=[premise.number]))),
            Fact("Service", _days(agreement.period, on)),
            *(_rate(rate, on) for rate in rates),
            *_shares(agreement, line.points, on),
        ],
        "facts": [_fact(row.name, row.value, row.period, on) for row in facts]
        + [_fact(row.name, row.value, row.period, on) for row in place],
        "meters": [
            Fact(
                f"Meter {row.meter.badge}",
                f"since {moment(row.span.start, on)}" + (f" until {moment(row.span.end, on)}" if row.span.end else ""),
                Link("Open", reverse("desk:meter", args=[row.meter.badge])),
            )
            for row in standing
        ],
    }  # fmt: skip


def _shares(agreement: Agreement, points: Collection[int], on: date) -> Iterator[Fact]:
    """What its points share out, and its share of what others send back, on a day."""
    for point, plans in plans_of(points, [agreement.pk]).items():
        for plan in (plan for days, plan in plans if on in days):
            for share in plan.shares.all():
                if point in points or share.agreement_id == agreement.pk:
                    yield _share(share, plan, on, own=point in points)


def _share(share: Share, plan: SharePlan, on: date, *, own: bool) -> Fact:
    percent, since = f"{share.percent.normalize():f}%", short_day(plan.since, on)
    if own:
        number = share.agreement.account.number
        link = Link("Open", reverse("desk:account-service", args=[number]))
        return Fact("Shares what it sends back", f"{percent} to account {number}, from {since}", link)
    there = plan.point.premise
    link = Link("Open", reverse("desk:premise", args=[there.number]))
    return Fact("Has a share", f"{percent} of what {there.address} sends back, from {since}", link)


def _corrections(agreement: Agreement, *, sends: bool) -> list[Link]:
    mine = agreement.account.number, agreement.pk
    shared = [Link("Share what is sent back", reverse("desk:do-share-out", args=mine))] if sends else []
    return [
        Link("Correct the rate", reverse("desk:do-correct-rate", args=mine)),
        Link("Correct a fact", reverse("desk:do-correct-fact", args=mine)),
        *shared,
    ]


def _rate(rate: AgreementRate, on: date) -> Fact:
    return Fact("Rider" if rate.rider else "Rate", f"{rate.schedule.code}, {_days(rate.period, on)}")


def _fact(name: str, value: str, period: Period, on: date) -> Fact:
    return Fact(name.replace("_", " ").capitalize(), f"{value}, {_days(period, on)}")


def _days(period: Period, on: date) -> str:
    if period.end is None:
        return f"from {short_day(period.start, on)}"
    return f"{short_day(period.start, on)} to {short_day(period.last_day, on)}"
