"""What the meters say: intervals, published a month at a time, and the dials that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from lamplighter.intervals.channeldays import ChannelDays, offsets_of
from lamplighter.intervals.slots import DAY, SlotCalendar, ordinal, slot_calendar
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import ZONE, Turn, at, billed_turns, days_after, months_after, turn_after, turn_before
from lamplighter.town.lastnight import collected
from lamplighter.town.loads import Counts, counts, dials
from lamplighter.town.nightly import sent_at_night
from lamplighter.town.plan import Customer, MeterPlan, Plan, Reading, Service
from lamplighter.town.staff import READS
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.operations.registers import ReadIn, record_reads

LENGTHS = (Reading.QUARTER, Reading.HOURLY)
GUESS = 55
SLIP = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """A channel's counts over the days of the city; readings exist on `days` only."""

    channel: int
    counts: Counts
    days: Period


def publish_intervals(plan: Plan, now: datetime) -> None:
    """Append every interval up to yesterday, a month at a time."""
    measured = {reading: list(_measured(plan, reading)) for reading in LENGTHS}
    for month in _months(plan):
        batches = [
            _month(found, month, _calendar(plan, reading.seconds or 0)) for reading, found in measured.items() if found
        ]
        assert month.end is not None
        with unit_of_work(READS):
            publish(batches=batches, kind="import", by=READS, at=min(at(month.end, 0, 20), now))


@dataclass(frozen=True, slots=True)
class Register:
    """The dials of a service of one account, by the days of the city."""

    channel: Channel
    shown: Counts
    meter: MeterPlan
    first_day: date

    def on(self, day: date) -> int:
        return int(self.shown[(day - self.first_day).days])


def registers(plan: Plan, customers: Sequence[Customer]) -> dict[int, list[Register]]:
    """The registers of these customers, by the cycle in which they are read."""
    calendar = _calendar(plan, DAY)
    wanted = [(one.cycle, service) for one in customers for service in one.services]
    by_badge = {
        channel.meter.badge: channel for channel in Channel.objects.filter(dials__isnull=False).select_related("meter")
    }
    found: dict[int, list[Register]] = {}
    for cycle, service in wanted:
        meter = service.meter
        if meter is not None and meter.reading is Reading.REGISTER and service.load is not None:
            start = int(meter.badge[2:]) % 60_000
            shown = dials(service.load, calendar, start=start)
            found.setdefault(cycle, []).append(Register(by_badge[meter.badge], shown, meter, plan.begins))
    return found


