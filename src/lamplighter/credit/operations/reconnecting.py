"""Set by which terms power comes back, from a day on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.credit.models import ReconnectTerms
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

MOST = Money(50_000)


class CannotSetTerms(Exception):
    """Terms of giving power back are refused; the message says why, for the supervisor."""


@in_transaction
def set_reconnect_terms(
    *, least: Money, wire_unasked: bool, citation: str, on: date, by: Actor, at: datetime
) -> ReconnectTerms:
    """From `on` power comes back by these; what held before ends there. Raises CannotSetTerms."""
    if not 0 <= least.cents <= MOST.cents:
        raise CannotSetTerms(f"What keeps nobody without power is zero to {MOST}, not {least}.")
    if not citation.strip():
        raise CannotSetTerms("Name the resolution that says so.")
    advisory_lock("reconnect-terms")
    if ReconnectTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotSetTerms(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in ReconnectTerms.objects.filter(period__contains=on):
        ReconnectTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = ReconnectTerms.objects.create(
        period=Period(on), least=least, wire_unasked=wire_unasked, citation=citation.strip()[:200], set_by=by
    )
    record(
        "credit.reconnect_terms.set", subject=f"reconnect-terms:{row.pk}", by=by, at=at, start=on.isoformat(),
        least=least.cents, wire_unasked=wire_unasked, citation=citation,
    )  # fmt: skip
    return row
