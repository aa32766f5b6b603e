"""Crews and areas: which go out, who rides with them, and who could."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from lamplighter.fieldwork.models import Area, Crew, CrewMember
from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User

WORK = "orders.work"


def crews_of(*, on: date) -> QuerySet[Crew]:
    """Every crew with `riders`, the names of who rides with it on a day."""
    riding = CrewMember.objects.filter(crew=OuterRef("pk"), period__contains=on).order_by("user__name")
    named = riding.values("user__name")
    return Crew.objects.select_related("area").annotate(riders=ArraySubquery(named)).order_by("name")


def areas() -> QuerySet[Area]:
    return Area.objects.order_by("name")


def crew_choices(on: date) -> list[tuple[str, str]]:
    """Keys and names of the crews that go out on a day or later."""
    going = Crew.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    return list(going.order_by("name").values_list("key", "name"))


def members_of(crew: Crew) -> QuerySet[CrewMember]:
    """Who rides, rode and will ride with it, the latest first."""
    return CrewMember.objects.filter(crew=crew).select_related("user").order_by("-period", "user__name")


def could_ride(*, on: date) -> QuerySet[User]:
    """Staff whose role lets them work orders on a day."""
    roles = [role.name for role in ROLES.values() if WORK in role.permissions]
    held = RoleGrant.objects.filter(role__in=roles, period__contains=on)
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True, pk__in=held.values("user")).order_by("name")
