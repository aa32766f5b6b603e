"""Which accounts are aged bill by bill, their open items, and the credits that pay no bill yet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from lamplighter.accounts.models import Account
from lamplighter.billing.queries.asking import Asked, asked_for
from lamplighter.credit.models import AgeingTerms, Match
from lamplighter.credit.rules.matching import Credit, Item, Place, Rule, Style, TakenBack, Tie, outgrown, worth
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.models import Posting
from lamplighter.ledger.rules import MATCH
from lamplighter.payments.models import Tender

PAYMENT = re.compile(r"payment:([^:]+):")
WORD = re.compile(r"[^\s,;#]+")
AGED_OPEN = """
SELECT account_id FROM credit_ageingstyle
WHERE period @> %(on)s::date AND style = 'open' AND account_id {among}
UNION
SELECT a.id FROM credit_ageingterms t JOIN accounts_account a ON a.customer_class = ANY(t.open_classes)
WHERE t.period @> %(on)s::date AND t.open_classes <> '{{}}' AND a.id {among}
  AND NOT EXISTS (SELECT FROM credit_ageingstyle s WHERE s.account_id = a.id AND s.period @> %(on)s::date)
"""
ANY_OPEN = """
SELECT EXISTS (SELECT FROM credit_ageingstyle WHERE style = 'open')
  OR EXISTS (SELECT FROM credit_ageingterms WHERE open_classes <> '{}')
