"""What plans measure beyond meters and bills: rebates paid and what they save, and what people answered in surveys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean

from django.db.models import QuerySet

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.measuring import Behind, Beyond, Measured, Taker
from lamplighter.outreach.models import SurveyAnswer
from lamplighter.rebates.models import RebatePayment
from lamplighter.usage.store import utility_zone

YEAR = timedelta(days=365)


def _of_rebates(take: Callable[[RebatePayment], Decimal], unit: str) -> Taker:
    """Nothing paid is a figure too: 0. What was clawed back does not count."""

    def taker(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
        rows = [
            Behind(f"{row.application.number}: {row.application.entry.measure.name}", row.on, take(row), unit)
            for row in _paid(services, on)
        ]
        return Measured(sum((one.value or Decimal(0) for one in rows), Decimal(0)), tuple(rows))

    return taker


def _paid(services: Sequence[Agreement], on: date) -> QuerySet[RebatePayment]:
    rows = RebatePayment.objects.filter(
        application__agreement__in=services, on__gt=on - YEAR, on__lte=on, clawback__isnull=True
    )
    return rows.select_related("application__saving", "application__entry__measure").order_by("-on", "-pk")


def _score(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
    """The mean of what each answer rated on average; None where nobody answered."""
    zone = utility_zone()
    answers = SurveyAnswer.objects.filter(
        invitation__account__in={one.account_id for one in services},
        answered_at__date__gt=on - YEAR, answered_at__date__lte=on,
    ).select_related("invitation__survey").order_by("-answered_at")  # fmt: skip
    rows = tuple(
        Behind(one.invitation.survey.name, one.answered_at.astimezone(zone).date(), _rated(one), "of 5")
        for one in answers
    )
    return Measured(mean(one.value for one in rows if one.value is not None), rows) if rows else None


def _rated(answer: SurveyAnswer) -> Decimal:
    return mean(Decimal(value) for value in answer.ratings.values())


BEYOND: Beyond = {
    "program-kwh": _of_rebates(lambda row: row.application.saving.kwh, "kWh"),
    "program-paid": _of_rebates(lambda row: row.amount.dollars, "$"),
    "survey-score": _score,
}
