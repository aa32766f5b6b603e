"""Arrangements, write-offs, agencies and decided deposits against the ledger, asked of the database as it is."""

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


WRITTEN_OFF = """
SELECT 'write-off ' || w.id || ': ' || w.amount || ' written off, ' || coalesce(p.sum, 0) || ' in parts, '
  || coalesce(r.sum, 0) || ' recovered, ' || b.payoff || ' still owed'
FROM credit_writeoff w JOIN accounts_agreement g ON g.id = w.agreement_id
JOIN LATERAL (SELECT coalesce(sum(l.payoff), 0) AS payoff FROM ledger_posting l
              WHERE l.subledger_id = g.subledger_id) b ON true
LEFT JOIN (SELECT write_off_id, sum(amount) FROM credit_writtenoffpart GROUP BY 1) p ON p.write_off_id = w.id
LEFT JOIN (SELECT write_off_id, sum(amount) FROM credit_recovery GROUP BY 1) r ON r.write_off_id = w.id
WHERE w.amount <> coalesce(p.sum, 0) OR w.amount - coalesce(r.sum, 0) <> b.payoff ORDER BY w.id
"""
CONTRA = """
SELECT 'contra of written-off receivable: ' || c.sum || ', tracked receivable: ' || t.sum
FROM (SELECT coalesce(sum(payoff), 0) FROM ledger_posting WHERE code_id = 'written-off-contra') c (sum),
     (SELECT coalesce(sum(payoff), 0) FROM ledger_posting WHERE code_id = 'receivable-written-off') t (sum)
WHERE c.sum + t.sum <> 0
"""
AGENCIES = """
SELECT 'agency payment ' || a.id || ': ' || a.amount || ' reported, ' || coalesce(p.sum, 0) || ' posted'
FROM credit_agencypayment a
LEFT JOIN (SELECT event_id, sum(amount) FROM payments_payment GROUP BY 1) p ON p.event_id = a.event_id
WHERE a.amount <> coalesce(p.sum, 0)
UNION ALL
SELECT 'agency fees: ' || f.sum || ' reported, ' || l.sum || ' posted'
FROM (SELECT coalesce(sum(fee), 0) FROM credit_agencypayment) f (sum),
     (SELECT coalesce(sum(payoff), 0) FROM ledger_posting WHERE code_id = 'agency-fees') l (sum)
WHERE f.sum <> l.sum
"""


PARTS = """
SELECT 'deposit decision ' || d.id || ': ' || d.amount || ' decided, ' || coalesce(p.sum, 0) || ' in parts'
FROM credit_depositdecision d
LEFT JOIN (SELECT decision_id, sum(amount) FROM credit_depositpart GROUP BY 1) p ON p.decision_id = d.id
WHERE d.form = 'cash' AND d.amount <> coalesce(p.sum, 0)
UNION ALL
SELECT 'deposit part ' || p.id || ': ' || p.amount || ' due, ' || j.amount || ' asked for'
FROM credit_depositpart p JOIN billing_adjustment j ON j.id = p.asked_id WHERE j.amount <> p.amount
UNION ALL
SELECT 'security of decision ' || d.id || ': ' || d.amount || ' decided, ' || s.amount || ' vouched for'
FROM credit_depositdecision d JOIN credit_security s ON s.decision_id = d.id WHERE s.amount <> d.amount
"""


CHECKS = """
SELECT 'assistance check ' || r.id || ': ' || r.amount || ' came, ' || coalesce(l.sum, 0) || ' in lines'
FROM credit_assistancecheck r
LEFT JOIN (SELECT of_id, sum(amount) FROM credit_assistancecheckline GROUP BY 1) l ON l.of_id = r.id
WHERE r.amount <> coalesce(l.sum, 0)
UNION ALL
SELECT 'assistance line ' || l.id || ': ' || l.amount || ' came, ' || coalesce(p.sum, 0) || ' posted'
FROM credit_assistancecheckline l
LEFT JOIN (SELECT event_id, sum(amount) FROM payments_payment GROUP BY 1) p ON p.event_id = l.event_id
WHERE l.event_id IS NOT NULL AND l.amount <> coalesce(p.sum, 0)
UNION ALL
SELECT 'pledge ' || p.id || ': ' || coalesce(nullif(p.outcome, ''), 'counts') || ', and '
  || CASE WHEN l.id IS NOT NULL THEN 'a check' WHEN p.entry_id IS NOT NULL THEN 'our own books' ELSE 'nothing' END
  || ' paid it'
FROM credit_pledge p LEFT JOIN credit_assistancecheckline l ON l.pledge_id = p.id
WHERE (p.outcome = 'settled') <> (l.id IS NOT NULL OR p.entry_id IS NOT NULL)
  OR (l.id IS NOT NULL AND p.entry_id IS NOT NULL)
"""


def checks_astray() -> list[str]:
    """Checks that are not their lines, lines that were not posted so, and pledges that are paid without money or not
    paid with it."""
    return _asked(CHECKS)


def decisions_astray() -> list[str]:
    """Deposits that were decided and are not their parts, or not what was asked for or vouched for."""
    return _asked(PARTS)


def write_offs_astray() -> list[str]:
    """Write-offs that are not their parts, or not what was recovered and is still owed; a contra that is not theirs."""
    return _asked(WRITTEN_OFF, CONTRA)


def agencies_astray() -> list[str]:
    """Payments of agencies that were not posted so, and fees that the books do not have."""
    return _asked(AGENCIES)


def differences() -> list[str]:
    """Plans whose parts do not add up, whose balances are not what was asked for and paid, or that ended with one."""
    return _asked(UNEQUAL, ASTRAY)


def _asked(*statements: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            found += [str(row[0]) for row in cursor.fetchall()]
    return found