"""
"""Asked first: nearly everywhere nobody is, and a question of so many tables takes ten times as long to be planned."""
ALL, THESE = "IS NOT NULL", "= ANY(%(keys)s::bigint[])"
OF_SUBLEDGERS = "= ANY(ARRAY(SELECT account_id FROM accounts_agreement WHERE subledger_id = ANY(%(keys)s::bigint[])))"


@dataclass(frozen=True, slots=True)
class Ageing:
    """The policy of ageing on a day: which classes are open items, and whether loose credit counts."""

    open_classes: frozenset[str] = frozenset()
    deduct: bool = True
    citation: str = "The program's own, until the utility sets how debts are aged"


def ageing_on(day: date) -> Ageing:
    """What the utility had set by then; before it has set anything, every account is aged balance forward."""
    row = AgeingTerms.objects.filter(period__contains=day).first()
    return Ageing(frozenset(row.open_classes), row.deduct, row.citation) if row else Ageing()


def style_of(account: Account, *, on: date) -> Style:
    return Style.OPEN if aged_open([account.pk], on=on) else Style.FORWARD


def aged_open(accounts: Collection[int] | None, *, on: date) -> set[int]:
    """Which of these accounts, or of all, are aged by open items on a day: as was chosen for the account, else as the
    policy says of its class; two queries, or one where nobody is."""
    return _aged_open(ALL if accounts is None else THESE, list(accounts or ()), on)


def moved_open(subledgers: Collection[int], *, on: date) -> set[int]:
    """The same of the accounts that these sub-ledgers are of."""
    return _aged_open(OF_SUBLEDGERS, list(subledgers), on)


def _aged_open(among: str, keys: list[int], on: date) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(ANY_OPEN)
        if cursor.fetchone() == (False,):
            return set()
        cursor.execute(AGED_OPEN.format(among=among), {"on": on, "keys": keys})
        return {account for (account,) in cursor.fetchall()}


@dataclass(frozen=True)
class OpenBill:
    """A bill, or what no bill has asked for yet, with what of it is paid and open. `parts` are its agreements and ages
    with what is open of each."""

    bill: str
    asked: Asked
    amount: Money
    paid: Money
    parts: tuple[tuple[Place, Money], ...]

    @property
    def open(self) -> Money:
        return self.amount - self.paid

    def late(self, on: date) -> int:
        """Days past due, while anything is open."""
        return max(0, (on - self.asked.due_on).days) if self.open else 0


@dataclass(frozen=True)
class Loose:
    """A credit of which something pays no bill yet."""

    credit: Credit
    left: Money
    source: str


@dataclass(frozen=True)
class Stand:
    """An account's items and credits as the books have them. `other` counts as credit and is none to be matched: more
    that was taken back of a day than was charged; less, where more credit was taken away than there was."""

    items: tuple[Item, ...]
    credits: tuple[Credit, ...]
    ties: tuple[Tie, ...]
    asked: Mapping[date, Asked]
    sources: Mapping[int, str]
    balance: Money
    other: Money

    @cached_property
    def bills(self) -> list[OpenBill]:
        """Every bill, the oldest first."""
        paid: dict[Place, Money] = defaultdict(lambda: ZERO)
        for tie in self.ties:
            paid[tie.place] += tie.amount
        several: dict[str, list[Item]] = defaultdict(list)
        for one in self.items:
            several[one.bill].append(one)
        return [
            OpenBill(
                number, max(self.asked[one.owed_on] for one in parts), total(one.amount for one in parts),
                total(paid[one.place] for one in parts),
                tuple((one.place, one.amount - paid[one.place]) for one in parts),
            )
            for number, parts in sorted(several.items(), key=lambda pair: min(one.owed_on for one in pair[1]))
        ]  # fmt: skip

    @cached_property
    def loose(self) -> list[Loose]:
        used: dict[int, Money] = defaultdict(lambda: ZERO)
        for tie in self.ties:
            used[tie.credit] += tie.amount
        rows = [Loose(one, one.amount - used[one.posting], self.sources[one.posting]) for one in self.credits]
        return [one for one in rows if one.left > ZERO]

    @property
    def open(self) -> Money:
        return total(one.open for one in self.bills)

    @property
    def unapplied(self) -> Money:
        """What stands against the open items: with them it is the balance, to the cent."""
        return self.open - self.balance


def stand_of(account: Account) -> Stand:
    return stands([account.pk])[account.pk]


def stands(accounts: Collection[int]) -> dict[int, Stand]:
    """Nine queries, whatever their number."""
    rows = (
        Posting.objects.filter(subledger__agreement__account__in=accounts)
        .exclude(current=0)
        .exclude(entry__kind__startswith=MATCH)
        .order_by("id")
        .values_list(
            "subledger__agreement__account", "subledger__agreement", "id", "current", "owed_on", "entry",
            "entry__source", "entry__effective_on", "entry__reverses", "entry__reversed_by",
        )
    )  # fmt: skip
    books: dict[int, _Books] = {pk: _Books() for pk in accounts}
    for account, *row in rows:
        books[account].take(_Row(*row))
    names = _named({receipt for one in books.values() for receipt in one.receipts.values() if receipt})
    asked = asked_for({pk: {day for _, day in one.charges} for pk, one in books.items()})
    ties, held = _ties(accounts)
    return {
        pk: one.stand(names, {day: asked[pk, day] for _, day in one.charges}, ties[pk], held)
        for pk, one in books.items()
    }


class _Row(NamedTuple):
    agreement: int
    posting: int
    current: Money
    owed_on: date | None
    entry: int
    source: str
    on: date
    reverses: int | None
    reversed_by: int | None


class _Books:
    """The postings of one account, sorted into what asks and what pays."""

    def __init__(self) -> None:
        self.charges: dict[Place, Money] = {}
        self.credits: list[Credit] = []
        self.taken: list[TakenBack] = []
        self.receipts: dict[int, str] = {}
        self.sources: dict[int, str] = {}
        self.balance = ZERO

    def take(self, row: _Row) -> None:
        self.balance += row.current
        if row.owed_on is not None:
            place = row.agreement, row.owed_on
            self.charges[place] = self.charges.get(place, ZERO) + row.current
            return
        if row.reverses or row.reversed_by:
            return  # it and its opposite are nothing together
        found = PAYMENT.search(row.source)
        receipt = found[1] if found else ""
        if row.current > ZERO:
            self.taken.append(TakenBack(row.agreement, row.current, receipt))
            return
        self.credits.append(Credit(row.posting, row.agreement, row.entry, row.on, -row.current))
        self.receipts[row.posting], self.sources[row.posting] = receipt, row.source

    def stand(
        self, names: Mapping[str, frozenset[str]], asked: Mapping[date, Asked], ties: Sequence[Tie], held: set[int]
    ) -> Stand:
        items = [
            Item(agreement, day, asked[day].bill, amount)
            for (agreement, day), amount in self.charges.items() if amount > ZERO
        ]  # fmt: skip
        credits = [
            Credit(one.posting, one.agreement, one.group, one.on, one.amount,
                   names.get(self.receipts[one.posting], frozenset()), one.posting in held)
            for one in worth(self.credits, self.taken, self.receipts)
        ]  # fmt: skip
        other = -total(amount for amount in self.charges.values() if amount < ZERO)
        other += total(one.amount for one in self.credits) - total(one.amount for one in credits)
        other -= total(one.amount for one in self.taken)
        return Stand(tuple(items), tuple(credits), tuple(ties), asked, self.sources, self.balance, other)


def _named(receipts: Collection[str]) -> dict[str, frozenset[str]]:
    """What payers wrote beside their tenders, word by word: a bill's number may be among it."""
    found: dict[str, set[str]] = defaultdict(set)
    for receipt, said in Tender.objects.filter(event__receipt__in=receipts).values_list("event__receipt", "reference"):
        found[receipt] |= set(WORD.findall(said))
    return {receipt: frozenset(words) for receipt, words in found.items()}


