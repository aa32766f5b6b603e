"""The check-list of a meter: what to ask the customer next, by what is known, until one conclusion is left.

Safety comes first. Power at the meter means that the trouble is behind it; a silent meter whose neighbours answer is
one house, and one whose neighbours are dark is an outage. Voltage is judged by ANSI C84.1 (120 V): 114 to 126 is
range A, 110 to 127 range B.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

FINE, TOLERABLE = (Decimal(114), Decimal(126)), (Decimal(110), Decimal(127))
DARK, LIT = 2, 1
"""So many neighbours without power make an outage; one that answers says that the network and the street are well."""


class Key(StrEnum):
    """What a check may conclude."""

    DANGER = "danger"
    SWITCHED_OFF = "switched-off"
    ARMED = "armed"
    OUTAGE = "outage"
    ONE_HOUSE = "one-house"
    SILENT = "silent"
    INSIDE = "inside"
    BREAKER = "breaker"
    LOST_LEG = "lost-leg"
    VOLTAGE = "voltage"
    WELL = "well"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the customer, or to do. `answers` are keys and words, in the order of their number keys.

    `act` is `ping` or `neighbors` where the program does it when the button is pressed.
    """

    key: str
    words: str
    why: str
    answers: tuple[tuple[str, str], ...] = ()
    act: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is the matter, in plain words; what to say to the customer; which order is right (kind, urgent), if any."""

    key: Key
    words: str
    say: str
    order: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when the next question is chosen.

    `ping` is "" (not asked), waiting, power, dark or silent. `neighbors` were asked or told lately: how many are dark
    and how many answer; `asking` while some of them have not answered yet. `served`: somebody has service there.
    """

    reachable: bool = True
    switch: str = "unknown"
    ping: str = ""
    volts: Decimal | None = None
    dark: int = 0
    lit: int = 0
    asking: bool = False
    tampered: bool = False
    served: bool = True
    answers: Mapping[str, str] = field(default_factory=dict)


YES_NO = (("yes", "Yes"), ("no", "No"))
SAFETY = Question(
    "safety", "Is anybody in danger: sparks, smoke, a burning smell, a wire on the ground, water near it?",
    "Safety comes before everything else.", (("no", "No, nothing of the kind"), ("yes", "Yes")),
)  # fmt: skip
PING = Question("ping", "Ping the meter.", "Whether there is power at the meter decides everything else.", act="ping")
NEIGHBORS = Question(
    "neighbors", "Ping the three nearest neighbors.", "One house or the street: that decides who goes.",
    act="neighbors",
)  # fmt: skip
POWER = Question("power", "Does the customer have power right now?", "The meter can't tell, or did not.", YES_NO)
STREET = Question(
    "street", "Do the houses beside them have light, or the street lamps?", "No neighbor's meter could tell.",
    (("yes", "Yes, they do"), ("no", "No, all is dark"), ("unknown", "They can't tell")),
)  # fmt: skip
EXTENT = Question(
    "extent", "Is everything without power, or only a part?", "A part alone points to a breaker, or to one leg.",
    (("all", "Everything"), ("part", "Only a part"), ("none", "Everything works")),
)  # fmt: skip
DIM = Question(
    "dim", "Are some lights very bright or dim, or do they flicker?", "That is what a lost leg or neutral looks like.",
    YES_NO,
)  # fmt: skip
MAIN = Question(
    "breaker", "Ask them to look at the breaker panel, main breaker first. Is one tripped or half-way?",
    "Power reaches the meter, so a breaker is the most likely cause.",
    (("tripped", "Yes, one is tripped"), ("fine", "No, all are on"), ("unreached", "They can't get to it")),
)  # fmt: skip
RESET = Question(
    "reset", "Have them switch it fully off, then on, once. Does it hold?", "A breaker that trips again protects them.",
    (("holds", "It holds, power is back"), ("trips", "It trips again"), ("still", "It holds, still no power")),
)  # fmt: skip
BUTTON = Question(
    "button", "Ask them to hold the button on the meter for three seconds, main breaker off first. Is power back?",
    "The switch is armed: it closes only by hand, so that nothing is left on behind it.", YES_NO,
)  # fmt: skip


Step = Question | Conclusion | None


def next_step(known: Known) -> Step:
    """The next question, the conclusion, or None while an answer of the network is awaited: the first in the list of
    those that hold."""
    return next(step for holds, step in _list(known) if holds)


def _list(known: Known) -> Iterator[tuple[bool, Step]]:
    told = known.answers
    yield "safety" not in told, SAFETY
    yield told["safety"] == "yes", DANGER
    yield known.reachable and not known.ping, PING
    yield known.ping == "waiting", None
    yield known.switch == "armed" and "button" not in told, BUTTON
    yield known.switch == "armed", WELL if told.get("button") == "yes" else STILL_ARMED
    yield known.switch == "off", OFF_SERVED if known.served else OFF_UNSERVED
    if known.ping == "power":
        yield from _power_at_the_meter(known)
    elif known.reachable:
        yield from _no_power_at_the_meter(known)
    else:
        yield from _read_by_hand(known)


def _power_at_the_meter(known: Known) -> Iterator[tuple[bool, Step]]:
    told = known.answers
    if known.volts is not None:
        yield not FINE[0] <= known.volts <= FINE[1], voltage(known.volts)
    yield "extent" not in told, EXTENT
    yield told["extent"] == "none", TAMPERED if known.tampered else WELL
    yield told["extent"] == "part" and "dim" not in told, DIM
    yield told["extent"] == "part" and told["dim"] == "yes", LOST_LEG
    yield from _breakers(known)
    yield True, INSIDE


