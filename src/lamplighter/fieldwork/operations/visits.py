"""Book, move and cancel visits: a place in a crew's half-day, promised to the customer or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.fieldwork.kinds import RETURNED
from lamplighter.fieldwork.models import Crew, Half, Order, Shift, Visit
from lamplighter.fieldwork.operations.steps import end_visit, locked, tell
from lamplighter.fieldwork.queries.capacity import Offer, area_of, offers, said, to_come
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import finish_where

NEXT_FREE = 3


class CannotBook(Exception):
    """A visit can't be had so; the message is fit to be read aloud. `offers` are the next that are free."""

    def __init__(self, message: str, offers: Sequence[Offer] = ()) -> None:
        free = f" Next free: {'; '.join(said(offer) for offer in offers)}." if offers else ""
        super().__init__(f"{message}{free}")
        self.offers = tuple(offers)


@in_transaction
def book(
    *, order: Order, day: date, half: Half, by: Actor, at: datetime, promised: bool = False, crew: Crew | None = None
) -> Visit:
    """A place for the order, with any crew of its area or the one named; what it had before is given up in the same
    breath. Of two who want the last place one is refused. Raises CannotBook with the next that are free."""
    found = locked(order)
    _refuse(found, Offer(day, half, 0), at)
    shifts = _shifts(found, day, half, crew)
    standing = Visit.objects.select_for_update().filter(order=found, ended_at__isnull=True).first()
    if standing is not None and standing.shift_id in {shift.pk for shift in shifts}:
        return _promise(standing, promised)
    free = next(((shift, place) for shift in shifts if (place := _place(shift))), None)
    if free is None:
        end = "is not planned" if not shifts else "is full"
        raise CannotBook(f"{said(Offer(day, half, 0))} {end}.", _next_free(found, at))
    moved = end_visit(found, Visit.End.MOVED, by=by, at=at)
    shift, place = free
    visit = Visit.objects.create(order=found, shift=shift, place=place, promised=promised, made_at=at, made_by=by)
    finish_where(subjects=[found.subject], kind=RETURNED.key, by=by, at=at)
    tell(f"fieldwork.visit.{'moved' if moved else 'booked'}", found, by=by, at=at, day=day.isoformat(),
         half=half.value, promised=promised, crew=shift.crew_id)  # fmt: skip
    return visit


@in_transaction
def cancel_visit(*, order: Order, by: Actor, at: datetime) -> None:
    """Give the place up; the order waits. Raises CannotBook."""
    found = locked(order)
    if found.state != Order.State.WAITING:
        raise CannotBook(f"Order {found} is {found.get_state_display().lower()}; its visit can't be cancelled.")
    ended = end_visit(found, Visit.End.CANCELLED, by=by, at=at)
    if ended is None:
        raise CannotBook(f"Order {found} has no visit.")
    tell("fieldwork.visit.cancelled", found, by=by, at=at, day=ended.shift.day.isoformat(), half=ended.shift.half,
         promised=ended.promised)  # fmt: skip


def _promise(standing: Visit, promised: bool) -> Visit:  # noqa: FBT001 - its meaning is in its name
    """It stands there already; the customer may be told now."""
    if promised and not standing.promised:
        standing.promised = True
        standing.save(update_fields=["promised"])
    return standing


def _refuse(order: Order, asked: Offer, at: datetime) -> None:
    if order.state != Order.State.WAITING:
        raise CannotBook(f"Order {order} is {order.get_state_display().lower()}; no visit can be booked for it.")
    if not to_come([asked], local=_local(at)):
        raise CannotBook(f"{said(asked)} is over.", _next_free(order, at))
    if asked.day < order.not_before:
        raise CannotBook(f"This order may not be done before {order.not_before:%a, %b %-d}.", _next_free(order, at))


def _shifts(order: Order, day: date, half: Half, crew: Crew | None) -> list[Shift]:
    """The half-days that could take it, held until the transaction ends, in one order for everybody."""
    shifts = Shift.objects.select_for_update().filter(day=day, half=half).order_by("pk")
    if crew is not None:
        return list(shifts.filter(crew=crew))
    area = area_of(order.premise)
    if area is None:
        raise CannotBook(f"No crew's area has the postcode {order.premise.postcode}. Name a crew, or extend an area.")
    return list(shifts.filter(crew__area=area))


def _place(shift: Shift) -> int:
    """The first place of a half-day that nobody has; 0 when it is full."""
    taken = set(
        Visit.objects.filter(shift=shift).exclude(ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
        .values_list("place", flat=True)
    )  # fmt: skip
    return next((place for place in range(1, shift.places + 1) if place not in taken), 0)


def _next_free(order: Order, at: datetime) -> list[Offer]:
    local = _local(at)
    free = offers(premise=order.premise, first=max(local.date(), order.not_before), count=NEXT_FREE + len(Half))
    return to_come(free, local=local)[:NEXT_FREE]


def _local(at: datetime) -> datetime:
    """By the utility's clock."""
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
