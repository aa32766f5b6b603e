"""Set the utility's rules of billing from a day on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.billing.models import Bill, BillingPolicy
from lamplighter.billing.rules import Policy
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotSet(Exception):
    """Rules of billing are refused; the message says why, for the administrator."""


@in_transaction
def set_policy(*, policy: Policy, citation: str, on: date, by: Actor, at: datetime) -> BillingPolicy:
    """From `on`, bills are issued, charged late and corrected by `policy`; what held before ends there. What is issued
    already told its customer otherwise: a day on which, or after which, a bill was issued is refused."""
    advisory_lock("billing.policy")
    _check(policy, citation)
    if Bill.objects.filter(origin=Bill.Origin.OWN, issued_on__gte=on).exists():
        raise CannotSet(f"Bills are issued on {on:%b %-d, %Y} or later already. Choose a day that is still to come.")
    if BillingPolicy.objects.filter(period__startswith__gte=on).exists():
        raise CannotSet(f"Rules from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in BillingPolicy.objects.filter(period__contains=on):
        BillingPolicy.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    late, back, budget, link = policy.late, policy.back, policy.budget, policy.link
    row = BillingPolicy.objects.create(
        period=Period(on), due_days=policy.due_days, late_percent=late.percent, late_least=late.least,
        late_grace=late.grace, late_minimum_debt=late.minimum_debt, undercharge_months=back.undercharge_months,
        refund_months=back.refund_months, threshold=back.threshold, budget_step=budget.step,
        budget_off_by=budget.off_by, budget_settle_days=budget.settle_days, link_fact=link.fact, link_days=link.days,
        link_tries=link.tries, link_minutes=link.minutes, citation=citation, set_by=by,
    )  # fmt: skip
    record(
        "billing.policy.set", subject=f"policy:{row.pk}", by=by, at=at, start=on.isoformat(), due_days=policy.due_days,
        late_percent=str(late.percent), late_least=late.least.cents, late_grace=late.grace,
        late_minimum_debt=late.minimum_debt.cents, undercharge_months=back.undercharge_months,
        refund_months=back.refund_months, threshold=back.threshold.cents, budget_step=budget.step.cents,
        budget_off_by=budget.off_by, budget_settle_days=budget.settle_days, link_fact=link.fact, link_days=link.days,
        link_tries=link.tries, link_minutes=link.minutes, citation=citation,
    )  # fmt: skip
    return row


def _check(policy: Policy, citation: str) -> None:
    late, back, budget, link = policy.late, policy.back, policy.budget, policy.link
    if not 1 <= policy.due_days <= 90:
        raise CannotSet(f"A bill is due within 1 to 90 days, not {policy.due_days}.")
    if not 0 <= late.percent <= 10:
        raise CannotSet(f"A late charge is 0 to 10 percent, not {late.percent}.")
    if min(late.least.cents, late.minimum_debt.cents, back.threshold.cents, late.grace) < 0:
        raise CannotSet("Amounts and days of grace are zero or more.")
    if min(back.undercharge_months, back.refund_months) < 1:
        raise CannotSet("A correction reaches back one month at least.")
    if budget.step.cents < 1 or not 1 <= budget.off_by <= 100:
        raise CannotSet("A budget is rounded up to a cent or more, and looked at when it is off by 1 to 100 percent.")
    if not 300 <= budget.settle_days <= 366:
        raise CannotSet(f"A budget is settled once a year, after 300 to 366 days, not {budget.settle_days}.")
    if not 7 <= link.days <= 366 or not 1 <= link.tries <= 10 or not 5 <= link.minutes <= 1440:
        raise CannotSet(
            "A link to a bill is good for 7 to 366 days; 1 to 10 wrong answers lock it for 5 to 1,440 minutes."
        )
    if not citation.strip():
        raise CannotSet("Name the resolution or ordinance that says so.")
