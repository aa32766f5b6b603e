"""Find anybody and anything from one box: name, address, telephone, account, meter, receipt, order, bill, amount.

Every word of what was typed must match something of the same account. Where nothing matches, words that sound like
it are tried (trigrams). Numbers people read out - account, receipt, meter, telephone - are found by any part of them;
of telephones those of the utility's own area code come first, since seven digits are a local number.

Who has all of several words is asked of one index (`AccountWords`), so that an address typed in full costs a large
utility no more than its rarest word; what each word matched is then looked up for these few.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from django.db import connection

from lamplighter.kernel.money import Money
from lamplighter.platform.numbering import is_number

Values: TypeAlias = Mapping[str, str | int]

SHOWN = 8
WORDS_MAX = 6
MOST = 5_000
"""So many are ranked roughly of what more accounts match,"""
FEW = 200
"""and the first of them looked at word by word."""
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
DIGITS = r"""
SELECT id AS account_id, 'account' AS why, 1.0 AS rank FROM accounts_account
  WHERE replace(number, '-', '') LIKE %(starts)s
UNION ALL SELECT id, 'old account', 0.9 FROM accounts_account
  WHERE old_number <> '' AND replace(old_number, '-', '') LIKE %(starts)s
UNION ALL SELECT r.account_id, 'telephone', CASE WHEN c.value LIKE '+1' ||
    (SELECT left(ltrim(regexp_replace(phone, '\D', '', 'g'), '1'), 3) FROM notices_sender) || %(starts)s
    THEN 0.7 ELSE 0.6 END FROM customers_contactpoint c
  JOIN accounts_accountrole r ON r.person_id = c.person_id WHERE c.kind <> 'email' AND upper(c.value) LIKE %(digits)s
"""
PAPER = """
SELECT p.account_id, 'receipt' AS why, 0.8 AS rank FROM payments_payment p
  JOIN payments_paymentevent e ON e.id = p.event_id WHERE replace(e.receipt, '-', '') LIKE %(starts)s
UNION ALL SELECT account_id, 'order', 0.75 FROM fieldwork_order
  WHERE account_id IS NOT NULL AND (number LIKE %(starts)s OR number = %(checked)s)
"""
BADGE = """
SELECT g.account_id, 'meter' AS why, 0.8 AS rank FROM metering_meter m JOIN metering_installation i ON i.meter_id = m.id
  JOIN accounts_agreementpoint ap ON ap.point_id = i.point_id JOIN accounts_agreement g ON g.id = ap.agreement_id
  WHERE upper(m.badge) LIKE %(starts_word)s OR (length(%(word)s) > 3 AND upper(m.badge) LIKE %(anywhere)s)
"""
AMOUNT = """
SELECT account_id, 'payment' AS why, 0.9 AS rank FROM payments_payment WHERE amount = %(cents)s
UNION ALL SELECT account_id, 'bill', 0.8 FROM billing_bill WHERE charges = %(cents)s OR due = %(cents)s
"""
BEST = """
SELECT account_id, array_agg(why ORDER BY word) FROM ({found}) AS found GROUP BY account_id
HAVING bit_or(1 << word) = %(every)s ORDER BY sum(rank::float8) DESC, account_id LIMIT %(limit)s
"""
ALL_WORDS = """
SELECT account_id FROM (SELECT account_id, words FROM accounts_accountwords WHERE {holds} LIMIT %(most)s) AS these
ORDER BY {begins} DESC, account_id LIMIT %(few)s
"""
NUMBERED = """
SELECT account_id FROM (SELECT * FROM ({branches}) AS numbers LIMIT %(most)s) AS these ORDER BY rank DESC LIMIT %(few)s
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
        return _best([AMOUNT], {"cents": amount.cents}, limit)
    words = re.findall(r"[\w\-@.']+", text.upper())[:WORDS_MAX]
    if not words or max(map(len, words)) < 2:
        return []
    if hits := _of_words(words, limit, fuzzy=False):
        return hits
    with connection.cursor() as cursor:
        cursor.execute(f"SET pg_trgm.word_similarity_threshold = {ALIKE}")
    return _of_words(words, limit, fuzzy=True)