def _breakers(known: Known) -> Iterator[tuple[bool, Step]]:
    told = known.answers
    yield "breaker" not in told, MAIN
    yield told["breaker"] == "tripped" and "reset" not in told, RESET
    yield told["breaker"] == "tripped" and told["reset"] == "holds", BREAKER


def _no_power_at_the_meter(known: Known) -> Iterator[tuple[bool, Step]]:
    told = known.answers
    yield known.dark >= DARK, OUTAGE
    yield known.asking, None
    if known.ping != "dark":
        yield "power" not in told, POWER
        yield told["power"] == "yes", SILENT
    yield known.lit >= LIT, ONE_HOUSE
    yield "neighbors" not in told, NEIGHBORS
    yield "street" not in told, STREET
    yield told["street"] == "no", OUTAGE
    yield True, ONE_HOUSE


def _read_by_hand(known: Known) -> Iterator[tuple[bool, Step]]:
    """Nobody can ask this meter: the customer tells what it would have."""
    told = known.answers
    yield "power" not in told, POWER
    if told["power"] == "yes":
        yield from _power_at_the_meter(known)
    yield known.dark >= DARK or told.get("street") == "no", OUTAGE
    yield "street" not in told, STREET
    yield from _breakers(known)
    yield told["breaker"] == "tripped" and told["reset"] == "trips", INSIDE
    yield True, ONE_HOUSE


def voltage(volts: Decimal) -> Conclusion:
    """Outside range B it is urgent."""
    urgent = not TOLERABLE[0] <= volts <= TOLERABLE[1]
    return Conclusion(
        Key.VOLTAGE, f"The voltage at the meter is {volts.normalize():f} V; 114 to 126 is right.",
        "The voltage at your meter is not right. Please switch off what is sensitive, such as computers and a "
        "refrigerator. We are sending somebody.",
        "investigate", urgent,
    )  # fmt: skip


DANGER = Conclusion(
    Key.DANGER, "Somebody is in danger. Raise an urgent order, and stay on the line until they are away from it.",
    "Please keep well away and keep everybody away. Don't touch anything. If there is fire or somebody is hurt, hang "
    "up and call 911. We are sending a crew now.",
    "investigate", urgent=True,
)  # fmt: skip
OFF_SERVED = Conclusion(
    Key.SWITCHED_OFF, "The switch in the meter is open, and this account has service.",
    "Your meter's switch is off. I am having it switched on. Please leave your main breaker off until I tell you.",
    "reconnect", urgent=True,
)  # fmt: skip
OFF_UNSERVED = Conclusion(
    Key.SWITCHED_OFF, "The switch in the meter is open: nobody has service here.",
    "Service at this address is off. I can start it for you today.",
)  # fmt: skip
STILL_ARMED = Conclusion(
    Key.ARMED, "The switch is armed, and the button did not close it.",
    "The button did not switch your meter on. We are sending somebody to look at it.", "reconnect", urgent=True,
)  # fmt: skip
OUTAGE = Conclusion(
    Key.OUTAGE, "Neighbors have no power either: this is an outage, not this house.",
    "Your neighbors are without power too. We know of it and are working on it. You need not do anything, and we will "
    "tell you when power is back.",
)  # fmt: skip
ONE_HOUSE = Conclusion(
    Key.ONE_HOUSE, "The meter did not answer, and neighbors have power: no power at one house.",
    "The trouble is between our line and your meter. That is ours to mend, and we are sending a crew.", "investigate",
    urgent=True,
)  # fmt: skip
SILENT = Conclusion(
    Key.SILENT, "There is power, but the meter does not answer: the meter or its radio is at fault.",
    "Your power is fine. Your meter is not talking to us, so we will look at it. You need not be at home, and your "
    "bill will not be guessed if we get to it in time.",
    "check-ami",
)  # fmt: skip
INSIDE = Conclusion(
    Key.INSIDE, "Power at the meter: the problem is inside.",
    "We see power at your meter, so the trouble is in your house's own wiring. A licensed electrician can mend that; "
    "we may not. Please leave a breaker that trips switched off.",
)  # fmt: skip
BREAKER = Conclusion(
    Key.BREAKER, "A breaker had tripped; it holds, and power is back.",
    "A breaker had tripped, and it holds now. If it trips again, leave it off and call an electrician.",
)  # fmt: skip
LOST_LEG = Conclusion(
    Key.LOST_LEG, "Part of the house only, and lights too bright or dim: a lost leg or neutral on our side.",
    "Please switch off your main breaker now: lights that are too bright or dim can mean a broken wire of ours, "
    "which can damage what is plugged in. We are sending a crew.",
    "investigate", urgent=True,
)  # fmt: skip
WELL = Conclusion(
    Key.WELL, "Power at the meter, and everything works.",
    "Everything looks right from here, and your meter answers. Call us at once if it happens again.",
)  # fmt: skip
TAMPERED = Conclusion(
    Key.TAMPERED, "Power is fine, but the meter told of tampering.",
    "Your power is fine. Your meter reported something that we must look at; a crew will come by. Please "
    "leave it alone.",
    "check-ami",
)  # fmt: skip
OUTCOMES = {
    "mended": "Mended in the call",
    "electrician": "The customer calls an electrician",
    "order": "An order was raised",
    "outage": "Part of an outage",
    "well": "Nothing wrong was found",
    "ended": "The call ended before",
}
USUAL = {
    Key.BREAKER: "mended", Key.ARMED: "order", Key.INSIDE: "electrician", Key.OUTAGE: "outage", Key.WELL: "well",
}  # fmt: skip


def usual_outcome(conclusion: Conclusion | None) -> str:
    """What most likely comes of it."""
    if conclusion is None:
        return "ended"
    return "order" if conclusion.order else USUAL.get(conclusion.key, "well")
