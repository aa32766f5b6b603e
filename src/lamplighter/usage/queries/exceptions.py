"""Exceptions as a page shows them: what waits, the curve around it, the rule in words, and what would be estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import QuerySet

from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ABSENT
from lamplighter.kernel.energy import Measure, Quality
from lamplighter.kernel.periods import Period
from lamplighter.usage.intake.laying import setup_of
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries import decisions
from lamplighter.usage.queries.decisions import CannotDecide, days_of
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.ruletexts import RuleText, rule_text
from lamplighter.usage.queries.weighing import YEAR, read, widened

SHOWN_DAYS = 62
"""The longest curve that is drawn; what a longer exception is about is seen by its first days."""


@dataclass(frozen=True, slots=True)
class Point:
    """One interval: its place on the local day, its value and what came in (counts; None: nothing), its quality.

    `marked`: the exception is about it. `proposed` is the value that an estimate would give it.
    """

    start: datetime
    clock: str
    day: date
    slot: int
    value: int | None
    raw: int | None
    quality: Quality
    marked: bool = False
    proposed: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a person needs to decide: the exception and its rule, the days with their neighbours, the same week of
    last year, and the proposal (why there is none, if there is none). `seen` goes back with the decision, which is
    refused when newer readings came in between."""

    exception: IntervalException
    rule: RuleText
    measure: Measure
    seconds: int
    period: Period
    points: tuple[Point, ...]
    last_year: tuple[Point, ...]
    no_proposal: str
    seen: int

    def amount(self, count: int | None) -> Decimal | None:
        """Counts in the plain unit."""
        return None if count is None else self.measure.value(count)


def open_exceptions(
    *, channel: int | None = None, account: int | None = None, rule: str = ""
) -> QuerySet[IntervalException]:
    """What waits, the gravest first, then the oldest day."""
    rows = IntervalException.objects.filter(state=IntervalException.State.OPEN)
    if channel is not None:
        rows = rows.filter(channel=channel)
    if account is not None:
        rows = rows.filter(account=account)
    if rule:
        rows = rows.filter(rule=rule)
    return rows.select_related("channel__meter", "imported").order_by("-severity", "day", "id")


def decided_exceptions(*, channel: int) -> QuerySet[IntervalException]:
    """What was decided about a channel, newest first, with the remarks."""
    rows = IntervalException.objects.filter(channel=channel).exclude(state=IntervalException.State.OPEN)
    return rows.select_related("channel__meter", "remark").order_by("-decided_at", "-id")


def alike_to(exception: IntervalException) -> QuerySet[IntervalException]:
    """What is open of the same channel for the same reason, this one with it, in order of time."""
    rows = IntervalException.objects.filter(
        channel=exception.channel_id, rule=exception.rule, state=IntervalException.State.OPEN
    )
    return rows.order_by("span", "id")


def seen(exception: IntervalException) -> Seen:
    """An exception with everything around it. Of a register read there is no curve."""
    now = published()
    channel = exception.channel
    text = rule_text(exception.rule, channel.measure, measured=exception.measured, threshold=exception.threshold)
    period = days_of([exception])
    if channel.is_register:
        nothing: tuple[Point, ...] = ()
        return Seen(exception, text, channel.measure, 0, period, nothing, nothing, "", now.watermark)
    shown = widened(_at_most(period, SHOWN_DAYS - 2), 1)
    setup = setup_of(channel)
    ids = np.array([channel.pk], dtype=np.int64)
    block = read(ids, shown, setup=setup, published=now)
    week = widened(_at_most(period, 7), 3)
    before = Period(week.start - timedelta(days=YEAR), week.closed_end - timedelta(days=YEAR))
    proposal, why = _proposal(exception) if exception.is_open else (None, "")
    return Seen(
        exception=exception,
        rule=text,
        measure=channel.measure,
        seconds=setup.seconds,
        period=shown,
        points=_points(block, exception, proposal),
        last_year=_points(read(ids, before, setup=setup, published=now), None, None),
        no_proposal=why,
        seen=now.watermark,
    )


def _proposal(exception: IntervalException) -> tuple[Block | None, str]:
    """The readings as an estimate would leave them, computed as the decision computes it; or why there is none."""
    try:
        return decisions.estimated([exception], published()).finals[0], ""
    except CannotDecide as refused:
        return None, str(refused)


def _points(block: Block, exception: IntervalException | None, proposal: Block | None) -> tuple[Point, ...]:
    assert block.raw is not None
    marks = np.zeros(block.calendar.slots, dtype=np.bool_)
    if exception is not None:
        marks = decisions.slots_in_question(block, [exception])[0]
    proposed = _aligned(block, proposal)
    calendar = block.calendar
    return tuple(
        Point(
            start=datetime.fromtimestamp(int(calendar.starts[slot]), UTC),
            clock=calendar.clock(slot).split(" ")[1],
            day=calendar.day(int(calendar.day_of[slot])),
            slot=slot - int(calendar.firsts[calendar.day_of[slot]]),
            value=_count(int(block.values[0, slot])),
            raw=_count(int(block.raw[0, slot])),
            quality=Quality(int(block.quality[0, slot])),
            marked=bool(marks[slot]),
            proposed=proposed[slot] if marks[slot] else None,
        )
        for slot in range(calendar.slots)
    )


def _aligned(block: Block, proposal: Block | None) -> Sequence[int | None]:
    if proposal is None:
        return [None] * block.calendar.slots
    window = proposal.window(block.calendar.period)
    return [_count(value) for value in window.values[0].tolist()]


def _count(value: int) -> int | None:
    return None if value == ABSENT else value


def _at_most(period: Period, days: int) -> Period:
    return period if period.days <= days else Period(period.start, period.start + timedelta(days=days))
