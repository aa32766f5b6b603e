"""Areas, crews, who is on them, and how many places their half-days have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from lamplighter.fieldwork.models import Area, Crew, CrewMember, Half, Shift, Visit
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotPlan(Exception):
    """A crew or its day can't be planned so; the message is fit to be read aloud."""


@in_transaction
def define_area(*, key: str, name: str, postcodes: Sequence[str], by: Actor, at: datetime) -> Area:
    """An area, new or as it is from now on. A postcode lies in one area; without any nobody goes there."""
    advisory_lock("fieldwork.areas")
    taken = Area.objects.exclude(key=key).filter(postcodes__overlap=list(postcodes)).first()
    if taken:
        raise CannotPlan(f"{taken} has one of these postcodes already. Take it out there first.")
    area, _ = Area.objects.update_or_create(key=key, defaults={"name": name, "postcodes": list(postcodes)})
    record("fieldwork.area.defined", subject=f"area:{key}", by=by, at=at, name_now=name, postcodes=list(postcodes))
    return area


@in_transaction
def define_crew(*, key: str, name: str, area: Area, by: Actor, at: datetime) -> Crew:
    """A crew, new or as it is from now on."""
    crew, _ = Crew.objects.update_or_create(key=key, defaults={"name": name, "area": area})
    record("fieldwork.crew.defined", subject=f"crew:{key}", by=by, at=at, name_now=name, area=area.key)
    return crew


@in_transaction
def end_crew(*, crew: Crew, on: date, by: Actor, at: datetime) -> None:
    """From `on` it goes nowhere: nobody rides with it, and it has no places. Refused while a visit stands then."""
    shifts = Shift.objects.select_for_update().filter(crew=crew, day__gte=on).order_by("pk")
    standing = Visit.objects.filter(shift__in=list(shifts), ended_at__isnull=True).select_related("order").first()
    if standing is not None:
        raise CannotPlan(f"{crew} is to do order {standing.order} then. Give it to another crew first.")
    shifts.update(places=0)
    riding = CrewMember.objects.select_for_update().filter(crew=crew)
    for member in riding.filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=on)):
        _end(member, on)
    Crew.objects.filter(pk=crew.pk).update(ended_on=on)
    record("fieldwork.crew.ended", subject=f"crew:{crew.key}", by=by, at=at, on=on.isoformat())


@in_transaction
def join_crew(*, crew: Crew, user: User, on: date, by: Actor, at: datetime) -> CrewMember:
    """From `on` they ride with this crew, and no longer with another."""
    if crew.ended_on and crew.ended_on <= on:
        raise CannotPlan(f"{crew} goes nowhere from {crew.ended_on:%b %-d, %Y} on.")
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
def leave_crew(*, member: CrewMember, on: date, by: Actor, at: datetime) -> None:
    """From `on` they ride with it no longer; on their first day or before, as if they never had."""
    _end(member, on)
    record(
        "fieldwork.crew.left", subject=f"crew:{member.crew_id}", by=by, at=at, user=member.user.username,
        on=on.isoformat(),
    )  # fmt: skip


@in_transaction
def set_places(*, crew: Crew, day: date, half: Half, places: int, by: Actor, at: datetime) -> Shift:
    """How many visits the crew makes in half a day; never fewer than stand in it."""
    if places and crew.ended_on and crew.ended_on <= day:
        raise CannotPlan(f"{crew} goes nowhere from {crew.ended_on:%b %-d, %Y} on.")
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


def _end(member: CrewMember, on: date) -> None:
    mine = CrewMember.objects.filter(pk=member.pk)
    if on <= member.period.start:
        mine.delete()
    else:
        mine.update(period=member.period.ending(on))


def _taken(shift: Shift) -> int:
    """The last place of the half-day that a visit has."""
    visits = Visit.objects.filter(shift=shift).exclude(ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
    return visits.order_by("-place").values_list("place", flat=True).first() or 0
