"""What is set aside on an account, what a household could have forgiven, and whether its books hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Forgiveness, ForgivenessTerms, Hold, JudgedBill
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.queries.debts import past_due
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.credit.rules.forgiving import Asking, CannotForgive, ForgivenessDraft, draft, refuse
from lamplighter.kernel.money import Money, total
from lamplighter.ledger.queries import balances

ASTRAY = """
SELECT 'forgiveness ' || f.id || ': ' || f.total || ' set aside, ' || coalesce(d.sum, 0) || ' in debts, '
  || coalesce(j.sum, 0) || ' forgiven, ' || b.current || ' current and ' || b.payoff || ' payoff'
FROM credit_forgiveness f JOIN accounts_agreement g ON g.id = f.agreement_id
JOIN LATERAL (SELECT coalesce(sum(p.current), 0) AS current, coalesce(sum(p.payoff), 0) AS payoff
              FROM ledger_posting p WHERE p.subledger_id = g.subledger_id) b ON true
LEFT JOIN (SELECT forgiveness_id, sum(amount) FROM credit_setaside GROUP BY 1) d ON d.forgiveness_id = f.id
LEFT JOIN (SELECT forgiveness_id, sum(amount) FROM credit_judgedbill GROUP BY 1) j ON j.forgiveness_id = f.id
WHERE f.total <> coalesce(d.sum, 0) OR b.current <> 0
  OR b.payoff <> CASE WHEN f.ended_on IS NULL THEN f.total - coalesce(j.sum, 0) ELSE 0 END
UNION ALL
SELECT 'bill ' || j.bill_id || ': ' || j.amount || ' forgiven, ' || coalesce(sum(p.payoff), 0) || ' borne by its code'
FROM credit_judgedbill j JOIN credit_forgiveness f ON f.id = j.forgiveness_id
JOIN credit_forgivenessterms t ON t.id = f.terms_id
LEFT JOIN ledger_posting p ON p.entry_id = j.entry_id AND p.code_id = t.code_id
GROUP BY j.id HAVING j.amount <> coalesce(sum(p.payoff), 0)
"""


@dataclass(frozen=True, slots=True)
class SetAsideStanding:
    """What runs: how much was forgiven for how many bills, what is left, how many bills were missed."""

    row: Forgiveness
    forgiven: Money
    in_time: int
    missed: int
    left: Money


def forgiveness_terms(*, on: date) -> ForgivenessTerms | None:
    return ForgivenessTerms.objects.filter(period__contains=on).first()


def forgiveness_of(account: Account) -> Forgiveness | None:
    """The one that runs."""
    found = Forgiveness.objects.filter(account=account, ended_on__isnull=True)
    return found.select_related("agreement", "account", "terms").first()


def set_aside_of(account: Account) -> SetAsideStanding | None:
    """The one that runs, with its bills; three queries."""
    row = forgiveness_of(account)
    if row is None:
        return None
    bills = list(row.bills.all())
    in_time = sum(one.in_time for one in bills)
    return SetAsideStanding(
        row, total(one.amount for one in bills), in_time, len(bills) - in_time, left_of(row)
    )  # fmt: skip


def left_of(row: Forgiveness) -> Money:
    key = row.agreement.subledger_id
    return balances([key])[key].payoff


def draft_forgiveness(account: Account, *, let_in_by: str, on: date) -> ForgivenessDraft:
    """As it would be written. Raises CannotForgive with the words to say."""
    terms = forgiveness_terms(on=on)
    if terms is None:
        raise CannotForgive("No terms are set: no old debt is forgiven today.")
    debts = past_due(account, on=on)
    before = Forgiveness.objects.filter(account=account)
    refuse(
        Asking(
            total(one.amount for one in debts), let_in_by,
            bankrupt=Hold.objects.filter(
                account=account, kind=HoldKind.BANKRUPTCY, period__contains=on
            ).exists(),
            plan_runs=arrangement_of(account) is not None,
            runs=any(one.ended_on is None for one in before),
            had=_missed_before(account),
        )
    )  # fmt: skip
    return draft(account.pk, debts, rules=terms.rules, let_in_by=let_in_by, on=on)


def _missed_before(account: Account) -> bool:
    """Whether one ended, by whatever way, with bills that were missed and debt that was left."""
    rows = JudgedBill.objects.filter(forgiveness__account=account, entry__isnull=True)
    return rows.filter(forgiveness__outcome__in=(Outcome.BROKEN, Outcome.CANCELLED)).exists()


def told_with(bills: Sequence[Bill]) -> dict[int, tuple[JudgedBill, Money]]:
    """For bills, the newest that was judged between each and the one before it, with what was left then; two queries
    whatever their number, one where nothing was ever set aside."""
    judged: dict[int, list[JudgedBill]] = defaultdict(list)
    rows = JudgedBill.objects.filter(forgiveness__account__in={bill.account_id for bill in bills})
    for one in rows.select_related("forgiveness", "bill").order_by("pk"):
        judged[one.bill.account_id].append(one)
    issued: dict[int, list[datetime]] = defaultdict(list)
    if judged:
        for account, at in Bill.objects.filter(account__in=judged).values_list("account", "issued_at"):
            issued[account].append(at)
    found: dict[int, tuple[JudgedBill, Money]] = {}
    for bill in bills:
        before = max((at for at in issued[bill.account_id] if at < bill.issued_at), default=None)
        mine = [one for one in judged[bill.account_id] if one.at <= bill.issued_at]
        if mine and (before is None or mine[-1].at > before):
            newest = mine[-1]
            gone = total(one.amount for one in mine if one.forgiveness_id == newest.forgiveness_id)
            found[bill.pk] = newest, newest.forgiveness.total - gone
    return found


def forgiveness_astray() -> list[str]:
    """Debts set aside that are not what they took over less what was forgiven, and shares that no code bears."""
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        return [str(row[0]) for row in cursor.fetchall()]
