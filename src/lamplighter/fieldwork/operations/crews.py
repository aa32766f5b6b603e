"""Areas, crews, who is on them, and how many places their half-days have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.fieldwork.models import Area, Crew, CrewMember, Half, Shift, Visit
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


class CannotPlan(Exception):
    """A crew or its day can't be planned so; the message is fit to be read aloud."""


@in_transaction
def define_area(*, key: str, name: str, postcodes: Sequence[str]) -> Area:
    taken = Area.objects.exclude(key=key).filter(postcodes__overlap=list(postcodes)).first()
    if taken:
        raise CannotPlan(f"{taken} has one of these postcodes already.")
    return Area.objects.update_or_create(key=key, defaults={"name": name, "postcodes": list(postcodes)})[0]


@in_transaction
def define_crew(*, key: str, name: str, area: Area) -> Crew:
    return Crew.objects.update_or_create(key=key, defaults={"name": name, "area": area})[0]


@in_transaction
def join_crew(*, crew: Crew, user: User, on: date, by: Actor, at: datetime) -> CrewMember:
    """From `on` they ride with this crew, and no longer with another."""
    if user.kind != User.Kind.STAFF:
        raise CannotPlan(f"{user.name} is not staff.")
    mine = CrewMember.objects.select_for_update().filter(user=user)
    if mine.filter(period__startswith__gte=on).exists():
        raise CannotPlan(f"{user.name} has a crew from {on:%b %-d, %Y} or later already.")
    for before in mine.filter(period__contains=on):
        CrewMember.objects.filter(pk=before.pk).update(period=before.period.ending(on))
    joined = CrewMember.objects.create(crew=crew, user=user, period=Period(on))
    record("fieldwork.crew.joined", subject=f"crew:{crew.key}", by=by, at=at, user=user.username, on=on.isoformat())
    return joined


@in_transaction
def set_places(*, crew: Crew, day: date, half: Half, places: int, by: Actor, at: datetime) -> Shift:
    """How many visits the crew makes in half a day; never fewer than stand in it."""
    shift, _ = Shift.objects.select_for_update().get_or_create(
        crew=crew, day=day, half=half, defaults={"places": places}
    )
    last = _taken(shift)
    if last > places:
        raise CannotPlan(f"{crew} has {last} places taken on {day:%a, %b %-d}. Move visits away first.")
    Shift.objects.filter(pk=shift.pk).update(places=places)
    shift.places = places
    record(
        "fieldwork.shift.set", subject=f"crew:{crew.key}", by=by, at=at, day=day.isoformat(), half=half.value,
        places=places,
    )  # fmt: skip
    return shift


@in_transaction
def open_days(
    *, crew: Crew, days: Period, morning: int, afternoon: int, by: Actor, at: datetime, office: HolidayCalendar
) -> int:
    """The same places on every working day of a period; how many days that are."""
    working = [day for day in days if office.is_working_day(day)]
    for day in working:
        set_places(crew=crew, day=day, half=Half.MORNING, places=morning, by=by, at=at)
        set_places(crew=crew, day=day, half=Half.AFTERNOON, places=afternoon, by=by, at=at)
    return len(working)


def _taken(shift: Shift) -> int:
    """The last place of the half-day that a visit has."""
    visits = Visit.objects.filter(shift=shift).exclude(ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
    return visits.order_by("-place").values_list("place", flat=True).first() or 0