def _ties(accounts: Collection[int]) -> tuple[dict[int, list[Tie]], set[int]]:
    """The matches that stand, by account; and the credits of which somebody undid one."""
    rows = Match.objects.filter(agreement__account__in=accounts)
    found: dict[int, list[Tie]] = {pk: [] for pk in accounts}
    standing = rows.filter(undoes__isnull=True, undone_by__isnull=True).order_by("id")
    for row in standing.select_related("agreement"):
        tie = Tie(row.credit_id, row.agreement_id, row.owed_on, row.amount, Rule(row.rule), row.pk)
        found[row.agreement.account_id].append(tie)
    held = rows.filter(undoes__isnull=False, rule=Rule.HAND).values_list("credit", flat=True)
    return found, set(held)


UNBOOKED = """
SELECT 'match ' || m.id || ': ' || m.amount || ' matched, ' || coalesce(p.sum, 0) || ' in the books'
FROM credit_match m
JOIN accounts_agreement a ON a.id = m.agreement_id
LEFT JOIN LATERAL (SELECT -sum(l.current) AS sum FROM ledger_posting l WHERE l.entry_id = m.entry_id
  AND l.subledger_id = a.subledger_id AND l.owed_on = m.owed_on) p ON true
WHERE m.amount <> coalesce(p.sum, 0)
UNION ALL
SELECT 'entry ' || e.source || ': it is no match' FROM ledger_entry e
WHERE e.kind IN ('match', 'match-reversal') AND NOT EXISTS (SELECT FROM credit_match m WHERE m.entry_id = e.id)
ORDER BY 1
"""


def items_astray() -> tuple[Money, Money, list[str]]:
    """What is open and what is unapplied of every account that has matches; and matches that are not in the books, or
    more than their bill or their credit."""
    with connection.cursor() as cursor:
        cursor.execute(UNBOOKED)
        wrong = [str(row[0]) for row in cursor.fetchall()]
    matched = sorted(set(Match.objects.values_list("agreement__account", flat=True)))
    numbers = Account.objects.in_bulk(matched)
    opened = loose = ZERO
    for pk, stand in stands(matched).items():
        opened, loose = opened + stand.open, loose + stand.unapplied
        wrong += [
            f"account {numbers[pk]}: {tie.amount} is matched to the debt of {tie.owed_on}, which has not room for it"
            for tie in outgrown(stand.items, stand.credits, stand.ties)
        ]
        apart = stand.unapplied - total(one.left for one in stand.loose) - stand.other
        if apart:
            wrong.append(f"account {numbers[pk]}: {apart} is neither open nor unapplied")
    return opened, loose, wrong
