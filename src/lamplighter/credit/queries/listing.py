"""The open items that a bill lists: as the books stood up to its mark, whatever was paid or billed again since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.asking import Asked, asked_by
from lamplighter.billing.queries.reading_items import on_listing
from lamplighter.billing.queries.reading_view import OpenItem, OpenItems
from lamplighter.credit.models import AgeingStyle, AgeingTerms
from lamplighter.credit.rules.matching import Style
from lamplighter.kernel.money import ZERO, Money, total

OPEN_THEN = """
SELECT b.id, p.owed_on, sum(p.current) FROM billing_bill b
JOIN accounts_agreement a ON a.account_id = b.account_id
JOIN LATERAL (
  SELECT owed_on, sum(current) AS current FROM ledger_posting
  WHERE subledger_id = a.subledger_id AND owed_on IS NOT NULL AND current <> 0 AND entry_id <= b.mark
  GROUP BY owed_on HAVING sum(current) > 0 OFFSET 0
) AS p ON true
WHERE b.id = ANY(%(bills)s) GROUP BY b.id, p.owed_on ORDER BY b.id, p.owed_on
"""
"""Matches are postings (docs/adr/0026), so that the ages of any moment are a sum."""


@on_listing
def open_items_of(bills: Sequence[Bill]) -> dict[int, OpenItems]:
    """Of those whose account was aged by open items on their day; six queries."""
    listed = _aged_open(bills)
    if not listed:
        return {}
    then: dict[int, dict[date, Money]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_THEN, {"bills": [bill.pk for bill in listed]})
        for pk, day, cents in cursor.fetchall():
            then[pk][day] = Money(int(cents))
    asked = asked_by(listed, {bill.pk: then[bill.pk].keys() for bill in listed})
    return {bill.pk: _listed(bill, then[bill.pk], asked) for bill in listed}


def _listed(bill: Bill, then: Mapping[date, Money], asked: Mapping[tuple[int, date], Asked]) -> OpenItems:
    opened: dict[str, Money] = defaultdict(lambda: ZERO)
    due: dict[str, date] = {}
    for day, amount in then.items():
        one = asked[bill.pk, day]
        opened[one.bill] += amount
        due[one.bill] = max(due.get(one.bill, one.due_on), one.due_on)
    items = [
        OpenItem(number, due[number], max(0, (bill.issued_on - due[number]).days), opened[number]) for number in opened
    ]
    return OpenItems(tuple(items), bill.due - total(opened.values()))


def _aged_open(bills: Sequence[Bill]) -> list[Bill]:
    """As was chosen for the account when the bill was issued, else as the policy of its day says of its class."""
    terms = list(AgeingTerms.objects.all())
    chosen = list(AgeingStyle.objects.filter(account__in={bill.account_id for bill in bills}))

    def open_then(bill: Bill) -> bool:
        for one in chosen:
            if one.account_id == bill.account_id and bill.issued_on in one.period and one.set_at <= bill.issued_at:
                return one.style == Style.OPEN
        ageing = next((one for one in terms if bill.issued_on in one.period), None)
        return ageing is not None and bill.account.customer_class in ageing.open_classes

    return [bill for bill in bills if open_then(bill)]
