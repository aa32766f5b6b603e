"""What the funds of plans by share of income bore, and whether it is what was posted."""

from __future__ import annotations

from django.db import connection
from django.db.models import Sum

from lamplighter.kernel.money import ZERO, Money
from lamplighter.programs.models import BorneShare

ASTRAY = """
SELECT 'share ' || b.id || ' of income plan ' || b.plan_id || ': ' || b.amount || ' borne, ' || -a.amount || ' posted'
FROM programs_borneshare b JOIN billing_adjustment a ON a.id = b.adjustment_id WHERE a.amount <> -b.amount
UNION ALL
SELECT 'adjustment ' || a.id || ' of income plan: ' || a.amount || ' posted, nothing in its book'
FROM billing_adjustment a JOIN ledger_entry e ON e.id = a.entry_id AND e.source LIKE 'grant:income-plan:%'
LEFT JOIN programs_borneshare b ON b.adjustment_id = a.id WHERE b.id IS NULL
"""


def borne_together() -> Money:
    return BorneShare.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO


def shares_astray() -> list[str]:
    """What a fund bore that was not posted so, and what was posted that no plan knows of."""
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        return [str(row[0]) for row in cursor.fetchall()]
