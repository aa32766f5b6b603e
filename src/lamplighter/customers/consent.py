"""When a number may be called or texted, for which purpose: what the customer said, and the hours of the day. Pure.

A utility may text customers about matters closely related to their service on a number that they gave it (FCC 16-88);
they may take that back by any reasonable means (47 CFR 64.1200(a)(10)). Offers need consent of their own. Emergencies
always go out. Nothing goes out at night (47 CFR 64.1200(c)(1): before 8 am and after 9 pm at the called party's place).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Purpose(StrEnum):
    SERVICE = "service"
    COLLECTION = "collection"
    OUTAGE = "outage"
    PROGRAMS = "programs"
    EMERGENCY = "emergency"

    @property
    def label(self) -> str:
        return _LABELS[self]


class Said(StrEnum):
    """How a customer said so."""

    CALL = "call"
    COUNTER = "counter"
    WRITING = "writing"
    TEXT = "text"
    PORTAL = "portal"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Wish:
    """What holds for a number and a purpose."""

    given: bool
    quiet_from: time
    quiet_until: time


_LABELS = {
    Purpose.SERVICE: "Bills and service",
    Purpose.COLLECTION: "Payment reminders",
    Purpose.OUTAGE: "Outages",
    Purpose.PROGRAMS: "Programs and offers",
    Purpose.EMERGENCY: "Emergencies",
}
NIGHT = time(21), time(8)
ASKED = (Purpose.SERVICE, Purpose.COLLECTION, Purpose.OUTAGE, Purpose.PROGRAMS)
"""The purposes that a customer decides on."""


def unsaid(purpose: Purpose) -> Wish:
    """What holds for a number that was given, and nothing said about it since."""
    return Wish(purpose is not Purpose.PROGRAMS, *NIGHT)


def sendable_at(wish: Wish, purpose: Purpose, *, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant from `at` on at which something may go out; None where consent was taken back."""
    if purpose is Purpose.EMERGENCY:
        return at
    if not wish.given:
        return None
    local = at.astimezone(zone)
    if not quiet(wish, local.time()):
        return at
    day = local.date() + timedelta(days=1 if local.time() >= wish.quiet_until else 0)
    return datetime.combine(day, wish.quiet_until, zone).astimezone(at.tzinfo)


def quiet(wish: Wish, now: time) -> bool:
    """Whether `now` is among the quiet hours, which may run over midnight."""
    if wish.quiet_from <= wish.quiet_until:
        return wish.quiet_from <= now < wish.quiet_until
    return now >= wish.quiet_from or now < wish.quiet_until
