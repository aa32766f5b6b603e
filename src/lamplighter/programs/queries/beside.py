"""What may stand beside the charges of some bills: asked at once, since for most of them it is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lamplighter.billing.operations.issuing import BillDraft

BESIDE = """
SELECT
  EXISTS (SELECT FROM billing_budgetplan
    WHERE agreement_id = ANY(%(services)s::bigint[]) AND period @> %(on)s::date AND upper_inf(period)),
  EXISTS (SELECT FROM programs_incomeplan p JOIN programs_enrollment e ON e.id = p.enrollment_id
    WHERE e.agreement_id = ANY(%(services)s::bigint[])),
  EXISTS (SELECT FROM programs_gift
    WHERE account_id = ANY(%(accounts)s::bigint[]) AND upper_inf(period) AND lower(period) <= %(on)s::date)
"""


class Beside(NamedTuple):
    """Whether any of the services is on a budget, or pays a share of income; whether any of the accounts gives."""

    budgets: bool
    shares: bool
    gifts: bool


def beside(bills: Sequence[BillDraft], *, on: date) -> Beside:
    """One question whatever their number."""
    told: dict[str, Any] = {
        "accounts": [bill.account.id for bill in bills], "on": on,
        "services": [part.occasion.agreement.id for bill in bills for part in bill.segments],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, told)
        (found,) = cursor.fetchall()
    return Beside(*found)
