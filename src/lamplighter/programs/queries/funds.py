"""What a fund has, what is reserved of it, what a household had of it, and whether its book is what the ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Posting
from lamplighter.programs.models import AssistanceFund, Enrollment, FundMove, FundTerms, Gift, Grant
from lamplighter.programs.rules.granting import CannotFund
from lamplighter.programs.rules.qualifying import months_later

State, Kind = Grant.State, FundMove.Kind
ASTRAY = """
SELECT 'fund ' || f.key || ': ' || coalesce(m.sum, 0) || ' in its book, ' || -coalesce(p.sum, 0) || ' in the ledger'
FROM programs_assistancefund f
LEFT JOIN (SELECT fund_id, sum(amount) FROM programs_fundmove GROUP BY 1) m ON m.fund_id = f.key
LEFT JOIN (SELECT code_id, sum(payoff) FROM ledger_posting GROUP BY 1) p ON p.code_id = f.code_id
WHERE coalesce(m.sum, 0) <> -coalesce(p.sum, 0)
UNION ALL
SELECT 'movement ' || m.id || ' of fund ' || m.fund_id || ': ' || m.amount || ', and ' || -coalesce(sum(p.payoff), 0)
  || ' posted'
FROM programs_fundmove m JOIN programs_assistancefund f ON f.key = m.fund_id
LEFT JOIN ledger_posting p ON p.entry_id = m.entry_id AND p.code_id = f.code_id
GROUP BY m.id HAVING m.amount <> -coalesce(sum(p.payoff), 0)
UNION ALL
SELECT 'grant ' || g.number || ': ' || g.state || ', ' || g.amount || ' granted, ' || -coalesce(sum(m.amount), 0)
  || ' in the book'
FROM programs_grant g LEFT JOIN programs_fundmove m ON m.grant_id = g.id
GROUP BY g.id HAVING CASE g.state WHEN 'given' THEN g.amount ELSE 0 END <> -coalesce(sum(m.amount), 0)
UNION ALL
SELECT 'donation of agreement ' || a.id || ': ' || sum(p.current) || ' asked for, ' || sum(p.payoff) || ' owed'
FROM accounts_agreement a JOIN ledger_posting p ON p.subledger_id = a.subledger_id
WHERE a.kind = 'charity' GROUP BY a.id HAVING sum(p.current) < 0 OR sum(p.payoff) > sum(p.current)
"""


@dataclass(frozen=True, slots=True)
class FundStanding:
    """What the ledger holds for a fund, and how much of it waiting grants reserve."""

    held: Money
    reserved: Money

    @property
    def free(self) -> Money:
        return max(self.held - self.reserved, ZERO)


@dataclass(frozen=True, slots=True)
class FundYear:
    """A fund in a period, from its book: what it had before, what came and went by kind, and of how many."""

    before: Money
    moved: Mapping[str, Money]
    givers: int
    households: int

    @property
    def after(self) -> Money:
        return sum(self.moved.values(), self.before)


def standing_of(fund: AssistanceFund) -> FundStanding:
    """Two queries."""
    payoff = Posting.objects.filter(code=fund.code_id).aggregate(sum=Sum("payoff"))["sum"] or ZERO
    waits = Grant.objects.filter(fund=fund, state=State.WAITS).aggregate(sum=Sum("amount"))["sum"] or ZERO
    return FundStanding(-payoff, waits)


def fund_terms(fund: AssistanceFund, *, on: date) -> FundTerms:
    """Those of a day. Raises CannotFund where there are none."""
    row = FundTerms.objects.filter(fund=fund, period__contains=on).first()
    if row is None:
        raise CannotFund(f"{fund.name} has no terms on {on:%b %-d, %Y}: nobody may grant anything of it.")
    return row


def had_by(account: Account, fund: AssistanceFund, *, on: date) -> Money:
    """What the account's household was granted, or has reserved, in the twelve months before: on every account on which
    one of its people is the customer or a co-applicant."""
    lives = AccountRole.objects.filter(role__in=(AccountRole.Role.MAIN, AccountRole.Role.CO_APPLICANT))
    people = lives.filter(account=account, period__contains=on).values("person")
    rows = Grant.objects.filter(
        fund=fund, state__in=(State.WAITS, State.GIVEN), asked_on__gt=months_later(on, -12),
        account__in=lives.filter(person__in=people).values("account"),
    )  # fmt: skip
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def opened_by(account: Account, terms: FundTerms, *, on: date) -> Enrollment | None:
    """The enrollment by which the household needs no paper."""
    rows = Enrollment.objects.filter(account=account, program__in=terms.programs, period__contains=on)
    return rows.select_related("program").first()


def gift_of(account: Account) -> Gift | None:
    """What the account gives, if it does."""
    return Gift.objects.filter(account=account, period__endswith__isnull=True).select_related("fund").first()


def fund_year(fund: AssistanceFund, *, period: Period) -> FundYear:
    """The book of a period; three queries."""
    book = FundMove.objects.filter(fund=fund)
    before = book.filter(on__lt=period.start).aggregate(sum=Sum("amount"))["sum"] or ZERO
    within = book.filter(on__range=(period.start, period.last_day))
    sums = dict(within.values_list("kind").annotate(sum=Sum("amount")).order_by())
    counted = within.aggregate(
        givers=Count("account", filter=Q(kind=Kind.GIFT), distinct=True),
        households=Count("account", filter=Q(kind=Kind.GRANT), distinct=True),
    )
    moved = {kind.value: sums.get(kind.value, ZERO) for kind in Kind}
    return FundYear(before, moved, counted["givers"], counted["households"])


def book_of(fund: AssistanceFund) -> QuerySet[FundMove]:
    """Every movement, the newest first."""
    return FundMove.objects.filter(fund=fund).select_related("account", "grant").order_by("-pk")


def donation_agreement(account: Account, fund: AssistanceFund) -> Agreement | None:
    """That on which the account gave to the fund before."""
    row = Gift.objects.filter(account=account, fund=fund).select_related("agreement").order_by("-pk").first()
    return row.agreement if row else None


def funds_astray() -> list[str]:
    """Funds whose book is not what the ledger holds, movements and grants that were not posted so, and donations that
    became a debt."""
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        return [str(row[0]) for row in cursor.fetchall()]
