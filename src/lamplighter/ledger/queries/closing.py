"""The books of a month, and how they stood on any day."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lamplighter.formats.ledgerextract import JournalLine, as_csv, as_fixed
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import AccountingPeriod, Code, PeriodExtract
from lamplighter.ledger.rules import Debt, open_debts

MONTHS = """
SELECT date_trunc('month', e.accounting_on)::date AS month, count(*), sum(x.debit) FROM ledger_entry e
JOIN LATERAL (SELECT coalesce(sum(payoff) FILTER (WHERE payoff > 0), 0) AS debit FROM ledger_posting p
  WHERE p.entry_id = e.id) x ON true GROUP BY 1 ORDER BY 1 DESC
"""
JOURNAL = """
SELECT e.accounting_on, c.key, coalesce(sum(p.payoff) FILTER (WHERE p.payoff > 0), 0),
  coalesce(-sum(p.payoff) FILTER (WHERE p.payoff < 0), 0), count(*) FILTER (WHERE p.payoff <> 0)
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_code c ON c.key = p.code_id
WHERE e.accounting_on >= %(month)s AND e.accounting_on < %(month)s + interval '1 month'
GROUP BY e.accounting_on, c.key HAVING count(*) FILTER (WHERE p.payoff <> 0) > 0 ORDER BY e.accounting_on
"""
STOOD = """
SELECT c.key, c.number, c.name, c.kind, c.control, coalesce(sum(p.payoff), 0),
  coalesce(sum(p.payoff) FILTER (WHERE s.code_id = c.key), 0)
FROM ledger_code c JOIN ledger_posting p ON p.code_id = c.key JOIN ledger_entry e ON e.id = p.entry_id
LEFT JOIN ledger_subledger s ON s.id = p.subledger_id WHERE e.accounting_on <= %s GROUP BY c.key ORDER BY c.number
"""
OWED = """
SELECT p.subledger_id, p.owed_on, sum(p.current) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.subledger_id IS NOT NULL AND e.accounting_on <= %s GROUP BY 1, 2 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the books: entries, the sum of debits, whether it is closed, what went to finance."""

    month: date
    entries: int
    debits: Money
    period: AccountingPeriod | None
    extract: PeriodExtract | None


@dataclass(frozen=True, slots=True)
class Stood:
    """A code as of a day: by its own postings, and for a control code by the sub-ledger accounts under it."""

    key: str
    number: str
    name: str
    kind: str
    control: bool
    amount: Money
    under: Money

    @property
    def difference(self) -> Money:
        return self.amount - self.under if self.control else Money(0)


def months() -> list[Month]:
    """Every month with entries, the newest first."""
    periods, extracts = AccountingPeriod.objects.in_bulk(), {one.month_id: one for one in PeriodExtract.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        return [
            Month(month, count, Money(int(cents)), periods.get(month), extracts.get(month))
            for month, count, cents in cursor.fetchall()
        ]


Called = Mapping[str, Sequence[str]]
"""Fund, number and name of codes by their key."""


def called() -> dict[str, list[str]]:
    """How every code is called now."""
    return {key: names for key, *names in Code.objects.values_list("key", "fund", "number", "name")}


def journal_of(month: date, codes: Called) -> list[JournalLine]:
    """What each code was moved by on each day of a month."""
    with connection.cursor() as cursor:
        cursor.execute(JOURNAL, {"month": month})
        rows = cursor.fetchall()
    lines = []
    for on, key, debit, credit, count in rows:
        fund, number, name = codes[key]
        lines.append(JournalLine(on, fund, number, name, int(debit), int(credit), count))
    return sorted(lines, key=lambda one: (one.on, one.number))


def extract_files(month: date, codes: Called) -> tuple[bytes, bytes]:
    """The month as CSV and in the fixed layout, made from the books as they are now."""
    lines = journal_of(month, codes)
    return as_csv(lines), as_fixed(lines, month=month)


def stood(on: date) -> list[Stood]:
    """Every code that had moved by the end of an accounting day."""
    with connection.cursor() as cursor:
        cursor.execute(STOOD, [on])
        return [
            Stood(key, number, name, kind, control, Money(int(amount)), Money(int(under)))
            for key, number, name, kind, control, amount, under in cursor.fetchall()
        ]


def open_on(on: date) -> dict[int, tuple[Collection[Debt], Money]]:
    """Of every sub-ledger account: its open debts as the books had them on a day, and the credit left over."""
    found: dict[int, list[tuple[date | None, Money]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OWED, [on])
        for key, day, cents in cursor.fetchall():
            found.setdefault(key, []).append((day, Money(int(cents))))
    return {
        key: open_debts(
            [(day, amount) for day, amount in rows if day is not None],
            -sum((amount for day, amount in rows if day is None), Money(0)),
        )
        for key, rows in found.items()
    }  # fmt: skip


def extracts_astray() -> list[str]:
    """Extracts that the books would not give again."""
    wrong = []
    for one in PeriodExtract.objects.order_by("month"):
        now = [hashlib.sha256(data).hexdigest() for data in extract_files(one.month_id, called() | one.codes)]
        if now != [one.csv, one.fixed]:
            wrong.append(f"extract of {one.month_id:%Y-%m}: the books would give another one today")
    return wrong
