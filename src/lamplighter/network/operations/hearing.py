"""Hear what a head-end says: sightings and events are kept, a command that waits for it ends, late or not.

A message is taken once by its own id; what comes after a command has ended changes no outcome, and is known all the
same, since the state of a switch is another fact than the outcome of a command.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from lamplighter.formats.network.messages import (
    Act,
    Happened,
    NotDone,
    Notice,
    Power,
    Reads,
    Said,
    Switch,
    SwitchSeen,
)
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Meter
from lamplighter.network.kinds import CLOCK, NOT_DONE, TAMPER
from lamplighter.network.models import Command, HeadEnd, Message, MeterEvent, Sighting
from lamplighter.network.operations.steps import locked, step
from lamplighter.network.rules.clocks import adrift, apart
from lamplighter.network.types import ALARMS, COMPLETED, EVENTS, FAILED
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=2)
"""How far a meter's clock may run before ours, and how late it may tell, before we date things by our own clock."""
MINUTE = timedelta(minutes=1)
MOST_VOLTS, MOST_SECONDS = Decimal(100_000), Decimal(366 * 86_400)
"""Beyond these a figure is no measurement: the event is kept without it."""
DONE_BY = {Act.CONNECT: {"on", "armed"}, Act.DISCONNECT: {"off", "armed"}}


@dataclass(slots=True)
class Heard:
    """What a notice brought: new sightings and events, and the command that it ended, if any. `again`: known already.

    `unknown` are meters that nobody has added.
    """

    sightings: list[Sighting] = field(default_factory=list)
    events: list[MeterEvent] = field(default_factory=list)
    ended: Command | None = None
    unknown: list[str] = field(default_factory=list)
    again: bool = False


@in_transaction
def hear(*, head_end: HeadEnd, notice: Notice, operation: str, body: str, by: Actor, at: datetime) -> Heard:
    """Take a notice in, once."""
    advisory_lock(f"network.hear:{head_end.key}:{notice.message}:{operation}")
    heard = Heard()
    taken = Message.objects.filter(head_end=head_end, direction="in", outcome="taken", operation=operation)
    heard.again = bool(notice.message) and taken.filter(message=notice.message).exists()
    kept = Message.objects.create(
        head_end=head_end, direction=Message.Direction.IN, operation=operation, message=notice.message[:80],
        transaction=notice.transaction[:80], outcome="repeated" if heard.again else "taken", at=at,
        body=body[:20_000].replace("\x00", ""),
    )  # fmt: skip
    if heard.again:
        return heard
    command = _command(head_end, notice.transaction)
    meters = {meter.badge: meter for meter in Meter.objects.filter(badge__in={one.meter for one in notice.said})}
    for said in notice.said:
        meter = meters.get(said.meter)
        if isinstance(said, Happened):
            _event(heard, head_end, meter, said, by=by, at=at)
        elif meter is None:
            heard.unknown.append(said.meter)
        else:
            mine = command if command is not None and command.meter_id == meter.pk else None
            if not isinstance(said, NotDone):
                heard.sightings.append(_sighting(kept, meter, mine, said, at))
                _clock(meter, said.at, mine, by=by, at=at)
            if mine is not None:
                _end(heard, mine, said, by=by, at=at)
    Sighting.objects.bulk_create(heard.sightings)
    return heard


def _command(head_end: HeadEnd, transaction: str) -> Command | None:
    """The command that this answers. Another head-end's is nobody's business."""
    try:
        found = Command.objects.filter(pk=UUID(transaction), head_end=head_end).first()
    except ValueError:
        return None
    return locked(found) if found is not None else None


def _sighting(kept: Message, meter: Meter, command: Command | None, said: Said, at: datetime) -> Sighting:
    """Not saved yet: a head-end tells of thousands of meters in one message."""
    assert not isinstance(said, NotDone)
    made = Sighting(meter=meter, command=command, message=kept, heard_at=at, at=_seen_at(said, command, at))
    match said:
        case SwitchSeen(state=state):
            made.of, made.state = Sighting.Of.SWITCH, state.value if state else "unknown"
        case Power(on=on, volts=volts):
            made.of, made.volts = Sighting.Of.POWER, volts
            made.state = {True: "on", False: "off", None: "silent"}[on]
        case Reads(values=values):
            made.of = Sighting.Of.READ
            made.values = [[str(one.value), one.unit, one.received] for one in values]
            made.volts = next((one.value for one in values if one.unit == "V"), None)
    return made


