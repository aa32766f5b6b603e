"""From the counter to the bank: what each clearing account should stand at by what happened, beside what it stands at.

What is expected comes from tenders, counts, deposits, refunds and the bank's own lines, not from postings; only what a
person booked by hand is taken as it was booked. docs/algorithms/cash-control.md says which account waits for what.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from django.db import connection

from lamplighter.kernel.money import Money
from lamplighter.payments.rules import CLEARS

CODES = ("bank-transit", "bank-differences", "cash", "payables-paid", "refund-ach", "refund-checks",
         "refund-vouchers", "returned-items", "unapplied-receipts", "unclaimed", *CLEARS.values())  # fmt: skip
TAKEN = """
  SELECT t.*, c.source_id, t.kind = ANY(%(elsewhere)s) AS elsewhere, r.reason = 'returned' AS came_back
  FROM payments_tender t JOIN payments_tendercontrol c ON c.id = t.control_id
  LEFT JOIN payments_reversal r ON r.event_id = t.event_id WHERE r.reason IS NULL OR r.reason = 'returned'
"""
CARRIED = f"""
  SELECT control_id, sum(amount) AS amount FROM (
    SELECT control_id, amount FROM ({TAKEN}) AS taken WHERE NOT elsewhere
    UNION ALL SELECT control_id, amount FROM payments_overshort) AS held
  WHERE control_id IN (SELECT control_id FROM payments_depositedcontrol) GROUP BY 1
