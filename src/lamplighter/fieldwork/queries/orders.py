"""Orders: how a point stands, which are open, what is planned for a crew's day, what a crew must know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lamplighter.accounts.models import AgreementPoint
from lamplighter.fieldwork.models import Crew, CrewMember, Order, SiteNote, Visit
from lamplighter.fieldwork.rules import OPEN, Site
from lamplighter.fieldwork.types import OrderKind
from lamplighter.metering.models import Installation, SwitchState
from lamplighter.platform.models import User
from lamplighter.premises.models import ServicePoint


def site_of(point: ServicePoint, *, at: datetime) -> Site:
    """How a point stands at an instant."""
    meter = Installation.objects.filter(point=point, span__contains=at).exists()
    state = SwitchState.objects.filter(point=point, span__contains=at).values_list("state", flat=True).first()
    return Site(meter=meter, on=None if state is None else state == SwitchState.State.ON)


def open_order(point: ServicePoint, kind: OrderKind) -> Order | None:
    return Order.objects.filter(point=point, kind=kind, state__in=OPEN).first()


def is_served(point: ServicePoint, *, on: date) -> bool:
    """Whether somebody buys power at the point on a day."""
    buyers = AgreementPoint.objects.filter(point=point, use=AgreementPoint.Use.ADD, period__contains=on)
    return buyers.filter(agreement__cancelled_at__isnull=True).exists()


def with_visits(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Each order with the `day`, `half` and `crew` of the visit that stands or was last made."""
    last = Visit.objects.filter(order=OuterRef("pk")).exclude(ended=Visit.End.CANCELLED).order_by("-id")
    return orders.annotate(
        day=Subquery(last.values("shift__day")[:1]),
        half=Subquery(last.values("shift__half")[:1]),
        crew=Subquery(last.values("shift__crew__name")[:1]),
    )


def without_visit(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those for which no visit stands."""
    return orders.filter(~Exists(Visit.objects.filter(order=OuterRef("pk"), ended_at__isnull=True)))


def route(crew: Crew, *, day: date) -> list[Visit]:
    """The visits of a crew's day in their order, with those that are done; two queries."""
    return list(
        Visit.objects.filter(shift__crew=crew, shift__day=day)
        .exclude(ended__in=[Visit.End.MOVED, Visit.End.CANCELLED])
        .select_related("shift", "order__premise", "order__point", "order__meter", "order__account",
                        "order__instructions")
        .prefetch_related("order__tasks")
        .order_by("shift__half", "place")
    )  # fmt: skip


def crew_of(user: User, *, on: date) -> Crew | None:
    found = CrewMember.objects.filter(user=user, period__contains=on).select_related("crew__area").first()
    return found.crew if found else None


def site_notes(premises: Collection[int], *, on: date) -> dict[int, list[SiteNote]]:
    """What stands of each place on a day, safety before access; one query."""
    found: dict[int, list[SiteNote]] = {premise: [] for premise in premises}
    rows = SiteNote.objects.filter(premise__in=premises, period__contains=on, remark__erased_at__isnull=True)
    for note in rows.select_related("remark").order_by("-about", "id"):
        found[note.premise_id].append(note)
    return found
