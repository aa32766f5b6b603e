"""What stands against serving somebody: what they owe on other accounts. Each is a fact with a way through."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.customers.models import Person
from lamplighter.web.ui.parts import Alert, Level

MOST = 5


def owed_elsewhere(account: Account, *, on: date) -> list[Alert]:
    """What the customer owes past due on accounts of their own."""
    role = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN, period__contains=on)
    customer = role.select_related("person").first()
    return debts_of(customer.person, on=on) if customer else []


def debts_of(person: Person, *, on: date) -> list[Alert]:
    roles = AccountRole.objects.filter(person=person, role=AccountRole.Role.MAIN).select_related("account")
    found = []
    for role in roles.order_by("-id")[:MOST]:
        if (owed := past_due_total(role.account, on=on)).cents > 0:
            words = "Ask for payment or a plan first; service is not refused for a debt of somebody else."
            found.append(Alert(Level.WATCH, f"Owes {owed} on account {role.account.number}", words))
    return found