def reads_due(one: Register, due: Turn, turns: Sequence[Turn]) -> ReadIn | None:
    """What is read on the read day of a turn; an estimate where the reader could not get in."""
    when = at(due.reads_on, 9 + one.channel.pk % 7, one.channel.pk % 60)
    if one.meter.silent_since is not None and due.reads_on >= one.meter.silent_since:
        return None
    back = len(turns) - 1 - turns.index(due) if due in turns else -1
    shown = one.on(due.reads_on)
    if back == one.meter.guessed:
        last = one.on(turn_before(due).reads_on)
        return ReadIn(one.channel, when, last + (shown - last) * GUESS // 100, Quality.ESTIMATED_REFERENCE_DAY)
    return ReadIn(one.channel, when, shown + (SLIP if back == one.meter.slipped else 0))


def read_registers(due: Turn, read: Sequence[Register], turns: Sequence[Turn]) -> None:
    """Record what a cycle's registers show on its read day."""
    found = [one for register in read if (one := reads_due(register, due, turns)) is not None]
    with unit_of_work(READS):
        record_reads(reads=found, by=READS, at=at(due.reads_on, 16, 45))


def read_on_arrival(one: Register, day: date) -> None:
    """The read with which somebody's service begins, and another's ends."""
    kind = RegisterRead.Kind.START
    with unit_of_work(READS):
        record_reads(reads=[ReadIn(one.channel, at(day, 8, 10), one.on(day), kind=kind)], by=READS, at=at(day, 16, 50))


def read_turns(cycle: int, plan: Plan) -> list[Turn]:
    """The turns whose read day has come: one before the first bill, and those that are read but not billed yet."""
    billed = billed_turns(cycle, before=plan.as_of, count=plan.size.months)
    following = [turn_after(billed[-1])]
    following.append(turn_after(following[0]))
    return [turn_before(billed[0]), *billed, *(one for one in following if one.reads_on < plan.as_of)]


def _measured(plan: Plan, reading: Reading) -> Iterator[Measured]:
    calendar = _calendar(plan, reading.seconds or 0)
    ids = {
        (channel.meter.badge, channel.quantity, channel.flow): channel.pk
        for channel in Channel.objects.filter(interval=reading.seconds).select_related("meter")
    }
    energy, reactive = Channel.Quantity.ENERGY.value, Channel.Quantity.REACTIVE.value
    later = (*collected(plan), *sent_at_night(plan))
    filed = {service.meter.badge for service in later if service.meter is not None}
    for service, heard in _services(plan):
        meter = service.meter
        if meter is None or meter.reading is not reading or service.load is None:
            continue
        yesterday_apart = Period(heard.start, days_after(plan.as_of, -1))  # it comes in a file of its own
        days = yesterday_apart if meter.badge in filed else heard
        delivered, received = counts(service.load, calendar, multiplier=meter.multiplier)
        yield Measured(ids[meter.badge, energy, Flow.DELIVERED.value], delivered, days)
        if meter.sends:
            yield Measured(ids[meter.badge, energy, Flow.RECEIVED.value], received, days)
        if meter.lag:
            lagging = np.rint(delivered * meter.lag).astype(np.int64)
            yield Measured(ids[meter.badge, reactive, Flow.DELIVERED.value], lagging, days)


def _services(plan: Plan) -> Iterator[tuple[Service, Period]]:
    """Every service with the days on which its meter is heard."""
    for customer in plan.customers:
        for service in customer.services:
            silent = service.meter.silent_since if service.meter is not None else None
            yield service, Period(customer.on or plan.begins, silent or plan.as_of)
    for service in plan.vacant:
        yield service, Period(plan.begins, plan.as_of)


def _calendar(plan: Plan, seconds: int) -> SlotCalendar:
    return slot_calendar(Period(plan.begins, plan.as_of), seconds=seconds, zone=ZONE)


def _months(plan: Plan) -> Iterator[Period]:
    start = plan.begins
    while start < plan.as_of:
        end = min(months_after(start, 1), plan.as_of)
        yield Period(start, end)
        start = end


def _month(measured: Sequence[Measured], month: Period, calendar: SlotCalendar) -> ChannelDays:
    """The channel-days of a month, ordered by channel and day."""
    ordered = sorted(measured, key=lambda one: one.channel)
    slots = calendar.slots_within(month)
    first = (month.start - calendar.period.start).days
    widths = np.diff(calendar.firsts[first : first + month.days + 1])
    days = np.arange(month.days, dtype=np.int32) + np.int32(ordinal(month.start))
    values = np.concatenate([one.counts[slots] for one in ordered]).astype(np.int32)
    whole = ChannelDays(
        seconds=calendar.seconds,
        channels=np.repeat(np.array([one.channel for one in ordered], dtype=np.int64), month.days),
        days=np.tile(days, len(ordered)),
        offsets=offsets_of(np.tile(widths, len(ordered))),
        values=values,
        quality=np.zeros(len(values), dtype=np.uint8),
    )
    heard = np.concatenate([_heard(one, month) for one in ordered])
    return whole if heard.all() else whole.take(heard)


def _heard(one: Measured, month: Period) -> NDArray[np.bool_]:
    return np.array([day in one.days for day in month], dtype=np.bool_)
