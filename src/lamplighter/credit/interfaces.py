"""The credit bureau that is asked about new customers, as an interface: when it answered last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from lamplighter.credit.models import CreditReport
from lamplighter.platform.interfaces import Interface, Standing, register


@register
def bureau() -> Sequence[Interface]:
    """Who asks is told at once that there is no answer, and asks again: nothing waits, and nothing is kept of it."""
    if not settings.BUREAU_URL:
        return []
    return [
        Interface("credit-bureau", "Credit bureau", "Credit bureau", "Inquiries with the customer's word", standing)
    ]


def standing(at: datetime) -> Standing:  # noqa: ARG001 - the seam's shape
    return Standing(CreditReport.objects.aggregate(last=Max("asked_at"))["last"])
