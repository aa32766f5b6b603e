"""Which meter stood where, when; which channel counts what, with which multiplier; which may be set; how lots stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lamplighter.kernel.energy import Measure, Unit
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period, days
from lamplighter.metering.models import Channel, Installation, Lot, LotMeter, Meter, MeterTest, Whereabouts
from lamplighter.metering.rules import sample_of

STOOD = """
SELECT i.point_id, CASE WHEN lower(i.span) > lower(asked.span) THEN lower(i.span) END,
  CASE WHEN upper(i.span) < upper(asked.span) OR upper_inf(asked.span) THEN upper(i.span) END,
  c.id, c.name, c.quantity, c.flow, c.unit, c.power, c.interval, c.dials, c.tou, m.badge, m.commodity
FROM (SELECT tstzrange(%s, %s) AS span) AS asked,
  metering_installation i JOIN LATERAL (
    SELECT badge, commodity FROM metering_meter WHERE id = i.meter_id OFFSET 0
  ) AS m ON true JOIN LATERAL (
    SELECT id, name, quantity, flow, unit, power, interval, dials, tou FROM metering_channel
    WHERE meter_id = i.meter_id OFFSET 0
  ) AS c ON true
WHERE i.point_id = ANY(%s::bigint[]) AND i.span && asked.span ORDER BY i.point_id, i.span, c.id
"""
"""Nearly every meter stood all the time that is asked for: its own instants are told where they cut that. Meters and
channels are found one by one: of a batch, the planner would read those of everybody, in parallel."""
FACTORS = """
SELECT channel_id, factor, lower(period * asked.days), upper(period * asked.days)
FROM metering_multiplier, (SELECT daterange(%s, %s) AS days) AS asked
WHERE channel_id = ANY(%s::bigint[]) AND period && asked.days ORDER BY period
"""


class StandingMeter(NamedTuple):
    """The meter of a channel that stood somewhere."""

    badge: str
    commodity: str


class StandingChannel(NamedTuple):
    """A channel as `metering.Channel` keeps it: the same words, without a row that could be saved."""

    pk: int
    meter: StandingMeter
    name: str
    quantity: str
    flow: str
    unit: str
    power: int
    interval: int | None
    dials: int | None
    tou: str

    @property
    def is_register(self) -> bool:
        return self.interval is None

    @property
    def measure(self) -> Measure:
        return Measure(Unit(self.unit), self.power)


class Standing(NamedTuple):
    """A channel that counted at a service point during `span`."""

    point: int
    channel: StandingChannel
    span: Span


def standings(points: Collection[int], *, span: Span) -> list[Standing]:
    """Channels of the meters that stood at these points during a span, each cut to it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(STOOD, [span.start, span.end, list(points)])
        return [
            Standing(point, StandingChannel(pk, StandingMeter(badge, commodity), *told), _cut(span, start, end))
            for point, start, end, pk, *told, badge, commodity in cursor.fetchall()
        ]


def multipliers(channels: Collection[int], *, period: Period) -> dict[int, list[tuple[Period, Decimal]]]:
    """The factors of each channel in a period, in order of date; one query."""
    found: dict[int, list[tuple[Period, Decimal]]] = {channel: [] for channel in channels}
    with connection.cursor() as cursor:
        cursor.execute(FACTORS, [period.start, period.end, list(channels)])
        for channel, factor, start, end in cursor.fetchall():
            found[channel].append((days(start, end), factor))
    return found


def installations_of(channel: Channel, *, period: Period) -> list[Installation]:
    """Where the meter of a channel stood on some service days."""
    zone = ZoneInfo(settings.UTILITY_ZONE)
    return list(Installation.objects.filter(meter=channel.meter_id, span__overlap=span_of(period, zone)))


@dataclass(frozen=True, slots=True)
class Sample:
    """The tests of a lot: which meters its number chose, which of them are still to be tested, which are not right."""

    chosen: tuple[str, ...]
    untested: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.untested and not self.wrong

    @property
    def words(self) -> str:
        if self.wrong:
            return f"refused: {', '.join(self.wrong)} not within its class"
        if self.untested:
            return f"{len(self.untested)} of {len(self.chosen)} still to be tested"
        return f"accepted: {len(self.chosen)} tested" if self.chosen else "accepted without tests"


def sample(lot: Lot) -> Sample:
    """How the tests of a lot stand; two queries."""
    badges = list(LotMeter.objects.filter(lot=lot).order_by("meter__badge").values_list("meter__badge", flat=True))
    chosen = sample_of(badges, lot=lot.number, count=lot.sample)
    tests = MeterTest.objects.filter(meter__badge__in=chosen, why=MeterTest.Why.SAMPLE).order_by("tested_at", "id")
    newest = {test.meter.badge: test for test in tests.select_related("meter")}
    return Sample(
        tuple(chosen), tuple(badge for badge in chosen if badge not in newest),
        tuple(badge for badge, test in newest.items() if not test.is_right),
    )  # fmt: skip


def why_not_to_set(meter: Meter, *, at: datetime) -> str:
    """Why a meter may not be set at a service point, fit to be read aloud; nothing where it may."""
    retired = Whereabouts.Place.RETIRED
    if Whereabouts.objects.filter(meter=meter, place=retired, span__contains=at).exists():
        return f"Meter {meter} is retired. Set another one."
    newest = MeterTest.objects.filter(meter=meter).order_by("-tested_at", "-id").first()
    if newest is not None:
        return "" if newest.is_left_right else f"The last test of meter {meter} left it outside its limits."
    came = LotMeter.objects.filter(meter=meter).select_related("lot").first()
    if came is None or (found := sample(came.lot)).accepted:
        return ""
    return f"Lot {came.lot} of meter {meter} may not be set yet: {found.words}."


def known_right(meter: Meter, *, before: datetime) -> datetime | None:
    """The last instant at which a meter was known to be right: its last good test, or when it was set."""
    tests = MeterTest.objects.filter(meter=meter, tested_at__lt=before).order_by("-tested_at")
    good = next((test.tested_at for test in tests if test.is_left_right), None)
    first = Installation.objects.filter(meter=meter, span__startswith__lt=before).order_by("span").first()
    known = [moment for moment in (good, first.span.start if first else None) if moment is not None]
    return max(known, default=None)


def _cut(span: Span, start: datetime | None, end: datetime | None) -> Span:
    return Span(start or span.start, end or span.end) if start or end else span
