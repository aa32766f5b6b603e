"""Arrangements against the ledger: what must always hold of them, asked of the database as it is."""

from __future__ import annotations

from django.db import connection

UNEQUAL = """
SELECT 'arrangement ' || a.id || ': ' || a.total || ' taken over, ' || coalesce(d.sum, 0) || ' in debts, '
  || coalesce(i.sum, 0) || ' in instalments'
FROM credit_arrangement a
LEFT JOIN (SELECT arrangement_id, sum(amount) FROM credit_arrangeddebt GROUP BY 1) d ON d.arrangement_id = a.id
LEFT JOIN (SELECT arrangement_id, sum(amount) FROM credit_instalment GROUP BY 1) i ON i.arrangement_id = a.id
WHERE a.total <> coalesce(d.sum, 0) OR a.total <> coalesce(i.sum, 0) ORDER BY a.id
"""
ASTRAY = """
SELECT 'arrangement ' || a.id || ': ' || b.current || ' current and ' || b.payoff || ' payoff, with '
  || coalesce(i.asked, 0) || ' of ' || a.total || ' asked for'
FROM credit_arrangement a JOIN accounts_agreement g ON g.id = a.agreement_id
JOIN LATERAL (SELECT coalesce(sum(p.current), 0) AS current, coalesce(sum(p.payoff), 0) AS payoff
              FROM ledger_posting p WHERE p.subledger_id = g.subledger_id) b ON true
LEFT JOIN (SELECT arrangement_id, sum(amount) AS asked FROM credit_instalment WHERE entry_id IS NOT NULL GROUP BY 1) i
  ON i.arrangement_id = a.id
WHERE CASE WHEN a.ended_on IS NULL THEN b.current - coalesce(i.asked, 0) <> b.payoff - a.total
           ELSE b.current <> 0 OR b.payoff <> 0 END ORDER BY a.id
"""


def differences() -> list[str]:
    """Plans whose parts do not add up, whose balances are not what was asked for and paid, or that ended with one."""
    found = []
    with connection.cursor() as cursor:
        for sql in (UNEQUAL, ASTRAY):
            cursor.execute(sql)
            found += [str(row[0]) for row in cursor.fetchall()]
    return found
