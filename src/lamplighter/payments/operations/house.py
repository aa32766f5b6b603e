"""The utility's own account, which bears what drawers are over or short."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement, Cycle
from lamplighter.accounts.types import AgreementKind
from lamplighter.customers import operations as customers
from lamplighter.kernel.actors import Actor
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.transactions import advisory_lock, in_transaction

KIND = AgreementKind.OVER_SHORT


@in_transaction
def over_short_agreement(*, on: date, by: Actor, at: datetime) -> Agreement:
    """The agreement for cash over and short; with the first difference the utility opens an account of its own."""
    advisory_lock("payments.house")
    found = Agreement.objects.filter(kind=KIND, period__endswith__isnull=True).first()
    if found is not None:
        return found
    cycle = Cycle.objects.order_by("code").first()
    if cycle is None:
        raise CannotTake("No billing cycle is defined yet, so the utility can't have an account of its own.")
    person = customers.add_organisation(name=f"{settings.UTILITY_NAME}, cash over and short", by=by, at=at)
    account = accounts.open_account(
        customer=person, customer_class=Account.CustomerClass.GOVERNMENT, cycle=cycle, on=on, by=by, at=at
    )
    return accounts.start_agreement(account=account, kind=KIND, on=on, by=by, at=at)