"""  # noqa: S608 - both are ours
EXPECTED = f"""
SELECT code, sum(cents) FROM (
  SELECT CASE WHEN elsewhere THEN %(clears)s::jsonb ->> t.kind ELSE s.gl_code END AS code, sum(t.amount) AS cents
    FROM ({TAKEN}) AS t JOIN payments_tendersource s ON s.key = t.source_id GROUP BY 1
  UNION ALL SELECT 'returned-items', -sum(t.amount) FROM ({TAKEN}) AS t
    JOIN payments_returnedtender b ON b.tender_id = t.id
  UNION ALL SELECT s.gl_code, sum(o.amount) FROM payments_overshort o
    JOIN payments_tendercontrol c ON c.id = o.control_id JOIN payments_tendersource s ON s.key = c.source_id GROUP BY 1
  UNION ALL SELECT s.gl_code, -sum(d.amount) FROM ({CARRIED}) AS d
    JOIN payments_tendercontrol c ON c.id = d.control_id JOIN payments_tendersource s ON s.key = c.source_id GROUP BY 1
  UNION ALL SELECT x.code, x.cents FROM payments_remittedline l JOIN payments_remittance f ON f.id = l.remittance_id
    JOIN payments_tendersource s ON s.key = f.source_id LEFT JOIN payments_unappliedstep u ON u.line_id = l.id,
    LATERAL (
    VALUES (s.gl_code, CASE u.act WHEN 'sent-back' THEN 0 ELSE l.amount END),
      ('unapplied-receipts', CASE u.act WHEN 'sent-back' THEN 0 ELSE -l.amount END)) AS x (code, cents)
    WHERE l.event_id IS NULL
  UNION ALL SELECT 'bank-transit', sum(cash + checks) FROM payments_bankdeposit
  UNION ALL SELECT x.code, x.cents FROM payments_bankmatch m JOIN payments_bankline l ON l.id = m.line_id, LATERAL (
    VALUES ('cash', l.amount), ('bank-differences', m.difference), (CASE m.what WHEN 'deposit' THEN 'bank-transit'
      WHEN 'refund' THEN 'refund-checks' WHEN 'refunds' THEN 'refund-ach' WHEN 'settlement' THEN m.subject END,
      -l.amount - m.difference)) AS x (code, cents)
  UNION ALL SELECT CASE method WHEN 'check' THEN 'refund-checks' WHEN 'ach' THEN 'refund-ach'
      ELSE 'refund-vouchers' END, -sum(amount)
    FROM payments_refund GROUP BY 1
  UNION ALL SELECT CASE s.act WHEN 'returned' THEN 'returned-items' ELSE 'refund-checks' END,
      sum(CASE s.act WHEN 'claimed' THEN -f.amount ELSE f.amount END)
    FROM payments_refundstep s JOIN payments_refund f ON f.id = s.refund_id
    WHERE s.act IN ('returned', 'stale', 'back', 'claimed') GROUP BY 1
  UNION ALL SELECT 'unclaimed', sum(CASE s.act WHEN 'stale' THEN -f.amount ELSE f.amount END)
    FROM payments_refundstep s JOIN payments_refund f ON f.id = s.refund_id
    WHERE s.act IN ('stale', 'claimed', 'taken') GROUP BY 1
  UNION ALL SELECT x.code, x.cents FROM payments_refundstep s JOIN payments_refund f ON f.id = s.refund_id, LATERAL (
    VALUES ('refund-vouchers', f.amount),
      (CASE s.act WHEN 'paid' THEN 'payables-paid' END, -f.amount)) AS x (code, cents)
    WHERE s.act = 'paid' OR (s.act = 'refused' AND f.payee_id IS NULL)
  UNION ALL SELECT l.code_id, sum(l.amount) FROM ledger_settlementline l GROUP BY 1
  UNION ALL SELECT p.code_id, sum(p.payoff) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
    LEFT JOIN payments_bankmatch m ON m.entry_id = e.id
    WHERE e.source LIKE 'bank-difference:%%' OR (m.what = 'booked' AND p.code_id <> 'cash') GROUP BY 1
) AS happened WHERE code IS NOT NULL GROUP BY 1
"""  # noqa: S608
STANDS = """
SELECT p.code_id, sum(p.payoff) FROM ledger_posting p WHERE p.code_id = ANY(%s) GROUP BY 1
"""
WRONG_BAGS = f"""
SELECT d.number, d.cash + d.checks, coalesce(sum(h.amount), 0) FROM payments_bankdeposit d
LEFT JOIN payments_depositedcontrol o ON o.deposit_id = d.id LEFT JOIN ({CARRIED}) AS h ON h.control_id = o.control_id
GROUP BY d.id HAVING d.cash + d.checks <> coalesce(sum(h.amount), 0) ORDER BY d.id
"""  # noqa: S608
WRONG_DAYS = """
SELECT s.on, s.opening + coalesce(sum(l.amount), 0), s.closing FROM payments_bankstatement s
LEFT JOIN payments_bankline l ON l.statement_id = s.id GROUP BY s.id
HAVING s.opening + coalesce(sum(l.amount), 0) <> s.closing ORDER BY s.on
"""
SOURCES = "SELECT DISTINCT gl_code FROM payments_tendersource WHERE gl_code <> 'agency-clearing'"


@dataclass(frozen=True, slots=True)
class Tie:
    """A clearing account: what it should stand at by what happened, and what it stands at."""

    code: str
    expected: Money
    found: Money


def ties() -> list[Tie]:
    """Every account between the counter and the bank, and the bank's own; not what agencies collect."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES)
        codes = sorted({*CODES, *(code for (code,) in cursor.fetchall())})
        cursor.execute(EXPECTED, _given())
        expected = Counter({code: int(cents or 0) for code, cents in cursor.fetchall()})
        cursor.execute(STANDS, [codes])
        found = Counter({code: int(cents) for code, cents in cursor.fetchall()})
    return [Tie(code, Money(expected[code]), Money(found[code])) for code in codes]


def untied() -> list[str]:
    """Accounts that differ, bags that do not hold what their drawers gave, and days whose lines do not add up."""
    wrong = [f"{tie.code}: expected {tie.expected}, found {tie.found}" for tie in ties() if tie.expected != tie.found]
    with connection.cursor() as cursor:
        cursor.execute(WRONG_BAGS, _given())
        for number, carried, held in cursor.fetchall():
            wrong.append(f"deposit D-{number}: {Money(int(carried))} carried, {Money(int(held))} in its drawers")
        cursor.execute(WRONG_DAYS)
        for on, made, closing in cursor.fetchall():
            wrong.append(f"statement of {on}: its lines make {Money(int(made))}, it closes at {Money(int(closing))}")
    return wrong


def _given() -> dict[str, list[str] | str]:
    return {"elsewhere": list(CLEARS), "clears": json.dumps(CLEARS)}
