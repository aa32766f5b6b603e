"""Ask for field work: raise an order with its notes and its appointment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from lamplighter.fieldwork.models import Half, Order, SiteNote
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.fieldwork.operations.ordering import OrderIn, raise_order
from lamplighter.fieldwork.operations.visits import book
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction

Slot = tuple[date, Half]


@in_transaction
def order_work(
    *,
    order: OrderIn,
    notes: Mapping[SiteNote.About, str],
    slot: Slot | None,
    on: date,
    by: Actor,
    at: datetime,
) -> Order:
    """The order, what crews must know of the place, and the appointment that the customer is told: all or nothing.
    Raises CannotRaise and CannotBook."""
    made = raise_order(order=order, by=by, at=at)
    for about, words in notes.items():
        if words.strip():
            write_site_note(premise=made.premise, about=about, words=words, on=on, by=by, at=at)
    if slot is not None:
        day, half = slot
        book(order=made, day=day, half=half, by=by, at=at, promised=True)
    return made
