"""How places come into the program, and what is known of them changes."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.periods import Period
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import Jurisdiction, PointFact, Premise, ServicePoint


@in_transaction
def define_jurisdiction(*, key: str, name: str) -> Jurisdiction:
    return Jurisdiction.objects.update_or_create(key=key, defaults={"name": name})[0]


@in_transaction
def add_premise(
    *,
    street: str,
    city: str,
    state: str,
    postcode: str,
    jurisdiction: Jurisdiction,
    by: Actor,
    at: datetime,
    unit: str = "",
    use: str = "residential",
) -> Premise:
    premise = Premise.objects.create(
        number=next_number("premise"), street=street, unit=unit, city=city, state=state, postcode=postcode,
        jurisdiction=jurisdiction, use=use,
    )  # fmt: skip
    record("premises.premise.added", subject=f"premise:{premise.number}", by=by, at=at)
    return premise


@in_transaction
def add_service_point(
    *,
    premise: Premise,
    by: Actor,
    at: datetime,
    commodity: Commodity = Commodity.ELECTRICITY,
    kind: str = ServicePoint.Kind.METERED,
    parent: ServicePoint | None = None,
    feeder: str = "",
) -> ServicePoint:
    serial = premise.service_points.count() + 1
    point = ServicePoint.objects.create(
        number=f"{premise.number}/{serial}", premise=premise, parent=parent, commodity=commodity, kind=kind,
        feeder=feeder,
    )  # fmt: skip
    record("premises.service_point.added", subject=f"service_point:{point.number}", by=by, at=at)
    return point


@in_transaction
def state_fact(*, point: ServicePoint, name: str, value: str, on: date, by: Actor, at: datetime) -> PointFact:
    """From `on`, `name` is `value`. What was said for later days is replaced; what was before stays."""
    facts = PointFact.objects.filter(point=point, name=name)
    facts.filter(period__startswith__gte=on).delete()
    for old in facts.filter(period__contains=on):
        PointFact.objects.filter(pk=old.pk).update(period=old.period.ending(on))
    fact = PointFact.objects.create(point=point, name=name, value=value, period=Period(on))
    record(
        "premises.fact.stated", subject=f"service_point:{point.number}", by=by, at=at, fact=name, value=value,
        on=on.isoformat(),
    )  # fmt: skip
    return fact
