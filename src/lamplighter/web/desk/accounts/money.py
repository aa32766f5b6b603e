"""What an account owes, how old that is, and how it came about, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.queries import Profile
from lamplighter.billing.models import Bill
from lamplighter.billing.rules import DUE_DAYS
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import Balance, ageing, balances
from lamplighter.ledger.rules import Ageing
from lamplighter.payments.models import Payment
from lamplighter.payments.queries import payments_of

BUCKETS = ("1–30 days", "31–60 days", "61–90 days", "over 90 days")


@dataclass(frozen=True, slots=True)
class Standing:
    """`last_bill` may be a converted one; `last_payment` is the newest that was not reversed."""

    balance: Balance
    ageing: Ageing
    last_bill: Bill | None
    last_payment: Payment | None

    @property
    def oldest(self) -> str:
        """How old the oldest past-due debt is, in words."""
        late = [name for name, amount in zip(BUCKETS, self.ageing.buckets, strict=True) if amount]
        return late[-1] if late else ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One movement of the account, with both balances after it."""

    on: date
    source: str
    kind: str
    what: str
    payoff: Money
    current: Money
    balance: Balance


def standing(known: Profile, *, on: date) -> Standing:
    """Four queries."""
    each = balances(known.subledgers)
    return Standing(
        balance=sum(each.values(), Balance()),
        ageing=ageing(known.subledgers, on=on, due_days=DUE_DAYS),
        last_bill=known.account.bills.order_by("-issued_on", "-id").first(),
        last_payment=next((p for p in payments_of(known.account)[:5] if not hasattr(p.event, "reversal")), None),
    )


def ledger_lines(known: Profile) -> list[LedgerLine]:
    """Every posting on the account's agreements in order, newest first, with the balances that it led to."""
    rows = (
        Posting.objects.filter(subledger__in=known.subledgers)
        .select_related("entry")
        .order_by("entry__effective_on", "entry_id", "id")
    )
    lines, after = [], Balance(ZERO, ZERO)
    for row in rows:
        after = after + Balance(row.current, row.payoff)
        lines.append(
            LedgerLine(
                on=row.entry.effective_on, source=row.entry.source, kind=row.entry.kind.replace("-", " "),
                what=row.code_id.replace("-", " "), payoff=row.payoff, current=row.current, balance=after,
            )
        )  # fmt: skip
    return lines[::-1]
