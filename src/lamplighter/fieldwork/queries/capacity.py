"""Which half-days still have room, and which area a place lies in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum

from lamplighter.fieldwork.models import Area, Half, Shift, Visit
from lamplighter.premises.models import Premise

AHEAD = 60
"""Days that are looked through for free places."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A half-day with so many free places over all crews of an area."""

    day: date
    half: Half
    free: int

    @property
    def key(self) -> str:
        return f"{self.day.isoformat()}.{self.half.value}"


def said(offer: Offer) -> str:
    """`Mon, Nov 23, 8 am to noon`."""
    return f"{offer.day:%a, %b} {offer.day.day}, {offer.half.label}"


def to_come(found: Iterable[Offer], *, local: datetime) -> list[Offer]:
    """Without the half-days that are over by the utility's clock, as `local` has it."""
    return [one for one in found if (one.day, one.half.ends) > (local.date(), local.time())]


def area_of(premise: Premise) -> Area | None:
    return Area.objects.filter(postcodes__contains=[premise.postcode]).first()


def offers(*, premise: Premise, first: date, count: int = 8) -> list[Offer]:
    """The next half-days from `first` on in which a crew of the area still has room; three queries."""
    area = area_of(premise)
    return offers_of([area.key] if area else [], first=first, count=count)


def offers_of(areas: list[str], *, first: date, count: int) -> list[Offer]:
    last = date.fromordinal(first.toordinal() + AHEAD)
    shifts = Shift.objects.filter(crew__area__in=areas, day__gte=first, day__lte=last)
    places = shifts.values("day", "half").annotate(total=Sum("places")).order_by("day", "half")
    taken = {
        (row["shift__day"], row["shift__half"]): row["n"]
        for row in Visit.objects.filter(shift__crew__area__in=areas, shift__day__gte=first, shift__day__lte=last)
        .exclude(ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
        .values("shift__day", "shift__half").annotate(n=Count("id"))
    }  # fmt: skip
    found = (
        Offer(row["day"], Half(row["half"]), row["total"] - taken.get((row["day"], row["half"]), 0)) for row in places
    )
    return [offer for offer in found if offer.free > 0][:count]


def days_of(day: date) -> list[Shift]:
    """The half-days of every crew on a day with `taken`, how many places are had; one query."""
    had = Q(visits__isnull=False) & ~Q(visits__ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
    return list(
        Shift.objects.filter(day=day).select_related("crew__area").annotate(taken=Count("visits", filter=had))
        .order_by(F("crew__name"), "half")
    )  # fmt: skip
