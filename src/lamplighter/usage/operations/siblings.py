"""Keep what channels of one meter say against each other, until a person decides or later readings resolve it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import IntervalException
from lamplighter.usage.operations.exceptions import Kept, Matters, keep_exceptions
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.queries.siblings import Compared, compared
from lamplighter.usage.queries.verdicts import overlaps
from lamplighter.usage.store import utility_zone

RULES = "siblings."
LONGEST = 90
"""Days for which a matter that waits is looked at again."""


@in_transaction
def hold_together(*, meters: list[int], period: Period, by: Actor, at: datetime) -> Kept:
    """The channels of these meters against each other on the days of a period, and on those about which something
    waits already; what fits again is resolved."""
    hold_store()
    period = _reached(meters, period)
    found = compared(meters, period=period)
    matters = Matters(found.noticed, _gone(found, period), found.parties)
    return keep_exceptions(matters=matters, renewed={}, by=by, at=at)


def _reached(meters: list[int], period: Period) -> Period:
    waiting = IntervalException.objects.filter(
        channel__meter__in=meters, state=IntervalException.State.OPEN, rule__startswith=RULES,
        day__gte=period.start - timedelta(days=LONGEST),
    )  # fmt: skip
    first = waiting.aggregate(first=Min("day"))["first"]
    return period if first is None else Period(min(first, period.start), period.closed_end)


def _gone(found: Compared, period: Period) -> list[int]:
    """Open exceptions about days that were looked at, of which nothing was noticed any more."""
    rows = IntervalException.objects.filter(
        channel__in=found.channels, state=IntervalException.State.OPEN, rule__startswith=RULES,
        span__contained_by=span_of(period, utility_zone()),
    )  # fmt: skip
    still = [(one.finding.channel, one.finding.rule, one.span) for one in found.noticed]
    return [
        row.pk for row in rows
        if not any((row.channel_id, row.rule) == (channel, rule) and overlaps(row.span, span)
                   for channel, rule, span in still)
    ]  # fmt: skip
