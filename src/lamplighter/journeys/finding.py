"""Find anybody and anything from one box: name, address, telephone, account, meter, receipt, bill, amount.

Every word of what was typed must match something of the same account. Where nothing matches, words that sound like
it are tried (trigrams). Numbers people read out - account, receipt, meter, telephone - are found by any part of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import connection

from lamplighter.kernel.money import Money
from lamplighter.platform.numbering import is_number

SHOWN = 8
WORDS_MAX = 6
ALIKE = 0.5
"""From here on a word sounds like another: "Nguyan" and "Nguyen" share four trigrams of seven (0.57)."""

MATCH = """
SELECT r.account_id, 'name' AS why, similarity(upper(p.name), %(word)s) AS rank
  FROM customers_person p JOIN accounts_accountrole r ON r.person_id = p.id WHERE upper(p.name) {like}
UNION ALL SELECT r.account_id, 'other name', 0.3 FROM customers_othername o
  JOIN accounts_accountrole r ON r.person_id = o.person_id WHERE upper(o.name) {like}
UNION ALL SELECT a.account_id, 'address', similarity(upper(p.street), %(word)s) FROM premises_premise p
  JOIN accounts_agreement a ON a.premise_id = p.id WHERE upper(p.street) {like} OR upper(p.unit) {like}
UNION ALL SELECT r.account_id, 'email', 0.2 FROM customers_contactpoint c
  JOIN accounts_accountrole r ON r.person_id = c.person_id WHERE c.kind = 'email' AND upper(c.value) {like}
"""
DIGITS = """
UNION ALL SELECT r.account_id, 'telephone', 0.6 FROM customers_contactpoint c
  JOIN accounts_accountrole r ON r.person_id = c.person_id WHERE c.kind <> 'email' AND upper(c.value) LIKE %(digits)s
UNION ALL SELECT id, 'account', 1.0 FROM accounts_account WHERE replace(number, '-', '') LIKE %(starts)s
UNION ALL SELECT id, 'old account', 0.9 FROM accounts_account
  WHERE old_number <> '' AND replace(old_number, '-', '') LIKE %(starts)s
UNION ALL SELECT p.account_id, 'receipt', 0.8 FROM payments_payment p JOIN payments_paymentevent e ON e.id = p.event_id
  WHERE replace(e.receipt, '-', '') LIKE %(starts)s
"""
BADGE = """
UNION ALL SELECT g.account_id, 'meter', 0.8 FROM metering_meter m JOIN metering_installation i ON i.meter_id = m.id
  JOIN accounts_agreementpoint ap ON ap.point_id = i.point_id JOIN accounts_agreement g ON g.id = ap.agreement_id
  WHERE upper(m.badge) LIKE %(starts_word)s OR (length(%(word)s) > 3 AND upper(m.badge) LIKE %(anywhere)s)
"""
AMOUNT = """
SELECT account_id, 'payment' AS why, 0.9 AS rank FROM payments_payment WHERE amount = %(cents)s
UNION ALL SELECT account_id, 'bill', 0.8 FROM billing_bill WHERE charges = %(cents)s OR due = %(cents)s
"""
SHOW = """
SELECT a.id, a.number, p.name, p.sort_name, coalesce(pr.street, ''), coalesce(pr.unit, ''), a.closed_on
FROM accounts_account a
LEFT JOIN accounts_accountrole r ON r.account_id = a.id AND r.role = 'main' AND upper_inf(r.period)
LEFT JOIN customers_person p ON p.id = r.person_id
LEFT JOIN LATERAL (SELECT premise_id FROM accounts_agreement g WHERE g.account_id = a.id AND g.premise_id IS NOT NULL
                   ORDER BY lower(g.period) DESC LIMIT 1) g ON true
LEFT JOIN premises_premise pr ON pr.id = g.premise_id
WHERE a.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that matched, and why."""

    number: str
    name: str
    address: str
    open: bool
    why: tuple[str, ...]


def find(text: str, *, limit: int = SHOWN) -> list[Hit]:
    """The best accounts for what somebody typed, best first; empty for nothing typed."""
    if (amount := _amount(text)) is not None:
        return _shown(_rows(AMOUNT, {"cents": amount.cents}), limit)
    words = re.findall(r"[\w\-@.']+", text.upper())[:WORDS_MAX]
    if not words or max(map(len, words)) < 2:
        return []
    hits = _shown(_all_words(words, fuzzy=False), limit)
    if hits:
        return hits
    with connection.cursor() as cursor:
        cursor.execute(f"SET pg_trgm.word_similarity_threshold = {ALIKE}")
    return _shown(_all_words(words, fuzzy=True), limit)


def _all_words(words: Sequence[str], *, fuzzy: bool) -> list[tuple[int, str, float]]:
    """Rows for accounts that every word matched."""
    matched: dict[int, list[tuple[int, str, float]]] = {}
    accounts: set[int] | None = None
    for word in words:
        rows = _word(word, fuzzy=fuzzy)
        found = {account for account, _, _ in rows}
        accounts = found if accounts is None else accounts & found
        if not accounts:
            return []
        for row in rows:
            matched.setdefault(row[0], []).append(row)
    return [row for account in accounts or () for row in matched[account]]


def _word(word: str, *, fuzzy: bool) -> list[tuple[int, str, float]]:
    digits = re.sub(r"\D", "", word)
    sql = MATCH.format(like="%%> %(word)s" if fuzzy else "LIKE %(anywhere)s")
    if len(digits) >= 3:
        sql += DIGITS
    if len(word) >= 3 and digits:
        sql += BADGE
    return _rows(
        sql,
        {
            "word": word, "anywhere": f"%{_escaped(word)}%", "digits": f"%{digits}%", "starts": f"{digits}%",
            "starts_word": f"{_escaped(word)}%",
        },
    )  # fmt: skip


def _shown(rows: list[tuple[int, str, float]], limit: int) -> list[Hit]:
    ranks: dict[int, float] = {}
    why: dict[int, list[str]] = {}
    for account, reason, rank in rows:
        ranks[account] = ranks.get(account, 0.0) + float(rank)
        if reason not in why.setdefault(account, []):
            why[account].append(reason)
    best = sorted(ranks, key=lambda account: (-ranks[account], account))[:limit]
    with connection.cursor() as cursor:
        cursor.execute(SHOW, [best])
        rows_by_account = {row[0]: row[1:] for row in cursor.fetchall()}
    hits = []
    for account in best:
        number, name, sort_name, street, unit, closed_on = rows_by_account[account]
        hits.append(
            Hit(number, sort_name or name or "", f"{street} {unit}".strip(), closed_on is None, tuple(why[account]))
        )
    return hits


def _amount(text: str) -> Money | None:
    """`$271.08` or `271.08`; whole numbers without a dollar sign are account numbers, not amounts."""
    said = text.strip()
    if not re.fullmatch(r"\$\s?[\d,]+(\.\d{2})?|[\d,]+\.\d{2}", said) or is_number(said):
        return None
    try:
        return Money.exactly(Decimal(re.sub(r"[$,\s]", "", said)))
    except (InvalidOperation, ValueError):
        return None


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _rows(sql: str, values: dict[str, str | int]) -> list[tuple[int, str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
