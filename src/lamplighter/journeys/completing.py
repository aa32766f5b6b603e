"""What a crew found, taken over everywhere once: the order, reads, meters, the switch, and bills that stood on guesses.

A report is known by the id of the phone's draft: sent again it answers the same and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.billing.reasons import Why
from lamplighter.fieldwork.certificates import why_not
from lamplighter.fieldwork.kinds import READ
from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.operations import reporting
from lamplighter.fieldwork.operations.reporting import CannotReport, CannotStart
from lamplighter.fieldwork.operations.steps import locked
from lamplighter.fieldwork.reports import FieldRead, ReportIn, lacking
from lamplighter.fieldwork.rules import OPEN, Expected, expected
from lamplighter.fieldwork.types import Act
from lamplighter.journeys.belated import keep_belated
from lamplighter.journeys.metertests import ASKED, keep_test
from lamplighter.journeys.rebilling import ask_for_channel
from lamplighter.journeys.severing import hold_account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import ESTIMATED
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Installation, Meter, MeterTest
from lamplighter.metering.operations import CannotInstall, CannotTest, MeterTestIn
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import CannotRecordRead, ReadIn, record_reads
from lamplighter.worklist.operations import Draft, raise_items

CLOCKS = timedelta(minutes=5)
"""How far a phone's clock may run before ours."""
HISTORY = 13
"""Reads that tell what a register may show: a year and a month."""
KINDS = {"connect": RegisterRead.Kind.START, "disconnect": RegisterRead.Kind.STOP}


@in_transaction
def report_order(*, order: Order, report: ReportIn, by: Actor, at: datetime) -> Report:
    """Take a report over. Done: reads, meters and the switch are as found, at the instant at which they were found.
    Not done: the order goes back to the desk. An order that was over keeps the report and tells a person. Raises
    CannotReport, and then nothing is changed."""
    hold_account(order, at=at)
    found = locked(order)
    if (again := reporting.kept(found, report)) is not None:
        return again
    _refuse_clock(found, report, at)
    if over := _over(found, report):
        return keep_belated(order=found, report=report, why=over, by=by, at=at)
    if found.state not in {Order.State.WAITING, Order.State.AT_WORK}:
        raise CannotReport(f"Order {found} is {found.get_state_display().lower()}. Call the desk.")
    registers = registers_of(found, at=report.found_at)
    acts = [Act(task.act) for task in found.tasks.order_by("serial")]
    if words := lacking(report, acts, registers=[channel.pk for channel in registers]):
        raise CannotReport(words)
    try:
        found = reporting.start_order(order=found, on=_day(report.found_at), by=by, at=report.found_at)
        if not report.done:
            return reporting.return_order(order=found, report=report, by=by, at=at)
        _apply(found, report, acts, registers, by=by, at=at)
    except (CannotStart, CannotInstall, CannotRecordRead, CannotTest) as refused:
        raise CannotReport(str(refused)) from refused
    return reporting.finish_order(order=found, report=report, by=by, at=at)


def registers_of(order: Order, *, at: datetime) -> list[Channel]:
    """Channels with dials of the meter that stands at the order's point."""
    channels = Channel.objects.filter(
        interval__isnull=True, meter__installations__point=order.point_id, meter__installations__span__contains=at
    )
    return list(channels.select_related("meter").order_by("id"))


def expectations(channels: Collection[Channel], *, at: datetime) -> dict[int, Expected | None]:
    """What each register may show at an instant, by its own history of real reads; one query each."""
    return {channel.pk: _expected(channel, at) for channel in channels}


def _expected(channel: Channel, at: datetime) -> Expected | None:
    real = RegisterRead.objects.filter(channel=channel, superseded_by__isnull=True).exclude(quality__in=ESTIMATED)
    rows = real.filter(at__lt=at).order_by("-at")
    history = [(row.at, row.count) for row in reversed(rows[:HISTORY])]
    assert channel.dials is not None
    return expected(history, dials=channel.dials, at=at)


def _refuse_clock(order: Order, report: ReportIn, at: datetime) -> None:
    if report.found_at > at + CLOCKS:
        raise CannotReport("The phone's clock runs ahead. Set it, and send again.")
    if report.found_at < order.raised_at:
        raise CannotReport("The phone's clock says that this was before the order was raised. Set it, and send again.")


def _over(order: Order, report: ReportIn) -> str:
    """Why a report comes too late to be applied, or nothing. A disconnect that nobody had begun here is judged by what
    is known now, as of the instant at which it was done."""
    if order.state not in OPEN:
        return f"{order.type.label}: reported {report.found_at:%b %-d}, but the order was {_state(order)}."
    unchecked = order.cuts and order.state == Order.State.WAITING and report.done
    if unchecked and (why := why_not(order, at=report.found_at)):
        return f"{order.type.label}: reported as done, but it was not to be done. {why}"
    return ""


