"""Send what was asked of meters, hear what comes back, and let it show wherever it belongs: the switch, the reads, the
field. A command that switches power on and finds no answer becomes an order for a crew; one that switches it off never
does by itself: the meter is asked how its switch stands, and a person decides."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, request_order
from lamplighter.fieldwork.queries.orders import open_order
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.formats.network.messages import Act, Fault, Login
from lamplighter.formats.network.messages import Ask as Asked
from lamplighter.formats.refusals import Unreadable
from lamplighter.journeys.completing import expectations
from lamplighter.journeys.wiring import came_on
from lamplighter.kernel.actors import Actor
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Installation, SwitchState
from lamplighter.network import dialects
from lamplighter.network.dialects import Call
from lamplighter.network.kinds import DIFFERS, UNREADABLE
from lamplighter.network.models import Command, HeadEnd, Message, Sighting
from lamplighter.network.operations.commanding import CannotAsk, answered, ask, begin_try, keep_message
from lamplighter.network.operations.hearing import Heard, hear
from lamplighter.network.transport import Post, Unreachable
from lamplighter.network.types import FAILED, OPEN, TIMED_OUT
from lamplighter.platform.transactions import in_transaction, unit_of_work
from lamplighter.usage.intake.registers import ReadIn
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import take_reads
from lamplighter.worklist.operations import Draft, raise_items

MOST = 200
NOBODY = "NO-SUCH-METER"
OUT = Message.Direction.OUT


def send(*, command: Command, post: Post, by: Actor, at: datetime) -> Command:
    """One try, in units of work of its own: it is counted before it goes, and what was answered is kept after. One
    that expired ends instead, and what follows from that is done."""
    with unit_of_work(by):
        wanted = begin_try(command=command, by=by, at=at)
        found = Command.objects.select_related("head_end", "meter").get(pk=command.pk)
        if wanted is None:
            follow_up(command=found, by=by, at=at)
            return found
    wire = dialects.say(found.head_end, wanted, at=at)
    faults: tuple[Fault, ...] | None = None
    words = ""
    try:
        faults = dialects.faults_in(found.head_end, post(found.head_end.url, wire.body, wire.headers))
    except Unreachable as lost:
        words = str(lost)
    except Unreadable as strange:
        words = str(strange)
    with unit_of_work(by):
        outcome = "unreachable" if faults is None else "refused" if faults else "taken"
        keep_message(
            head_end=found.head_end, direction=OUT, operation=wire.operation, outcome=outcome, at=at,
            body=dialects.kept(wire.body), message=wire.message, transaction=wanted.transaction,
            words=words or "; ".join(fault.words for fault in faults or ()),
        )  # fmt: skip
        if faults is not None:
            found = answered(command=found, faults=faults, by=by, at=at)
            follow_up(command=found, by=by, at=at)
    return found


def try_connection(*, head_end: HeadEnd, post: Post, by: Actor, at: datetime) -> tuple[bool, str]:
    """Ask a head-end after a meter that nobody has; whether it answered, and in which words. The try is kept as any
    message on the wire."""
    wire = dialects.say(head_end, Asked(Act.PING, NOBODY, f"try-{at:%Y%m%d%H%M%S%f}", head_end.reply_url, 60), at=at)
    faults: tuple[Fault, ...] | None = None
    try:
        faults = dialects.faults_in(head_end, post(head_end.url, wire.body, wire.headers))
        words = "; ".join(fault.words for fault in faults) or "it took the question"
    except (Unreachable, Unreadable) as lost:
        words = str(lost)
    outcome = "unreachable" if faults is None else "refused" if faults else "taken"
    with unit_of_work(by):
        keep_message(
            head_end=head_end, direction=OUT, operation=wire.operation, outcome=outcome, at=at,
            body=dialects.kept(wire.body), message=wire.message, words=words,
        )  # fmt: skip
    return faults is not None, f"{head_end.name} {'answers' if faults is not None else 'does not answer'}: {words}"


def due(*, at: datetime) -> list[Command]:
    """Commands to be sent (again) or given up by now, the oldest first."""
    rows = Command.objects.filter(Q(next_at__lte=at) | Q(expires_at__lte=at), state__in=OPEN)
    return list(rows.order_by("asked_at")[:MOST])


def receive(*, body: bytes, authorization: str, by: Actor, at: datetime) -> tuple[HeadEnd, Call, Heard]:
    """A head-end calls. Raises NotProven when it does not prove itself, Unreadable when nobody understands it; then
    a person is told, once a head-end."""
    head_end = known_caller(body, authorization)
    try:
        call = dialects.listen(head_end, body, at=at)
    except Unreadable as strange:
        with unit_of_work(by):
            _not_understood(head_end, body, str(strange), by=by, at=at)
        raise
    with unit_of_work(by):
        heard = hear(
            head_end=head_end, notice=call.notice, operation=call.operation, body=dialects.kept(body), by=by, at=at
        )
        for sighting in heard.sightings:
            _take_over(sighting, by=by, at=at)
        if heard.ended is not None:
            follow_up(command=heard.ended, by=by, at=at)
    return head_end, call, heard


class NotProven(Exception):
    """Whoever calls does not prove to be a head-end of ours."""


def known_caller(body: bytes, authorization: str) -> HeadEnd:
    """The head-end that calls, proven. Raises NotProven and Unreadable."""
    login: Login = dialects.caller(body, authorization)
    found = HeadEnd.objects.filter(their_user=login.user).first() if login.user else None
    if found is None or not dialects.proves(found, login):
        raise NotProven("This caller is not known here, or its password is wrong.")
    return found


@in_transaction
def follow_up(*, command: Command, by: Actor, at: datetime) -> None:
    """What a switching command that was not carried out leads to; nothing for the others."""
    if not command.switches or command.state not in {FAILED, TIMED_OUT}:
        return
    if command.kind is Act.CONNECT:  # the point before the meter, as a payment takes them
        send_truck(command=command, by=by, at=at)
    if command.state == TIMED_OUT:
        _read_back(command, by=by, at=at)


@in_transaction
def send_truck(*, command: Command, by: Actor, at: datetime) -> Order | None:
    """The field order that does what the network did not: for power on. None where it stands nowhere any more; where a
    connect waits for a crew already, that one."""
    if command.point is None:
        return None
    if (waiting := open_order(command.point, OrderKind.CONNECT)) is not None:
        return waiting
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    words = f"The network did not switch meter {command.meter.badge} on: {command.words}."
    asked = OrderIn(
        kind=OrderKind.RECONNECT, point=command.point, not_before=on, account=command.account,
        priority=Priority.URGENT, origin="network", origin_key=command.subject, instructions=words,
    )  # fmt: skip
    return request_order(order=asked, by=by, at=at)


def _read_back(command: Command, *, by: Actor, at: datetime) -> None:
    """Nobody knows how the switch stands: ask it."""
    try:
        ask(act=Act.STATE, meter=command.meter, account=command.account, by=by, at=at, origin="read-back",
            origin_key=command.subject)  # fmt: skip
    except CannotAsk:
        return


def _take_over(sighting: Sighting, *, by: Actor, at: datetime) -> None:
    match sighting.of:
        case Sighting.Of.SWITCH:
            _switch(sighting, by=by, at=at)
        case Sighting.Of.READ:
            _reads(sighting, by=by, at=at)


def _switch(sighting: Sighting, *, by: Actor, at: datetime) -> None:
    """Our records follow what was seen last. Seen otherwise than they say, and unasked, it is for a person too."""
    later = Sighting.objects.filter(meter=sighting.meter, of=Sighting.Of.SWITCH, at__gt=sighting.at)
    standing = Installation.objects.filter(meter=sighting.meter, span__contains=sighting.at).select_related("point")
    row = standing.first()
    if sighting.state == "unknown" or row is None or later.exclude(state="unknown").exists():
        return
    state = "on" if sighting.state == "on" else "off"
    was = SwitchState.objects.filter(point=row.point, span__contains=sighting.at).first()
    if was is not None and was.state != state and not _expected(sighting):
        words = f"Meter {sighting.meter.badge} is {state}; our records said {was.state}."
        raise_items(drafts=[Draft(DIFFERS.key, f"meter:{sighting.meter.badge}", words)], by=by, at=at)
    metering.switch(point=row.point, state=state, at=sighting.at, reason="seen over the network", by=by, recorded_at=at)
    if state == "on":
        came_on(sighting=sighting, point=row.point, by=by, at=at)


def _expected(sighting: Sighting) -> bool:
    """It answers a command that asked for just this, however late."""
    asked = sighting.command
    wanted = {Act.CONNECT.value: "on", Act.DISCONNECT.value: "off"}
    if asked is None:
        return False
    if asked.act in wanted:
        return True
    back = Command.objects.filter(meter=sighting.meter, act__in=wanted, state=TIMED_OUT).order_by("-asked_at").first()
    return back is not None and wanted[back.act] == ("on" if sighting.state == "on" else "off")


def _reads(sighting: Sighting, *, by: Actor, at: datetime) -> None:
    """A read on demand is a read: a register takes what its history expects; the rest stays a sighting."""
    registers = Channel.objects.filter(meter=sighting.meter, interval__isnull=True, quantity="energy")
    by_flow = {channel.flow: channel for channel in registers.select_related("meter")}
    reads = []
    for value, unit, received in sighting.values:
        channel = by_flow.get("received" if received else "delivered")
        if channel is not None and (unit, channel.unit) == ("kWh", "Wh"):
            count = int(Decimal(value).scaleb(3 - channel.power))
            reads.append(ReadIn(channel, sighting.at, count, kind=RegisterRead.Kind.CHECK))
    ranges = expectations([read.channel for read in reads], at=sighting.at)
    fits = [read for read in reads if (known := ranges[read.channel.pk]) is None or known.fits(read.count)]
    take_reads(reads=fits, by=by, at=at)


def _not_understood(head_end: HeadEnd, body: bytes, why: str, *, by: Actor, at: datetime) -> None:
    keep_message(
        head_end=head_end, direction=Message.Direction.IN, operation="?", outcome="refused", body=dialects.kept(body),
        at=at, words=why,
    )  # fmt: skip
    words = f"{head_end.name} sent what nobody understands: {why}"
    raise_items(drafts=[Draft(UNREADABLE.key, head_end.subject, words[:200])], by=by, at=at)
