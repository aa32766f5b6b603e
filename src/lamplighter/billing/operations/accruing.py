"""Accrue a month's unbilled revenue, and take it back on the first day after."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.billing.queries.unbilled import accrual_of, after, by_code, digest_of, source_of, unbilled_revenue
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotAccrue(Exception):
    """A month can't be accrued; the message is fit to be read aloud."""


@in_transaction
def accrue_unbilled(*, month: date, shown: str, on: date, by: Actor, at: datetime) -> Entry:
    """Post what a person was `shown` of a month that is over, on its last day, and its opposite on the day after.

    `shown` is its digest. Raises CannotAccrue for a month that goes on or was accrued, and where it is another now;
    CannotPost where the books of either month are closed.
    """
    advisory_lock(source_of(month))
    following = after(month)
    if on < following:
        raise CannotAccrue(f"{month:%B %Y} is not over.")
    if accrual_of(month) is not None:
        raise CannotAccrue(f"{month:%B %Y} was accrued already.")
    sums = by_code(unbilled_revenue(month))
    whole = total(sums.values())
    if digest_of(sums) != shown:
        raise CannotAccrue(f"It comes out as {whole} now: bills or service changed since. Look again.")
    if not whole:
        raise CannotAccrue(f"Nothing of {month:%B %Y} is unbilled.")
    legs = (Leg("accrued-revenue", whole), *(Leg(code, -amount) for code, amount in sums.items()))
    last = following - timedelta(days=1)
    entry = Entry.objects.get(pk=ledger.post(draft=Draft(source_of(month), "accrual", last, legs), at=at, by=by))
    ledger.reverse(
        entry=entry, source=f"{source_of(month)}:back", effective_on=following, accounting_on=following, at=at, by=by
    )
    record("billing.unbilled.accrued", subject=f"month:{month:%Y-%m}", by=by, at=at, cents=whole.cents)
    return entry
