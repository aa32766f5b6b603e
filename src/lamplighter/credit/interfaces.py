"""The credit bureau that is asked about new customers, as an interface: when it answered last, and when it did not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from lamplighter.credit.models import CreditReport
from lamplighter.platform.interfaces import FailedMessage, Interface, Standing, register
from lamplighter.platform.models import Event

BUREAU, NO_REPORT = "interface:credit-bureau", "credit.report.missing"
"""What is written of a question that got no answer: its subject, and its event."""
LATELY = timedelta(days=14)


@register
def bureau() -> Sequence[Interface]:
    """Who asks is told at once that there is no answer, and asks again: nothing waits."""
    if not settings.BUREAU_URL:
        return []
    return [
        Interface(
            "credit-bureau",
            "Credit bureau",
            "Credit bureau",
            "Inquiries with the customer's word",
            standing,
            instead="Each question needs the customer's word. Ask again from the account, with them on the line.",
        )
    ]


def standing(at: datetime) -> Standing:
    lost = Event.objects.filter(subject=BUREAU, name=NO_REPORT, at__gte=at - LATELY).order_by("-at")
    failed = [FailedMessage(str(one.pk), one.at, f"Asked without an answer: {one.data['why']}") for one in lost]
    return Standing(CreditReport.objects.aggregate(last=Max("asked_at"))["last"], failed=failed)
