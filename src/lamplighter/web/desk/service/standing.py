"""How the place stands at which service is to start: its meter, what its dials showed last, what the crews still do."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.queries.orders import site_of
from lamplighter.fieldwork.rules import OPEN
from lamplighter.journeys.starting import meter_at
from lamplighter.metering.models import Meter
from lamplighter.premises.models import ServicePoint
from lamplighter.usage.models import RegisterRead
from lamplighter.web.ui.parts import Fact
from lamplighter.web.ui.wording import moment

SWITCHED = {True: "on", False: "off", None: "not known to be off"}


def standing_facts(point: ServicePoint, *, on: date, at: datetime) -> list[Fact]:
    """Read before a start is confirmed; three questions."""
    facts, meter = [Fact("Meter", "None stands there")], meter_at(point, at=at)
    if meter is not None:
        facts = [Fact("Meter", f"{meter.badge}, {SWITCHED[site_of(point, at=at).on]}"), *_last(meter, on)]
    orders = Order.objects.filter(point=point, state__in=OPEN).order_by("number")
    named = [f"SO-{order.number}, {order.label}" for order in orders]
    return [*facts, *([Fact("Open orders there", "; ".join(named))] if named else [])]


def _last(meter: Meter, on: date) -> list[Fact]:
    rows = RegisterRead.objects.filter(channel__meter=meter, superseded_by__isnull=True)
    read = rows.order_by("-at").first()
    return [Fact("Dials showed last", f"{read.count:,} on {moment(read.at, on)}")] if read else []
