"""When a customer died: the account goes on in the name of the estate, nothing is collected, and we write once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.cases.models import AccountAlert
from lamplighter.cases.operations.alerts import raise_alert
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.customers.models import Person
from lamplighter.customers.operations import record_death, set_mailing_address
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.serving import write_by_template
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import in_transaction

QUIET = timedelta(days=60)


@in_transaction
def customer_died(
    *, account: Account, person: Person, died_on: date, evidence: str, cares: str, mailing: str, on: date, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Power stays on and no payment is asked for in 60 days; the name becomes "Estate of ...". Raises CannotRecord."""
    record_death(person=person, on=died_on, today=on, by=by, at=at, account=account.pk)
    if mailing.strip():
        set_mailing_address(person=person, lines=mailing, period=Period(on), by=by, at=at)
    protect(
        account=account,
        kind=HoldKind.REVIEW,
        period=Period(on, on + QUIET),
        evidence=evidence[:80],
        on=on,
        by=by,
        at=at,
    )
    raise_alert(
        account=account, level=AccountAlert.Level.WATCH, title="The customer died", acts=(),
        period=Period(on, on + 6 * QUIET), by=by, at=at, words=f"The estate: {cares}" if cares.strip() else "",
    )  # fmt: skip
    write_by_template(account, "letter-condolence", {}, key=f"estate:{person.number}", by=by, at=at)
