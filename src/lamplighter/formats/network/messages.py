"""The messages between a utility and the head-end of a meter network, whatever the wire that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Act(StrEnum):
    """What a meter is asked to do. DISCONNECT opens its switch, CONNECT closes it, STATE asks how it stands."""

    PING = "ping"
    READ = "read"
    STATE = "state"
    CONNECT = "connect"
    DISCONNECT = "disconnect"


class Switch(StrEnum):
    """How a meter's switch stands. ARMED is open, and closes when somebody presses the button at the meter."""

    ON = "on"
    OFF = "off"
    ARMED = "armed"


class EventKind(StrEnum):
    """Events that people act on; whatever else a meter tells is OTHER, with its code."""

    TAMPER = "tamper"
    REVERSE = "reverse-flow"
    LAST_GASP = "last-gasp"
    RESTORED = "restored"
    LOW_VOLTAGE = "low-voltage"
    HIGH_VOLTAGE = "high-voltage"
    SWITCHED_ON = "switched-on"
    SWITCHED_OFF = "switched-off"
    CLOCK = "clock"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Login:
    """With what the sender of a message proves who it is."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A command for one meter. `transaction` comes back with every answer; after `seconds` nobody waits any more.

    The same transaction sent twice asks for the same act once.
    """

    act: Act
    meter: str
    transaction: str
    reply_to: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something was not taken; `meter` where the sender said which it is about."""

    words: str
    meter: str = ""


@dataclass(frozen=True, slots=True)
class SwitchSeen:
    """A switch as the meter reported it at an instant; None where it could not say."""

    meter: str
    state: Switch | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Power:
    """Whether there is power at a meter, and how much voltage it measured, if it told. None: it did not answer."""

    meter: str
    on: bool | None
    at: datetime
    volts: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One quantity: `unit` is kWh, kW, V or kvarh; `received` counts what came back from the customer."""

    value: Decimal
    unit: str
    received: bool = False


@dataclass(frozen=True, slots=True)
class Reads:
    """What a meter's registers showed at an instant."""

    meter: str
    at: datetime
    values: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event at a meter, as the meter's own clock dates it. `code` is the sender's.

    `volts` is the lowest or highest voltage of it, `seconds` how long it lasted, where the meter told them.
    """

    meter: str
    kind: EventKind
    at: datetime
    code: str = ""
    words: str = ""
    volts: Decimal | None = None
    seconds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NotDone:
    """The network gave a command up, and says why."""

    meter: str
    words: str


Said = SwitchSeen | Power | Reads | Happened | NotDone


@dataclass(frozen=True, slots=True)
class Notice:
    """What a head-end says unasked, or later in answer: `transaction` is that of the command, or empty.

    `message` is the sender's own id of the message, the same when it sends it again.
    """

    message: str
    transaction: str
    said: tuple[Said, ...]
