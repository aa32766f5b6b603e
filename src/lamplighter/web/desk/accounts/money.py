"""What an account owes, how old that is, and how it came about, ready to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.urls import reverse

from lamplighter.accounts.queries import Profile
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.policies import due_days_of
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import Balance, ageing, balances
from lamplighter.ledger.rules import MATCH, Ageing
from lamplighter.payments.models import Payment, Tender

BUCKETS = ("1–30 days", "31–60 days", "61–90 days", "over 90 days")
SOURCE = re.compile(r"(?:(?P<undone>cancel|reversal):)?(?P<kind>[a-z-]+):(?P<key>[^:]+)")
"""An entry's source: `bill:119-7:0`, `payment:20081-3:17`, `cancel:bill:119-7:0`, `late-charge:17:119-7`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`last_bill` may be a converted one; `last_payment` is the newest that was not reversed."""

    balance: Balance
    ageing: Ageing
    last_bill: Bill | None
    last_payment: Payment | None
    paid_with: str

    @property
    def oldest(self) -> str:
        """How old the oldest past-due debt is, in words."""
        late = [name for name, amount in zip(BUCKETS, self.ageing.buckets, strict=True) if amount]
        return late[-1] if late else ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One movement of the account, with both balances after it; `url` leads to what it came from."""

    on: date
    what: str
    source: str
    code: str
    payoff: Money
    current: Money
    balance: Balance
    url: str


def standing(known: Profile, *, on: date) -> Standing:
    """Four queries."""
    each = balances(known.subledgers)
    paid = (
        Payment.objects.filter(account=known.account, event__reversal__isnull=True)
        .select_related("event")
        .annotate(kinds=ArrayAgg("event__tenders__kind", distinct=True))
        .order_by("-event__received_on", "-id")
        .first()
    )
    last_bill = known.account.bills.order_by("-issued_on", "-id").first()
    return Standing(
        balance=sum(each.values(), Balance()),
        ageing=ageing(known.subledgers, on=on, due_days=due_days_of(last_bill, on=on)),
        last_bill=last_bill,
        last_payment=paid,
        paid_with=", ".join(Tender.Kind(kind).label.lower() for kind in paid.kinds) if paid else "",
    )


def ledger_lines(known: Profile) -> list[LedgerLine]:
    """Every posting on the account's agreements in order, newest first, with the balances that it led to; not what only
    ties a credit to a bill."""
    rows = (
        Posting.objects.filter(subledger__in=known.subledgers)
        .exclude(entry__kind__startswith=MATCH)
        .select_related("entry", "code")
        .order_by("entry__effective_on", "entry_id", "id")
    )
    lines, after = [], Balance(ZERO, ZERO)
    for row in rows:
        after = after + Balance(row.current, row.payoff)
        what, url = source_of(row.entry.source, known.account.number)
        lines.append(
            LedgerLine(
                on=row.entry.effective_on, what=what, source=row.entry.source, code=row.code.name, payoff=row.payoff,
                current=row.current, balance=after, url=url,
            )
        )  # fmt: skip
    return lines[::-1]


def source_of(text: str, account: str) -> tuple[str, str]:
    """What a movement came from, in words, and its page."""
    found = SOURCE.match(text)
    if found is None:
        return text, ""
    undone = {"cancel": " cancelled", "reversal": " reversed", None: ""}[found["undone"]]
    match found["kind"]:
        case "bill":
            return f"Bill {found['key']}{undone}", reverse("desk:bill", args=[account, found["key"]])
        case "payment":
            return f"Payment R-{found['key']}{undone}", reverse("desk:receipt", args=[found["key"]])
        case "opening":
            return "Balance brought forward", ""
        case kind:
            return f"{kind.replace('-', ' ').capitalize()}{undone}", ""
