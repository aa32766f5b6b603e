"""Control totals: the books against themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from lamplighter.kernel.money import Money

UNBALANCED = """
SELECT e.source, coalesce(sum(p.payoff), 0), e.legs, count(p.id)
FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
GROUP BY e.id HAVING coalesce(sum(p.payoff), 0) <> 0 OR count(p.id) <> e.legs
"""
TRIAL = """
SELECT c.key, c.number, c.name, c.kind, c.control, coalesce(sum(p.payoff), 0)
FROM ledger_code c LEFT JOIN ledger_posting p ON p.code_id = c.key
GROUP BY c.key ORDER BY c.number
"""
SUBLEDGERS = """
SELECT s.code_id, coalesce(sum(p.payoff), 0)
FROM ledger_subledger s LEFT JOIN ledger_posting p ON p.subledger_id = s.id
GROUP BY s.code_id
"""
ASTRAY = """
SELECT e.source FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
JOIN ledger_subledger s ON s.id = p.subledger_id WHERE s.code_id <> p.code_id
"""


@dataclass(frozen=True, slots=True)
class CodeTotal:
    key: str
    number: str
    name: str
    kind: str
    control: bool
    payoff: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that does not hold; there should be none."""

    what: str
    where: str
    expected: str
    found: str


def trial_balance() -> list[CodeTotal]:
    """Every code with its total; together they are zero."""
    return [
        CodeTotal(key, number, name, kind, control, Money(int(cents)))
        for key, number, name, kind, control, cents in _rows(TRIAL)
    ]


def differences() -> list[Difference]:
    """Entries that do not balance or miss legs, and control codes that differ from their sub-ledgers."""
    found = [
        Difference("entry", source, f"$0.00 over {legs} legs", f"{Money(int(cents))} over {count} legs")
        for source, cents, legs, count in _rows(UNBALANCED)
    ]
    found += [Difference("posting", source, "its sub-ledger's code", "another code") for (source,) in _rows(ASTRAY)]
    totals = {code.key: code for code in trial_balance()}
    under = {key: Money(int(cents)) for key, cents in _rows(SUBLEDGERS)}
    for key, code in totals.items():
        if code.control and code.payoff != under.get(key, Money(0)):
            found.append(Difference("control code", key, str(under.get(key, Money(0))), str(code.payoff)))
    if grand := sum(code.payoff.cents for code in totals.values()):
        found.append(Difference("trial balance", "all codes", "$0.00", str(Money(grand))))
    return found


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
