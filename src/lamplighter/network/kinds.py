"""The kinds of work that the meter network gives to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WithinHours, WorkingDays

NOT_DONE = declare(
    ItemKind(
        "network.not-done", "Commands that were not carried out", Desk.SERVICE, "orders.raise", WithinHours(4),
        "desk:command", (("truck", "A crew goes"), ("again", "Sent again"), ("seen", "The switch was seen right")),
    )
)  # fmt: skip
"""One item for each switching command that failed or timed out (subject `command:UUID`); ends when it is heard late."""

DIFFERS = declare(
    ItemKind(
        "network.switch-differs", "Switches that do not stand as they should", Desk.METERS, "metering.view",
        WithinHours(4), "desk:meter-network", (("mended", "Put right"), ("right", "It is right as it is")),
    )
)  # fmt: skip
"""One item for each meter (subject `meter:BADGE`) whose switch was seen otherwise than our records say, unasked."""

TAMPER = declare(
    ItemKind(
        "network.tamper", "Signs of tampering", Desk.METERS, "metering.view", WorkingDays(1), "desk:meter-network",
        (("reported", "Reported for investigation"), ("nothing", "Explained")),
    )
)  # fmt: skip
"""One item for each meter (subject `meter:BADGE`) that told of tampering or of energy that flows back."""

CLOCK = declare(
    ItemKind(
        "network.clock", "Meters whose clock is wrong", Desk.METERS, "metering.view", WorkingDays(3),
        "desk:meter-network", (("set", "The clock was set"), ("right", "It is right as it is")),
    )
)  # fmt: skip
"""One item for each meter (subject `meter:BADGE`) whose clock is off ours; ends when it answers in time again."""

UNREADABLE = declare(
    ItemKind(
        "network.unreadable", "Messages that could not be read", Desk.METERS, "metering.view", WorkingDays(1),
        "desk:interface", (("asked", "The vendor was asked"), ("mended", "Mended")),
    )
)  # fmt: skip
"""One item for each head-end (subject `interface:KEY`) that sent what nobody understands."""
