"""Adopt a surroundings file: from its day on, what-ifs go by its sun, weather and carbon."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.surroundings import surroundings_of
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import AdoptedSurroundings
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def adopt_surroundings(*, text: str, since: date, by: Actor, at: datetime) -> AdoptedSurroundings:
    """Raises CannotKeep for a file that can't be read, with what is wrong in it."""
    try:
        found = surroundings_of(text)
    except CannotAdvise as fault:
        raise CannotKeep(str(fault)) from fault
    made = AdoptedSurroundings.objects.create(since=since, text=text, adopted_at=at, adopted_by=by)
    record("keyaccounts.surroundings.adopted", subject=f"surroundings:{made.pk}", by=by, at=at, site=found.site.name,
           since=since.isoformat())  # fmt: skip
    return made
