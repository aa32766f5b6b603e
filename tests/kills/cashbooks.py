"""What stands of money, as text, without keys, instants and numbers from sequences, which a kill may skip."""

from __future__ import annotations

import psycopg

from tests.kills.site import Site

QUERIES = {
    "payment": """
        SELECT e.received_on, t.kind, t.amount, t.handed_over, t.reference, a.number, p.amount, r.reason,
          (SELECT array_agg(concat(g.kind, ' ', s.amount) ORDER BY g.kind) FROM payments_paymentsegment s
           JOIN accounts_agreement g ON g.id = s.agreement_id WHERE s.payment_id = p.id)
        FROM payments_paymentevent e JOIN payments_tender t ON t.event_id = e.id
        JOIN payments_payment p ON p.event_id = e.id JOIN accounts_account a ON a.id = p.account_id
        LEFT JOIN payments_reversal r ON r.event_id = e.id""",
    "code": "SELECT code_id, sum(payoff), count(*) FROM ledger_posting GROUP BY 1",
    "account": """
        SELECT a.number, g.kind, sum(p.payoff), sum(p.current) FROM accounts_account a
        JOIN accounts_agreement g ON g.account_id = a.id JOIN ledger_posting p ON p.subledger_id = g.subledger_id
        GROUP BY 1, 2""",
    "drawer": """
        SELECT row_number() OVER (ORDER BY c.id), c.state, o.amount, (SELECT array_agg(concat(n.kind, n.cash,
          n.difference) ORDER BY n.id) FROM payments_drawercount n WHERE n.control_id = c.id)
        FROM payments_tendercontrol c LEFT JOIN payments_overshort o ON o.control_id = c.id""",
    "journal": "SELECT source_id, act, count(*), max(place) FROM payments_journalline GROUP BY 1, 2",
    "deposit": "SELECT bag, made_on, cash, checks FROM payments_bankdeposit",
    "line": """
        SELECT s.on, l.place, l.amount, l.code, m.what, m.difference FROM payments_bankstatement s
        JOIN payments_bankline l ON l.statement_id = s.id LEFT JOIN payments_bankmatch m ON m.line_id = l.id""",
    "refund": """
        SELECT a.number, f.amount, f.method, array_agg(s.act ORDER BY s.id) FROM payments_refund f
        JOIN accounts_account a ON a.id = f.account_id LEFT JOIN payments_refundstep s ON s.refund_id = f.id
        GROUP BY f.id, a.number""",
    "work": "SELECT kind, state, count(*) FROM worklist_item GROUP BY 1, 2",
    "event": "SELECT name, count(*) FROM platform_event GROUP BY 1",
}


def cash_books(site: Site) -> str:
    """A line for each row, sorted."""
    with psycopg.connect(site.url) as session:
        lines = [
            f"{name}: {' | '.join(map(str, row))}" for name, sql in QUERIES.items() for row in session.execute(sql)
        ]
    return "\n".join(sorted(lines))
