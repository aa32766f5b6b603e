"""What is known of a switch: the newest sighting, unless a command was given up since, whose end nobody saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.formats.network.messages import Act
from lamplighter.network.types import SWITCHING, TIMED_OUT

ON, OFF, ARMED, UNKNOWN = "on", "off", "armed", "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """A switch that was seen in a state at an instant, or (`recorded`) of which our records say so since then."""

    state: str
    at: datetime
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that was sent to a switch: `ended_at` None while it may still be carried out."""

    act: str
    state: str
    asked_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SwitchView:
    """`state` is on, off, armed or unknown. `since` is when it was seen, or given up; `asked` waits to be carried out.

    `last` is what was seen before it became unknown; `recorded`: nobody saw it, our records say so.
    """

    state: str
    since: datetime | None = None
    asked: Act | None = None
    last: str = ""
    recorded: bool = False


def switch_view(seen: Sequence[Seen], asked: Sequence[Asked], *, recorded: str = "") -> SwitchView:
    """What may be said of a switch now. `recorded` is what our records say, used while nothing was ever seen.

    A command that timed out leaves the switch unknown until a sighting that is newer than when it was asked for.
    """
    newest = max(seen, key=lambda one: one.at, default=None)
    switching = [one for one in asked if one.act in SWITCHING]
    waiting = next((Act(one.act) for one in switching if one.ended_at is None), None)
    lost = [one for one in switching if one.state == TIMED_OUT and (newest is None or one.asked_at > newest.at)]
    last = newest.state if newest else recorded
    if lost:
        return SwitchView(UNKNOWN, max(one.ended_at or one.asked_at for one in lost), waiting, last)
    by_record = newest.recorded if newest else bool(recorded)
    return SwitchView(last or UNKNOWN, newest.at if newest else None, waiting, recorded=by_record)