def _state(order: Order) -> str:
    return str(order.get_state_display()).lower()


def _apply(
    order: Order, report: ReportIn, acts: Collection[Act], registers: Iterable[Channel], *, by: Actor, at: datetime
) -> None:
    by_id = {channel.pk: channel for channel in registers}
    if not {read.channel for read in report.reads} <= set(by_id):
        raise CannotReport("A read is of a meter that does not stand there. Open the order again.")
    kind = RegisterRead.Kind.REMOVE if Act.EXCHANGE in acts else KINDS.get(order.kind, RegisterRead.Kind.CHECK)
    odd = _odd(report, by_id)
    reads = [ReadIn(by_id[read.channel], report.found_at, read.count, kind=kind) for read in report.reads]
    recorded = record_reads(reads=reads, by=by, at=at)
    if not {Act.EXCHANGE, Act.SET_METER}.isdisjoint(acts):
        recorded += _set(order, report, by=by, at=at)
    if report.switch:
        metering.switch(
            point=order.point, state=report.switch, at=report.found_at, reason=f"order {order}", by=by, recorded_at=at
        )
    _ask_again(recorded, by=by, at=at)
    if Act.TEST in acts:
        _test(order, report, by=by, at=at)
    if odd:
        summary = f"The crew confirmed a read that is not expected: {odd}."
        raise_items(drafts=[Draft(READ.key, order.subject, summary, account=order.account_id)], by=by, at=at)


def _odd(report: ReportIn, channels: dict[int, Channel]) -> str:
    """Reads that do not fit their history and were looked at twice. Raises CannotReport for one that was not."""
    beyond: list[FieldRead] = []
    for read in report.reads:
        range_ = _expected(channels[read.channel], report.found_at)
        if range_ is not None and not range_.fits(read.count):
            if not read.confirmed:
                last = f"{range_.last:,} and {range_.last + range_.most:,}"
                raise CannotReport(
                    f"{read.count:,} is not between {last}. Read the dials again, and say that it is so."
                )
            beyond.append(read)
    return ", ".join(f"{channels[read.channel].name} {read.count:,}" for read in beyond)


def _set(order: Order, report: ReportIn, *, by: Actor, at: datetime) -> list[RegisterRead]:
    """The meter that was set, in the place of the one that stood there."""
    new = Meter.objects.filter(badge=report.set_badge).first()
    if new is None:
        raise CannotReport(f"No meter {report.set_badge} is known. Read its number again, or have it added to stock.")
    old = Installation.objects.filter(point=order.point, span__contains=report.found_at).select_related("meter").first()
    if old is not None:
        metering.remove(meter=old.meter, at=report.found_at, by=by, recorded_at=at)
    metering.install(meter=new, point=order.point, at=report.found_at, by=by, recorded_at=at)
    registers = list(new.channels.filter(interval__isnull=True).select_related("meter").order_by("id"))
    if len(registers) != len(report.set_reads):
        raise CannotReport(f"Meter {new} has {len(registers)} registers; enter what each of them shows.")
    reads = [
        ReadIn(channel, report.found_at, count, kind=RegisterRead.Kind.INSTALL)
        for channel, count in zip(registers, report.set_reads, strict=True)
    ]
    return record_reads(reads=reads, by=by, at=at)


def _test(order: Order, report: ReportIn, *, by: Actor, at: datetime) -> None:
    """The result of a test on the spot, for the meter that stands there."""
    standing = Installation.objects.filter(point=order.point, span__contains=report.found_at).select_related("meter")
    row = standing.first()
    if row is None:
        raise CannotReport("No meter stands there. Report what was found.")
    assert report.full_load is not None, "a report that lacks it is refused before"
    assert report.light_load is not None
    left = None
    if report.left_full is not None and report.left_light is not None:
        left = (report.left_full, report.left_light)
    why = MeterTest.Why.CUSTOMER if order.origin == ASKED else MeterTest.Why.SUSPECTED
    test = MeterTestIn(
        why, MeterTest.Where.FIELD, report.found_at, (report.full_load, report.light_load), left,
        standard=report.standard, order=order.number,
    )  # fmt: skip
    keep_test(meter=row.meter, test=test, on=_day(at), by=by, at=at)


def _ask_again(reads: Iterable[RegisterRead], *, by: Actor, at: datetime) -> None:
    """Bills that stood on an estimate of such a day are asked for again."""
    for read in reads:
        day = _day(read.at)
        around = Period(day - timedelta(days=1), day + timedelta(days=1))
        ask_for_channel(
            channel=read.channel, period=around, reason=Why.LATE_ACTUAL, cause=f"read:{read.pk}", by=by, at=at
        )


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
