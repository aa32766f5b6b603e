"""How places come into the program, and what is known of them changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.periods import Period
from lamplighter.platform import secrets
from lamplighter.platform.numbering import next_number, next_numbers
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import Jurisdiction, PointFact, Premise, SealedAddress, ServicePoint
from lamplighter.premises.queries import premise_at

COVER = "Confidential place"


class CannotAdd(Exception):
    """Why a place cannot come in, in a sentence for whoever adds it."""


class CannotTell(Exception):
    """Why an address is not told, in a sentence for whoever asks."""


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
    """Refuses an address that is known, however its letters are written; of two who add it at once, the second. Of a
    confidential one it tells neither premise nor customer."""
    advisory_lock(f"address:{street} {unit} {postcode}".lower())
    if known := premise_at(street=street, unit=unit, postcode=postcode):
        raise CannotAdd(f"{known.address} is known: premise {known.number}.")
    if SealedAddress.objects.filter(digest=_digest(street, unit, postcode)).exists():
        raise CannotAdd("This address can't be added here. Ask a supervisor.")
    premise = Premise.objects.create(
        number=next_number("premise"), street=street, unit=unit, city=city, state=state, postcode=postcode,
        jurisdiction=jurisdiction, use=use,
    )  # fmt: skip
    record("premises.premise.added", subject=f"premise:{premise.number}", by=by, at=at)
    return premise


@in_transaction
def seal_address(*, premise: Premise, by: Actor, at: datetime) -> SealedAddress:
    """Put the address under seal and a cover in its place. What is sealed stays so."""
    held = Premise.objects.select_for_update().get(pk=premise.pk)
    known = SealedAddress.objects.filter(premise=held).first()
    if known is not None:
        return known
    made = SealedAddress.objects.create(
        premise=held, sealed=secrets.encrypt(json.dumps([held.street, held.unit])),
        digest=_digest(held.street, held.unit, held.postcode), sealed_at=at, sealed_by=by,
    )  # fmt: skip
    held.street, held.unit = f"{COVER} {held.number}", ""
    held.save(update_fields=["street", "unit"])
    record("premises.address.sealed", subject=f"premise:{held.number}", by=by, at=at)
    return made


@in_transaction
def unseal_address(*, premise: Premise, by: Actor, at: datetime) -> Premise:
    """The premise bears its address again."""
    held = Premise.objects.select_for_update().get(pk=premise.pk)
    kept = SealedAddress.objects.get(premise=held)
    held.street, held.unit = json.loads(secrets.decrypt(kept.sealed))
    kept.delete()
    held.save(update_fields=["street", "unit"])
    record("premises.address.unsealed", subject=f"premise:{held.number}", by=by, at=at)
    return held


@in_transaction
def tell_address(
    *, premise: Premise, reason: str, by: Actor, at: datetime, account: int | None = None
) -> str:  # fmt: skip
    """The address in clear, with the city and ZIP; who asked and why is kept. Raises CannotTell."""
    if not reason.strip():
        raise CannotTell("Say why you need it.")
    kept = SealedAddress.objects.filter(premise=premise).first()
    if kept is None:
        raise CannotTell("The address of this place is not confidential.")
    street, unit = json.loads(secrets.decrypt(kept.sealed))
    record("premises.address.told", subject=f"premise:{premise.number}", account=account, by=by, at=at,
           remark=reason.strip())  # fmt: skip
    return f"{street} {unit}".strip() + f", {premise.city} {premise.state} {premise.postcode}"


def _digest(street: str, unit: str, postcode: str) -> str:
    """However its letters and gaps are written."""
    return secrets.digest(f"address {' '.join(f'{street} {unit} {postcode}'.casefold().split())}")


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
    Premise.objects.select_for_update().get(pk=premise.pk)
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
    ServicePoint.objects.select_for_update().get(pk=point.pk)
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


@dataclass(frozen=True, slots=True)
class PointIn:
    """A service point before it exists, with the facts that are known of it."""

    kind: str = ServicePoint.Kind.METERED
    commodity: Commodity = Commodity.ELECTRICITY
    feeder: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PremiseIn:
    """A premise before it exists, with its points in the order of their numbers."""

    street: str
    city: str
    state: str
    postcode: str
    unit: str = ""
    use: str = "residential"
    points: tuple[PointIn, ...] = (PointIn(),)


@in_transaction
def add_premises(
    *, premises: Sequence[PremiseIn], jurisdiction: Jurisdiction, on: date, by: Actor, at: datetime
) -> list[tuple[ServicePoint, ...]]:
    """The batch form of adding premises, their points and facts from `on`: the points of each premise, in order."""
    added = add_bare_premises(premises=premises, jurisdiction=jurisdiction, by=by, at=at)
    wanted = [
        (premise, serial, point)
        for premise, one in zip(added, premises, strict=True)
        for serial, point in enumerate(one.points, start=1)
    ]
    points = _add_points(wanted, on=on, by=by, at=at)
    found = iter(points)
    return [tuple(next(found) for _ in one.points) for one in premises]


@in_transaction
def add_bare_premises(
    *, premises: Sequence[PremiseIn], jurisdiction: Jurisdiction, by: Actor, at: datetime
) -> list[Premise]:
    """Premises in order, without their points."""
    numbers = next_numbers("premise", len(premises))
    added = Premise.objects.bulk_create(
        Premise(
            number=number, street=one.street, unit=one.unit, city=one.city, state=one.state, postcode=one.postcode,
            jurisdiction=jurisdiction, use=one.use,
        )
        for one, number in zip(premises, numbers, strict=True)
    )  # fmt: skip
    told = [Happening("premises.premise.added", f"premise:{premise.number}", None, {}) for premise in added]
    record_many(told, by=by, at=at)
    return added


@in_transaction
def add_service_points(
    *, points: Sequence[tuple[Premise, PointIn]], on: date, by: Actor, at: datetime
) -> list[ServicePoint]:
    """The batch form of adding points, with their facts from `on`, to premises that are there, in order."""
    places = Premise.objects.select_for_update().filter(pk__in={premise.pk for premise, _ in points}).order_by("pk")
    serials = Counter({premise.pk: 0 for premise in places})
    there = ServicePoint.objects.filter(premise__in=serials).values_list("premise").annotate(count=Count("id"))
    serials.update(dict(there))
    wanted = []
    for premise, point in points:
        serials[premise.pk] += 1
        wanted.append((premise, serials[premise.pk], point))
    return _add_points(wanted, on=on, by=by, at=at)


def _add_points(
    wanted: Sequence[tuple[Premise, int, PointIn]], *, on: date, by: Actor, at: datetime
) -> list[ServicePoint]:
    points = ServicePoint.objects.bulk_create(
        ServicePoint(
            number=f"{premise.number}/{serial}", premise=premise, commodity=point.commodity, kind=point.kind,
            feeder=point.feeder,
        )
        for premise, serial, point in wanted
    )  # fmt: skip
    stated = [(row, fact) for row, (_, _, one) in zip(points, wanted, strict=True) for fact in one.facts.items()]
    PointFact.objects.bulk_create(
        PointFact(point=point, name=name, value=value, period=Period(on)) for point, (name, value) in stated
    )
    told = [Happening("premises.service_point.added", f"service_point:{p.number}", None, {}) for p in points]
    told += [
        Happening(
            "premises.fact.stated", f"service_point:{point.number}", None,
            {"fact": name, "value": value, "on": on.isoformat()},
        )
        for point, (name, value) in stated
    ]  # fmt: skip
    record_many(told, by=by, at=at)
    return points
