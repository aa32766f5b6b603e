"""Adopt a costs file: from its day on, offers are judged by its marginal costs."""

from __future__ import annotations

from datetime import datetime

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.costs import costs_of
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import AdoptedCosts
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def adopt_costs(*, text: str, by: Actor, at: datetime) -> AdoptedCosts:
    """Raises CannotKeep for a file that can't be read, with what is wrong in it."""
    try:
        found = costs_of(text)
    except CannotAdvise as fault:
        raise CannotKeep(str(fault)) from fault
    made = AdoptedCosts.objects.create(since=found.since, text=text, adopted_at=at, adopted_by=by)
    record("keyaccounts.costs.adopted", subject=f"costs:{made.pk}", by=by, at=at, since=found.since.isoformat())
    return made
