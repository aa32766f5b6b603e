"""The service tab: an agreement with its rates, facts and meters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from lamplighter.accounts.models import Agreement, AgreementFact, AgreementRate
from lamplighter.accounts.queries import ServiceLine
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Installation
from lamplighter.premises.models import PointFact
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import moment, short_day


def service_rows(line: ServiceLine, on: date, *, corrects: bool) -> Mapping[str, Any]:
    """What the panel of one agreement shows, with the corrections for who may make them; four queries."""
    agreement = line.agreement
    rates = AgreementRate.objects.filter(agreement=agreement).select_related("schedule").order_by("-period")
    facts = AgreementFact.objects.filter(agreement=agreement).order_by("name", "-period")
    place = PointFact.objects.filter(point__in=line.points).order_by("name", "-period")
    standing = Installation.objects.filter(point__in=line.points).select_related("meter").order_by("-span")
    premise = agreement.premise
    assert premise is not None
    return {
        "acts": _corrections(agreement) if corrects and agreement.type.rated else [],
        "about": [
            Fact("Premise", premise.address, Link("Open", reverse("desk:premise", args=[premise.number]))),
            Fact("Service", _days(agreement.period, on)),
            *(_rate(rate, on) for rate in rates),
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


def _corrections(agreement: Agreement) -> list[Link]:
    mine = agreement.account.number, agreement.pk
    return [
        Link("Correct the rate", reverse("desk:do-correct-rate", args=mine)),
        Link("Correct a fact", reverse("desk:do-correct-fact", args=mine)),
    ]


def _rate(rate: AgreementRate, on: date) -> Fact:
    return Fact("Rider" if rate.rider else "Rate", f"{rate.schedule.code}, {_days(rate.period, on)}")


def _fact(name: str, value: str, period: Period, on: date) -> Fact:
    return Fact(name.replace("_", " ").capitalize(), f"{value}, {_days(period, on)}")


def _days(period: Period, on: date) -> str:
    if period.end is None:
        return f"from {short_day(period.start, on)}"
    return f"{short_day(period.start, on)} to {short_day(period.last_day, on)}"
