"""Revenue of days that were served and not billed by the end of a month. See docs/algorithms/unbilled-revenue.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import connection

from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Code, Entry

AS_BILLED = """
WITH last AS (
  SELECT DISTINCT ON (s.agreement_id) s.agreement_id, s.entry_id, upper(s.period) AS billed_to,
    upper(s.period) - lower(s.period) AS days
  FROM billing_segment s JOIN ledger_entry e ON e.id = s.entry_id
  LEFT JOIN ledger_entry c ON c.id = s.cancel_entry_id
  WHERE e.accounting_on < %(after)s AND (c.id IS NULL OR c.accounting_on >= %(after)s)
  ORDER BY s.agreement_id, upper(s.period) DESC
), served AS (
  SELECT a.id, ac.customer_class AS class, l.entry_id, l.days,
    least(upper(a.period), %(after)s) - coalesce(l.billed_to, lower(a.period)) AS unbilled
  FROM accounts_agreement a JOIN accounts_account ac ON ac.id = a.account_id LEFT JOIN last l ON l.agreement_id = a.id
  WHERE a.kind IN ('energy', 'unmetered') AND a.cancelled_at IS NULL AND lower(a.period) < %(after)s
)
SELECT s.class, k.key, s.entry_id IS NULL, count(DISTINCT s.id), sum(s.unbilled),
  sum(-p.payoff::numeric / s.days), sum(-p.payoff::numeric / s.days * s.unbilled)
FROM served s LEFT JOIN ledger_posting p ON p.entry_id = s.entry_id
LEFT JOIN ledger_code k ON k.key = p.code_id AND k.kind = 'revenue'
WHERE s.unbilled > 0 AND (s.entry_id IS NULL OR k.key IS NOT NULL)
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A class of customers and a code: agreements with days that were not billed, those days, and what they bring."""

    customer_class: str
    code: str
    number: str
    name: str
    agreements: int
    days: int
    amount: Money


def after(month: date) -> date:
    """The first day of the month that follows."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def unbilled_revenue(month: date) -> list[Unbilled]:
    """Each served day counts as a day of the agreement's last bill by then; a service without a bill yet counts as the
    mean day of its class. One query and the codes; a class of which nobody was billed yet brings nothing."""
    with connection.cursor() as cursor:
        cursor.execute(AS_BILLED, {"after": after(month)})
        rows = cursor.fetchall()
    new = {row[0]: (row[3], row[4]) for row in rows if row[2]}
    codes = {code.key: code for code in Code.objects.filter(kind=Code.Kind.REVENUE)}
    billed: Counter[str] = Counter()
    for class_, _, first, count, *_ in rows:
        billed[class_] = max(billed[class_], 0 if first else count)
    found = []
    for class_, key, first, count, days, a_day, amount in rows:
        if first:
            continue
        more, more_days = new.get(class_, (0, 0))
        exact: Decimal = amount + a_day / billed[class_] * more_days
        code = codes[key]
        found.append(
            Unbilled(class_, key, code.number, code.name, count + more, days + more_days, Money.nearest(exact / 100))
        )
    return sorted(found, key=lambda one: (one.number, one.customer_class))


def accrual_of(month: date) -> Entry | None:
    """The entry by which a month was accrued."""
    return Entry.objects.filter(source=source_of(month)).first()


def source_of(month: date) -> str:
    return f"unbilled:{month:%Y-%m}"


def by_code(rows: Sequence[Unbilled]) -> dict[str, Money]:
    """What an accrual credits: the sum of each code that has one."""
    sums: dict[str, Money] = defaultdict(lambda: Money(0))
    for row in rows:
        sums[row.code] += row.amount
    return {code: amount for code, amount in sums.items() if amount}


def digest_of(sums: Mapping[str, Money]) -> str:
    """The name of an accrual: another one where any code comes to something else."""
    return sha256("\n".join(f"{code}:{sums[code].cents}" for code in sorted(sums)).encode()).hexdigest()
