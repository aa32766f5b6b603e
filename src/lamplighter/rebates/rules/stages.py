"""Where an application stands, and who waits for whom."""

from __future__ import annotations

from enum import StrEnum


class CannotRebate(Exception):
    """A rebate can't be dealt with so; the message is fit to be read aloud."""


class Party(StrEnum):
    """Whom an application waits for."""

    BUDGET = "the budget"
    CUSTOMER = "the customer"
    DESK = "the program desk"
    METER = "the meter"
    SECOND = "a second person"
    NOBODY = "nobody"


class State(StrEnum):
    """The stages of an application, in their order; the last five are ends."""

    QUEUED = "queued"
    RESERVED = "reserved"
    REVIEW = "review"
    INSPECTION = "inspection"
    MEASURING = "measuring"
    READY = "ready"
    PAID = "paid"
    CLAWED = "clawed-back"
    DENIED = "denied"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def waits_for(self) -> Party:
        return _LABELS[self][1]

    @property
    def next(self) -> str:
        """What is to be done, in a few words; "" at an end."""
        return _LABELS[self][2]


_LABELS: dict[State, tuple[str, Party, str]] = {
    State.QUEUED: ("Waits for money", Party.BUDGET, "money of the budget to be free"),
    State.RESERVED: ("Reserved", Party.CUSTOMER, "the work, and its papers"),
    State.REVIEW: ("Papers in", Party.DESK, "check the papers"),
    State.INSPECTION: ("To be inspected", Party.DESK, "inspect it"),
    State.MEASURING: ("Being measured", Party.METER, "measure what it saved"),
    State.READY: ("To be paid", Party.DESK, "pay it"),
    State.PAID: ("Paid", Party.NOBODY, ""),
    State.CLAWED: ("Clawed back", Party.NOBODY, ""),
    State.DENIED: ("Denied", Party.NOBODY, ""),
    State.LAPSED: ("Lapsed", Party.NOBODY, ""),
    State.WITHDRAWN: ("Withdrawn", Party.NOBODY, ""),
}

HOLDS = frozenset({State.RESERVED, State.REVIEW, State.INSPECTION, State.MEASURING, State.READY})
"""In these a part of the budget is reserved."""
LIVE = HOLDS | {State.QUEUED}
GONE = frozenset({State.DENIED, State.LAPSED, State.WITHDRAWN})
"""Ends without money."""
WORK = frozenset({State.REVIEW, State.INSPECTION, State.READY})
"""The program desk is to do something."""
