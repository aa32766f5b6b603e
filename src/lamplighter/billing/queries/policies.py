"""The utility's rules of billing on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.billing.models import Bill, BillingPolicy
from lamplighter.billing.rules import Policy


def policy_on(day: date) -> Policy:
    """What the utility had set by then; before it has set anything, the rules that come with the program."""
    row = BillingPolicy.objects.filter(period__contains=day).first()
    return row.policy if row else Policy()


def due_days_of(bill: Bill | None, *, on: date) -> int:
    """Within how many days a debt is to be paid: as the newest bill says, whatever was set since; before there is one,
    as the rules of the day say."""
    return (bill.due_on - bill.issued_on).days if bill else policy_on(on).due_days
