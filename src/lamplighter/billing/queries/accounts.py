"""Where accounts stand between two bills: what was asked, what came since, what is owed now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from lamplighter.accounts.models import Account

STANDING = """
SELECT acc.id, coalesce(last.due, 0), coalesce(sum(p.current), 0)::bigint,
  coalesce(sum(p.current) FILTER (WHERE since.kind IN ('payment', 'payment-reversal')), 0)::bigint,
  coalesce(sum(p.current) FILTER (WHERE since.kind IN ('adjustment', 'adjustment-reversal')), 0)::bigint
FROM unnest(%s::bigint[]) AS acc(id)
LEFT JOIN LATERAL (
  SELECT due, mark FROM billing_bill WHERE account_id = acc.id ORDER BY id + 0 DESC LIMIT 1
) AS last ON true
LEFT JOIN LATERAL (SELECT subledger_id FROM accounts_agreement WHERE account_id = acc.id OFFSET 0) AS a ON true
LEFT JOIN LATERAL (
  SELECT entry_id, current FROM ledger_posting WHERE subledger_id = a.subledger_id AND current <> 0 OFFSET 0
) AS p ON true
LEFT JOIN LATERAL (
  SELECT kind FROM ledger_entry WHERE id = p.entry_id AND id > coalesce(last.mark, 0) OFFSET 0
) AS since ON true
GROUP BY acc.id, last.due, last.mark
"""
"""All are found account by account: joined as tables, everybody's agreements are read, and the whole ledger. `+ 0`
keeps the last bill from being looked for among those of everybody, newest first."""


class Standing(NamedTuple):
    """In whole cents. `previous` was asked for by the last bill; since then `received` (payments, as a negative
    amount), `adjusted` (late charges, fees) and everything else that was `corrected`; `current` is asked for now."""

    previous: int = 0
    current: int = 0
    received: int = 0
    adjusted: int = 0

    @property
    def corrected(self) -> int:
        return self.current - self.previous - self.received - self.adjusted


def standings(accounts: Sequence[Account]) -> dict[int, Standing]:
    """Where each account stands; one query."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [[account.id for account in accounts]])
        return {pk: Standing(*cents) for pk, *cents in cursor.fetchall()}
