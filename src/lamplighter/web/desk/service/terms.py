"""What is said before somebody is served: what they owe on other accounts, and the programs they could have."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.credit.queries.debts import past_due_totals
from lamplighter.customers.models import Person
from lamplighter.programs.queries.offering import offered_with
from lamplighter.tariffs.models import Schedule
from lamplighter.web.ui.parts import Alert, Fact, Level

MOST = 5


def programs_fact(schedule: Schedule, *, on: date) -> list[Fact]:
    """What to offer while they are on the line; they apply once the account has service."""
    names = ", ".join(program.name for program in offered_with(schedule, on=on))
    return [Fact("Programs to offer", f"{names}. Apply under Programs once service is started.")] if names else []


def owed_elsewhere(account: Account, *, on: date) -> list[Alert]:
    """What the customer owes past due on accounts of their own."""
    customer = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN, period__contains=on)
    return _debts(AccountRole.objects.filter(person__in=customer.values("person")), on)


def debts_of(person: Person, *, on: date) -> list[Alert]:
    return _debts(AccountRole.objects.filter(person=person), on)


def _debts(roles: QuerySet[AccountRole], on: date) -> list[Alert]:
    newest = roles.filter(role=AccountRole.Role.MAIN).order_by("-id")[:MOST]
    numbers = dict(newest.values_list("account", "account__number"))
    owed = past_due_totals(numbers, on=on) if numbers else {}
    words = "Ask for payment or a plan first; service is not refused for a debt of somebody else."
    return [
        Alert(Level.WATCH, f"Owes {owed[pk]} on account {number}", words)
        for pk, number in numbers.items()
        if owed[pk].cents > 0
    ]
