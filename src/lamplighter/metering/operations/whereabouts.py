"""Where meters are that stand at no service point: put somewhere from an instant, or out of stock and at a point."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from lamplighter.kernel.instants import Span
from lamplighter.metering.models import Meter, Whereabouts
from lamplighter.platform.transactions import in_transaction


@in_transaction
def put(*, meter: Meter, place: str, at: datetime, holder: str = "") -> None:
    """From an instant it is there, until what is known to come next. Who calls it says why."""
    rows = Whereabouts.objects.filter(meter=meter)
    for standing in rows.select_for_update().filter(span__contains=at):
        _end(standing, at)
    until = rows.filter(span__startswith__gt=at).aggregate(first=Min("span__startswith"))["first"]
    Whereabouts.objects.create(meter=meter, place=place, holder=holder, span=Span(at, until))


@in_transaction
def leave_stock(*, meter: Meter, span: Span) -> None:
    """While it stands at a service point it is in no place of stock, whatever was said of those days."""
    for row in Whereabouts.objects.select_for_update().filter(meter=meter, span__overlap=span):
        _end(row, span.start)


def _end(row: Whereabouts, at: datetime) -> None:
    """It was there until then; of one that begins no earlier nothing is left but in the history."""
    if row.span.start < at:
        row.span = Span(row.span.start, at)
        row.save(update_fields=["span"])
    else:
        row.delete()
