"""What may be asked of a meter and by when it must answer, and the states that a command goes through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lamplighter.formats.network.messages import Act, EventKind

CREATED, SENT, ACCEPTED, COMPLETED, FAILED, TIMED_OUT = (
    "created", "sent", "accepted", "completed", "failed", "timed-out",
)  # fmt: skip
OPEN = (CREATED, SENT, ACCEPTED)
FINAL = (COMPLETED, FAILED, TIMED_OUT)
NEXT: dict[str, tuple[str, ...]] = {
    "": (CREATED,),
    CREATED: (SENT, FAILED, TIMED_OUT),
    SENT: (ACCEPTED, *FINAL),
    ACCEPTED: FINAL,
    COMPLETED: (),
    FAILED: (),
    TIMED_OUT: (),
}
"""Each state and those that may follow it. What is over stays over, whatever is heard later."""
SWITCHING = (Act.CONNECT.value, Act.DISCONNECT.value)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody waits for an answer, and after how long the same is asked once more; in seconds.

    `usual` is what a meter takes as a rule, in words for whoever waits.
    """

    expires: int
    again: int
    usual: str


PATIENCE = {
    Act.PING: Patience(60, 12, "10 to 40 seconds"),
    Act.READ: Patience(90, 20, "20 to 60 seconds"),
    Act.STATE: Patience(90, 20, "10 to 40 seconds"),
    Act.CONNECT: Patience(180, 30, "20 to 90 seconds"),
    Act.DISCONNECT: Patience(180, 30, "20 to 90 seconds"),
}
LABELS = {
    Act.PING: "Ping",
    Act.READ: "Read on demand",
    Act.STATE: "Ask how the switch stands",
    Act.CONNECT: "Switch on",
    Act.DISCONNECT: "Switch off",
}


class Protocol(StrEnum):
    """What a head-end speaks."""

    MULTISPEAK_3 = "multispeak-3.0"
    MULTISPEAK_4 = "multispeak-4.1"
    IEC_61968 = "iec-61968-9"

    @property
    def label(self) -> str:
        names = {"multispeak-3.0": "MultiSpeak 3.0", "multispeak-4.1": "MultiSpeak 4.1"}
        return names.get(self.value, "IEC 61968-9")


EVENTS = {
    EventKind.TAMPER: "Tampering",
    EventKind.REVERSE: "Reverse flow",
    EventKind.LAST_GASP: "Power lost",
    EventKind.RESTORED: "Power is back",
    EventKind.LOW_VOLTAGE: "Low voltage",
    EventKind.HIGH_VOLTAGE: "High voltage",
    EventKind.SWITCHED_ON: "Switched on",
    EventKind.SWITCHED_OFF: "Switched off",
    EventKind.CLOCK: "Clock was wrong",
    EventKind.OTHER: "Other event",
}
ALARMS = (EventKind.TAMPER, EventKind.REVERSE)
"""What somebody must look at."""
