"""The utility's fees on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.billing.fees import Fees
from lamplighter.billing.models import FeeSchedule


def fees_on(day: date) -> Fees:
    """What the utility had set by then; before it has set anything, the fees that come with the program."""
    row = FeeSchedule.objects.filter(period__contains=day).first()
    return row.fees if row else Fees()
