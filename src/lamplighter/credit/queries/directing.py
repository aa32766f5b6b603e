"""Which agreements money for an account of open items goes to: those of the bill that it names, or exactly pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.queries.openitems import WORD, Stand, aged_open, stands
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.queries import owed_by_many
from lamplighter.payments.rules import TenderIn

Wanted = Mapping[Account, Money]


def directed_by(events: Sequence[tuple[Sequence[TenderIn], Wanted]], *, on: date) -> list[dict[Agreement, Money]]:
    """Of each event, the share of single agreements; the rest of it is spread by rule. Two questions where no account
    of theirs is aged by open items."""
    mine = aged_open({account.pk for _, paid in events for account in paid}, on=on)
    if not mine:
        return [{} for _ in events]
    known, owed = stands(mine), owed_by_many(mine)
    agreements = Agreement.objects.filter(account__in=mine).in_bulk()
    found = []
    for tenders, paid in events:
        words = {word for tender in tenders for word in WORD.findall(tender.reference)}
        shares = {
            agreement: min(share, total(one.amount for one in owed[account.pk] if one.agreement == agreement))
            for account, amount in paid.items() if account.pk in mine
            for agreement, share in _parts(known[account.pk], amount, words).items()
        }  # fmt: skip
        found.append({agreements[pk]: share for pk, share in shares.items() if share})
    return found


def _parts(stand: Stand, amount: Money, words: set[str]) -> dict[int, Money]:
    """What of an amount each agreement gets: of the bills that are named, else of one of exactly this amount."""
    named = [one for one in stand.bills if one.bill in words and one.open]
    exact = [one for one in stand.bills if one.bill and one.open == amount][:1]
    shares: dict[int, Money] = {}
    for bill in named or exact:
        for (agreement, _), left in bill.parts:
            part = min(left, amount)
            amount -= part
            shares[agreement] = shares.get(agreement, ZERO) + part
    return shares