def _seen_at(said: Said, command: Command | None, heard: datetime) -> datetime:
    """An answer is not older than its question: then the meter's clock runs behind."""
    assert not isinstance(said, NotDone)
    at = believed(said.at, heard)
    return heard if command is not None and at < command.asked_at else at


def believed(said: datetime, heard: datetime) -> datetime:
    """When it was: the meter's own time, unless its clock is plainly wrong."""
    return said if heard - BEHIND <= said <= heard + AHEAD else heard


def _event(heard: Heard, head_end: HeadEnd, meter: Meter | None, said: Happened, *, by: Actor, at: datetime) -> None:
    made, new = MeterEvent.objects.get_or_create(
        badge=said.meter[:40], kind=said.kind.value, code=said.code[:40], at=said.at, head_end=head_end,
        defaults={"meter": meter, "words": said.words[:200], "heard_at": at,
                  "volts": within(said.volts, MOST_VOLTS), "seconds": within(said.seconds, MOST_SECONDS)},
    )  # fmt: skip
    if not new:
        return
    heard.events.append(made)
    if meter is None:
        heard.unknown.append(said.meter)
        return
    record("network.event.heard", subject=f"meter:{meter.badge}", by=by, at=at, kind=said.kind.value, words=said.words)
    _clock(meter, said.at, None, by=by, at=at)
    if said.kind in ALARMS:
        words = f"Meter {meter.badge}: {EVENTS[said.kind].lower()}"
        raise_items(drafts=[Draft(TAMPER.key, f"meter:{meter.badge}", words)], by=by, at=at)


def _clock(meter: Meter, said: datetime, command: Command | None, *, by: Actor, at: datetime) -> None:
    """A clock that is off is somebody's work, until the meter answers in time again."""
    off = apart(said, asked=command.asked_at if command is not None else None, heard=at)
    if off is not None and adrift(off):
        side = "ahead of" if off > timedelta(0) else "behind"
        words = f"Meter {meter.badge}: its clock is {round(abs(off) / MINUTE):,} minutes or more {side} ours"
        raise_items(drafts=[Draft(CLOCK.key, f"meter:{meter.badge}", words)], by=by, at=at)
    elif off is not None:
        finish_where(subjects=[f"meter:{meter.badge}"], kind=CLOCK.key, by=by, at=at)


def within(said: Decimal | None, most: Decimal) -> Decimal | None:
    """A figure from nothing to `most`; None for any other."""
    return said if said is not None and said.is_finite() and 0 <= said <= most else None


def _end(heard: Heard, command: Command, said: Said, *, by: Actor, at: datetime) -> None:
    done, words = _outcome(command.kind, said)
    if done is None:
        return
    if command.is_open:
        step(command, COMPLETED if done else FAILED, by=by, at=at, words=words)
        heard.ended = command
        return
    record(
        "network.command.heard_late", subject=command.subject, account=command.account_id, by=by, at=at,
        act=command.act, meter=command.meter.badge, ended=command.state, words=words,
    )  # fmt: skip
    if done:
        finish_where(subjects=[command.subject], kind=NOT_DONE.key, by=by, at=at)


def _outcome(act: Act, said: Said) -> tuple[bool | None, str]:
    """Whether what was said means that the act was done; None when it has nothing to do with it."""
    match act, said:
        case _, NotDone(words=words):
            return False, words
        case ((Act.CONNECT | Act.DISCONNECT | Act.STATE), SwitchSeen(state=state)):
            return _switched(act, state)
        case Act.PING, Power(on=on, volts=volts):
            volt = f", {volts.normalize():f} V" if volts is not None else ""
            told = {
                True: f"power at the meter{volt}",
                False: "no power at the meter",
                None: "the meter did not answer",
            }
            return on is not None, told[on]
        case Act.READ, Reads(values=values):
            return True, ", ".join(f"{one.value:f} {one.unit}{' received' if one.received else ''}" for one in values)
    return None, ""


def _switched(act: Act, state: Switch | None) -> tuple[bool, str]:
    if state is None:
        return False, "the meter could not say how its switch stands"
    armed = "armed: it closes when the button at the meter is pressed"
    words = armed if state is Switch.ARMED else f"the switch is {state.value}"
    return act is Act.STATE or state.value in DONE_BY[act], words
