"""Meters on the air: which has power, how its switch stands, what its clock says, and what gets lost on the way.

Deterministic by seed: what becomes of a message depends on the seed, its transaction and how often it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from lamplighter.formats.network.messages import (
    Act,
    Ask,
    Fault,
    Measured,
    NotDone,
    Notice,
    Power,
    Reads,
    Said,
    Switch,
    SwitchSeen,
)


@dataclass(slots=True)
class Device:
    """A meter: `silent` answers nobody, `power` is at its terminals, `drift` is how far its clock runs ahead."""

    badge: str
    on: bool = True
    power: bool = True
    silent: bool = False
    kwh: int = 0
    volts: Decimal = Decimal("121.4")
    drift: timedelta = timedelta(0)
    jammed: bool = False


@dataclass(frozen=True, slots=True)
class Air:
    """How bad it is: the share of messages that are lost and that are repeated, and seconds until one arrives."""

    lost: float = 0.2
    repeated: float = 0.1
    fastest: float = 0.5
    slowest: float = 6.0


@dataclass(frozen=True, slots=True)
class Later:
    """Something that the head-end will say, so many seconds from now, to whoever asked."""

    seconds: float
    notice: Notice
    reply_to: str


@dataclass(slots=True)
class MeterNetwork:
    """The meters that one head-end reaches. `done` remembers acts by transaction, so that none is done twice."""

    devices: dict[str, Device]
    air: Air = field(default_factory=Air)
    seed: str = "Marisol Bay"
    done: dict[str, tuple[Said, datetime]] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, devices: Iterable[Device], *, air: Air | None = None, seed: str = "Marisol Bay") -> MeterNetwork:
        return cls({one.badge: one for one in devices}, air or Air(), seed)

    def take(self, ask: Ask, *, at: datetime) -> tuple[tuple[Fault, ...] | None, list[Later]]:
        """The answer to a command (None: it was lost on its way here, or the answer was on its way back), and what is
        said later."""
        count = self.heard[ask.transaction] = self.heard.get(ask.transaction, 0) + 1
        lot = Random(f"{self.seed}/{ask.transaction}/{count}")  # noqa: S311 - a network, not a secret
        if lot.random() < self.air.lost / 2:
            return None, []
        if ask.meter not in self.devices:
            return (Fault("unknown meter", ask.meter),), []
        said = self._act(ask, at)
        later = list(self._said(ask, said, lot, count)) if said is not None else []
        answer_lost = lot.random() < self.air.lost / 2
        return (None if answer_lost else ()), later

    def _act(self, ask: Ask, at: datetime) -> Said | None:
        """What the meter answers; None when it answers nothing. Asked again with the same transaction, it does nothing
        again and tells how it is now."""
        device = self.devices[ask.meter]
        if device.silent or not device.power:
            return None
        if ask.transaction not in self.done and ask.act in {Act.CONNECT, Act.DISCONNECT}:
            if device.jammed:
                return NotDone(device.badge, "the switch does not move")
            device.on = ask.act is Act.CONNECT
        told = _answer(device, ask.act, at + device.drift)
        self.done[ask.transaction] = (told, at)
        return told

    def _said(self, ask: Ask, said: Said, lot: Random, count: int) -> Iterator[Later]:
        """Once, lost, or twice, each after its own time."""
        if lot.random() < self.air.lost:
            return
        notice = Notice(f"{ask.transaction}-{count}", ask.transaction, (said,))
        for _ in range(2 if lot.random() < self.air.repeated else 1):
            yield Later(lot.uniform(self.air.fastest, self.air.slowest), notice, ask.reply_to)


def _answer(device: Device, act: Act, at: datetime) -> Said:
    match act:
        case Act.PING:
            return Power(device.badge, on=True, at=at, volts=device.volts)
        case Act.READ:
            return Reads(device.badge, at, (Measured(Decimal(device.kwh), "kWh"), Measured(device.volts, "V")))
        case _:
            return SwitchSeen(device.badge, Switch.ON if device.on else Switch.OFF, at)
