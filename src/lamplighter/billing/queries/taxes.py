"""What was collected for others in a month: each tax and surcharge by the jurisdiction whose it is. What is settled
with a city department is paid out, and no tax less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from lamplighter.billing.distribution import PAYABLE
from lamplighter.kernel.money import Money
from lamplighter.ledger.queries.settling import KIND

PAID = [KIND, f"{KIND}-reversal"]
TAXES = tuple(code for name, code in PAYABLE.items() if name != "payable.export_credits")
RETURN = """
SELECT c.key, c.number, c.name, coalesce(j.name, ''), coalesce(j.key, ''),
  coalesce(-sum(p.payoff) FILTER (WHERE e.reverses_id IS NULL), 0),
  coalesce(-sum(p.payoff) FILTER (WHERE e.reverses_id IS NOT NULL), 0),
  count(DISTINCT s.bill_id)
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_code c ON c.key = p.code_id
LEFT JOIN billing_segment s ON s.entry_id = coalesce(e.reverses_id, e.id)
LEFT JOIN accounts_agreement a ON a.id = s.agreement_id LEFT JOIN premises_premise m ON m.id = a.premise_id
LEFT JOIN premises_jurisdiction j ON j.key = m.jurisdiction_id
WHERE p.code_id = ANY(%(taxes)s) AND e.kind <> ALL(%(paid)s)
  AND e.accounting_on >= %(month)s AND e.accounting_on < %(month)s + interval '1 month'
GROUP BY c.key, j.key ORDER BY c.number, j.name
"""
ROWS = """
SELECT b.number, ac.number, e.accounting_on, e.reverses_id IS NOT NULL, -p.payoff
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
LEFT JOIN billing_segment s ON s.entry_id = coalesce(e.reverses_id, e.id) LEFT JOIN billing_bill b ON b.id = s.bill_id
LEFT JOIN accounts_agreement a ON a.id = s.agreement_id LEFT JOIN accounts_account ac ON ac.id = a.account_id
LEFT JOIN premises_premise m ON m.id = a.premise_id
WHERE p.code_id = %(tax)s AND coalesce(m.jurisdiction_id, '') = %(jurisdiction)s AND e.kind <> ALL(%(paid)s)
  AND e.accounting_on >= %(month)s AND e.accounting_on < %(month)s + interval '1 month'
ORDER BY e.accounting_on, p.id
"""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One line of a return: what bills charged, what corrections took back, and how many bills that concerns. Without
    a jurisdiction it is of no bill."""

    code: str
    number: str
    name: str
    jurisdiction: str
    key: str
    charged: Money
    taken_back: Money
    bills: int

    @property
    def due(self) -> Money:
        return self.charged + self.taken_back


@dataclass(frozen=True, slots=True)
class TaxRow:
    """What one bill gave, or gave back, to a line."""

    bill: str
    account: str
    on: date
    taken_back: bool
    amount: Money


def tax_return(month: date) -> list[TaxLine]:
    """Every line of the returns of a month; together they are what the codes were moved by, but for settlements."""
    with connection.cursor() as cursor:
        cursor.execute(RETURN, {"taxes": list(TAXES), "month": month, "paid": PAID})
        return [
            TaxLine(code, number, name, jurisdiction, key, Money(int(charged)), Money(int(back)), bills)
            for code, number, name, jurisdiction, key, charged, back, bills in cursor.fetchall()
        ]


def rows_of(month: date, tax: str, jurisdiction: str) -> list[TaxRow]:
    """The bills behind one line of a return."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"tax": tax, "jurisdiction": jurisdiction, "month": month, "paid": PAID})
        return [
            TaxRow(bill or "", account or "", on, back, Money(int(cents)))
            for bill, account, on, back, cents in cursor.fetchall()
        ]
