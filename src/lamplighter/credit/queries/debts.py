"""What an account owes, by agreement, age and debt class."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.queries.asking import Asked, asked_for
from lamplighter.credit.queries.openitems import aged_open, ageing_on, stands
from lamplighter.credit.queries.pledges import pledged
from lamplighter.credit.rules.arranging import Part
from lamplighter.credit.rules.collecting import debt_class_of
from lamplighter.credit.rules.pledging import left_after
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.rules import Debt
from lamplighter.payments.queries import owed_by_many
from lamplighter.payments.rules import Owed

TO_LOOK_AT = """
SELECT account_id FROM (
  SELECT a.account_id FROM accounts_agreement a JOIN ledger_posting p ON p.subledger_id = a.subledger_id
  GROUP BY a.account_id, a.id HAVING sum(p.current) > 0
  UNION SELECT account_id FROM credit_process WHERE ended_on IS NULL
) AS found ORDER BY account_id
"""


@dataclass(frozen=True, slots=True)
class Dated:
    """An open debt of an agreement with its age, when it was asked for, and by when it was to be paid."""

    agreement: int
    kind: AgreementKind
    owed_on: date
    asked: Asked
    amount: Money

    def late(self, on: date) -> bool:
        return on > self.asked.due_on


def dated(accounts: Collection[int], *, on: date) -> dict[int, Sequence[Dated]]:
    """Open debts of each account with their due days, oldest first, less what agencies have pledged for its service;
    a dozen queries whatever their number. Of bills that are open items each is late by itself."""
    kinds = dict(Agreement.objects.filter(account__in=accounts).values_list("pk", "kind"))
    owed = {pk: sorted(debts, key=_age) for pk, debts in _owed(accounts, on).items()}
    asked = asked_for({pk: {one.owed_on for one in debts} for pk, debts in owed.items()})
    promised = pledged(owed)
    return {
        pk: _less(
            [
                Dated(one.agreement, AgreementKind(kinds[one.agreement]), one.owed_on, asked[pk, one.owed_on],
                      one.amount)
                for one in debts
            ],
            promised.get(pk, ZERO),
        )
        for pk, debts in owed.items()
    }  # fmt: skip


def _owed(accounts: Collection[int], on: date) -> dict[int, list[Owed]]:
    """As the books have it, where credit that pays no bill yet counts against the oldest debt; or, where the policy of
    the day says that it does not, each open item whole."""
    owed = owed_by_many(accounts)
    if ageing_on(on).deduct:
        return owed
    opened = stands(aged_open(accounts, on=on))
    agreements = Agreement.objects.filter(account__in=opened).in_bulk()
    return owed | {
        pk: [
            Owed(agreement, agreements[agreement].type.priority, day, left)
            for bill in stand.bills for (agreement, day), left in bill.parts if left
        ]
        for pk, stand in opened.items()
    }  # fmt: skip


def owed_for_service(account: Account) -> list[Owed]:
    """What service still costs, the oldest first, as the books have it: what a pledge counts against, and its money
    pays."""
    kinds = dict(Agreement.objects.filter(account=account).values_list("pk", "kind"))
    debts = sorted(owed_by_many([account.pk]).get(account.pk, ()), key=_age)
    return [one for one in debts if _is_service(AgreementKind(kinds[one.agreement]))]


def late_by_class(debts: Sequence[Dated], *, on: date) -> dict[str, list[Debt]]:
    """What may be collected on a day, by debt class: never what the customer may still pay in time."""
    found: dict[str, list[Debt]] = {}
    for one in debts:
        if (debt_class := debt_class_of(one.kind)) and one.late(on):
            found.setdefault(debt_class, []).append(Debt(one.owed_on, one.amount))
    return found


def past_due(account: Account, *, on: date) -> list[Part]:
    """Debts for service whose due day is over, by agreement and age; an arrangement's own are not among them."""
    return _late(dated([account.pk], on=on)[account.pk], on)


def past_due_totals(accounts: Collection[int], *, on: date) -> dict[int, Money]:
    """The same of several accounts, added up; as many queries as for one."""
    return {pk: total(part.amount for part in _late(debts, on)) for pk, debts in dated(accounts, on=on).items()}


def _late(debts: Sequence[Dated], on: date) -> list[Part]:
    return [Part(one.agreement, one.owed_on, one.amount) for one in debts if _is_service(one.kind) and one.late(on)]


def past_due_total(account: Account, *, on: date) -> Money:
    return total(part.amount for part in past_due(account, on=on))


def collected_total(account: Account, *, on: date) -> Money:
    """What a letter of today asks for: everything past due that is collected, of every debt class."""
    late = late_by_class(dated([account.pk], on=on)[account.pk], on=on)
    return total(debt.amount for debts in late.values() for debt in debts)


def newest_late_bill(debts: Sequence[Dated], *, on: date) -> date:
    """When the newest bill was mailed that a notice of today would ask for; today where none is late, and for one of
    whose mailing there is no proof yet."""
    collected = (one for one in debts if debt_class_of(one.kind))
    return max((one.asked.told_on or on for one in collected if one.late(on)), default=on)


def _less(debts: Sequence[Dated], promised: Money) -> list[Dated]:
    """Each debt with what is left of it; one that is pledged whole is not collected."""
    if not promised:
        return list(debts)
    service = [one for one in debts if _is_service(one.kind)]
    rest = dict(zip(map(id, service), left_after([one.amount for one in service], promised), strict=True))
    found = [replace(one, amount=rest.get(id(one), one.amount)) for one in debts]
    return [one for one in found if one.amount]


def _age(owed: Owed) -> tuple[date, int]:
    return owed.owed_on, owed.agreement


def _is_service(kind: AgreementKind) -> bool:
    return kind != AgreementKind.ARRANGEMENT and debt_class_of(kind) == "regulated"


def accounts_to_look_at() -> list[int]:
    """Accounts that owe anything, and those that a process runs on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(TO_LOOK_AT)
        return [int(row[0]) for row in cursor.fetchall()]
