"""Types of orders as data: what is asked for, by when, why, what is done there, and why it may not be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lamplighter.worklist.rules import Due, WithinHours, WorkingDays


class OrderKind(StrEnum):
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    RECONNECT = "reconnect"
    EXCHANGE = "exchange"
    TEST = "test"
    INVESTIGATE = "investigate"
    CHECK_AMI = "check-ami"
    READ = "read"


class Act(StrEnum):
    """One thing that a crew does at a point; the tasks of an order are acts in the order in which they are done."""

    SAFETY = "safety"
    READ = "read"
    SWITCH_ON = "switch-on"
    SWITCH_OFF = "switch-off"
    SET_METER = "set-meter"
    EXCHANGE = "exchange"
    TEST = "test"
    INSPECT = "inspect"


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


NON_PAYMENT = "non-payment"
URGENT = WithinHours(4)

ACTS = {
    Act.SAFETY: "See that the load side is safe",
    Act.READ: "Read the meter",
    Act.SWITCH_ON: "Switch on",
    Act.SWITCH_OFF: "Switch off",
    Act.SET_METER: "Set a meter",
    Act.EXCHANGE: "Exchange the meter",
    Act.TEST: "Test the meter",
    Act.INSPECT: "Inspect, and say what was found",
}
NOT_DONE = {
    "no-access": "No access",
    "animal": "An animal in the way",
    "unsafe": "Not safe to work",
    "refused": "The customer refused",
    "wrong-place": "Wrong place or meter",
    "no-material": "No meter or material",
    "weather": "Weather",
}
"""Why a crew could not do an order."""

CANCEL = {
    "customer-asked": "The customer asked",
    "not-needed": "No longer needed",
    "paid": "Paid or arranged",
    "duplicate": "Raised twice",
    "error": "Raised in error",
}
"""Why the desk cancels one."""

FOUND = {
    "in-order": "Everything in order",
    "damaged": "Equipment damaged",
    "tamper": "Signs of tampering",
    "load-side": "Trouble on the customer's side",
    "no-signal": "No signal of the meter network",
    "other": "Something else, see the note",
}
"""What an inspection finds."""


@dataclass(frozen=True, slots=True)
class OrderType:
    """`due` counts from the day on which the order may be done first. `reasons` are asked for where there are any."""

    kind: OrderKind
    label: str
    due: Due
    reasons: tuple[tuple[str, str], ...] = ()

    def due_for(self, priority: str) -> Due:
        return URGENT if priority == Priority.URGENT else self.due


CUTS = (
    ("move-out", "Move-out"), ("customer-request", "The customer asked"), ("hazard", "Hazard"),
    ("unauthorized-use", "Unauthorized use"), (NON_PAYMENT, "Non-payment"),
)  # fmt: skip

TYPES: dict[OrderKind, OrderType] = {
    one.kind: one
    for one in (
        OrderType(OrderKind.CONNECT, "Connect", WorkingDays(1)),
        OrderType(OrderKind.DISCONNECT, "Disconnect", WorkingDays(2), CUTS),
        OrderType(OrderKind.RECONNECT, "Reconnect", WorkingDays(0)),
        OrderType(OrderKind.EXCHANGE, "Exchange the meter", WorkingDays(10)),
        OrderType(OrderKind.TEST, "Test the meter", WorkingDays(10)),
        OrderType(OrderKind.INVESTIGATE, "Investigate", WorkingDays(3)),
        OrderType(OrderKind.CHECK_AMI, "Check the network meter", WorkingDays(5)),
        OrderType(OrderKind.READ, "Read the meter", WorkingDays(2)),
    )
}