def _of_words(words: Sequence[str], limit: int, *, fuzzy: bool) -> list[Hit]:
    """Accounts that every word matched."""
    queries, values = list[str](), dict[str, str | int]()
    for place, word in enumerate(words):
        digits = _digits(word)
        parts = MATCH.format(like="%%> %(word)s" if fuzzy else "LIKE %(anywhere)s"), *_own(word), *_numbers(word)
        query = " UNION ALL ".join(parts)
        told = {
            "word": word, "anywhere": f"%{_escaped(word)}%", "digits": f"%{digits}%", "starts": f"{digits}%",
            "starts_word": f"{_escaped(word)}%", "checked": f"{digits[:-1]}-{digits[-1:]}", "begins": f" {word}",
        }  # fmt: skip
        queries.append(_placed(query, place))
        values |= {f"{name}_{place}": value for name, value in told.items()}
    among = {*_with_all(words, values, fuzzy=fuzzy), *_with_a_number(words, values)}
    return _best(queries, values, limit, among=sorted(among))


def _own(word: str) -> list[str]:
    """Where a word is looked for that may be a part of a telephone's or an account's number."""
    return [DIGITS] if len(_digits(word)) >= 3 else []


def _numbers(word: str) -> list[str]:
    """Where besides the words of an account a word is looked for that may be a number, or a part of one."""
    digits = len(_digits(word))
    return [*([PAPER] if digits >= 3 else []), *([BADGE] if digits and len(word) >= 3 else [])]


def _digits(word: str) -> str:
    return re.sub(r"\D", "", word)


def _placed(query: str, place: int) -> str:
    """With the names of the values of the word in this place."""
    return re.sub(r"%\((\w+)\)s", rf"%(\1_{place})s", query)


def _with_all(words: Sequence[str], values: Values, *, fuzzy: bool) -> list[int]:
    """Some accounts that have all of the words; first where most of them begin a word there."""
    like = "words %%> %(word)s" if fuzzy else "words LIKE %(anywhere)s"
    holds = [f"({like} OR words LIKE %(digits)s)" if _own(word) else like for word in words]
    begins = "(strpos(' ' || translate(words, E'\\n', ' '), %(begins)s) > 0)::int"
    return _accounts(
        ALL_WORDS.format(
            holds=" AND ".join(_placed(each, place) for place, each in enumerate(holds)),
            begins=" + ".join(_placed(begins, place) for place in range(len(words))),
        ), values,
    )  # fmt: skip


def _with_a_number(words: Sequence[str], values: Values) -> list[int]:
    """Some accounts with a receipt, an order or a meter that one of the words is the number of."""
    branches = [_placed(one, place) for place, word in enumerate(words) for one in _numbers(word)]
    return _accounts(NUMBERED.format(branches=" UNION ALL ".join(branches)), values) if branches else []


def _accounts(query: str, values: Values) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**values, "most": MOST, "few": FEW})
        return [account for (account,) in cursor.fetchall()]


def _best(queries: Sequence[str], values: Values, limit: int, *, among: Sequence[int] | None = None) -> list[Hit]:
    """The accounts that every query finds, `among` some where they are known, by the sum of their ranks; two queries,
    and no row of the others comes."""
    if among is not None and not among:
        return []
    where = "" if among is None else "WHERE account_id = ANY(%(among)s::bigint[])"
    found = " UNION ALL ".join(
        f"SELECT {place} AS word, account_id, why, rank FROM ({query}) AS found_{place} {where}"  # noqa: S608
        for place, query in enumerate(queries)
    )
    every = {"every": 2 ** len(queries) - 1, "limit": limit, "among": list(among or [])}
    with connection.cursor() as cursor:
        cursor.execute(BEST.format(found=found), {**values, **every})
        best = dict(cursor.fetchall())
        cursor.execute(SHOW, [list(best)])
        shown = {row[0]: row[1:] for row in cursor.fetchall()}
    hits = []
    for account, reasons in best.items():
        number, name, sort_name, street, unit, closed_on = shown[account]
        why = tuple(dict.fromkeys(reasons))
        hits.append(Hit(number, sort_name or name or "", f"{street} {unit}".strip(), closed_on is None, why))
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
