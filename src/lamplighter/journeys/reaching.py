"""Whether a notice or a text may go out now: what its number said about its purpose, and the hours of the night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.customers.consent import Purpose, sendable_at
from lamplighter.customers.queries import wish_of
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import Notice

COLLECTION = ("past-due", "courtesy", "plan-", "shut-off", "collection")
OUTAGE = ("outage", "planned-outage", "restored")
PROGRAMS = ("program", "offer")


@dataclass(frozen=True, slots=True)
class Clearance:
    """`at` is the first instant at which it may go; None: the number's owner took consent back."""

    at: datetime | None
    purpose: Purpose

    def now(self, at: datetime) -> bool:
        return self.at is not None and self.at <= at


def purpose_of(code: str) -> Purpose:
    """What a template is for, by the first words of its code."""
    if code.startswith("emergency"):
        return Purpose.EMERGENCY
    for starts, purpose in ((COLLECTION, Purpose.COLLECTION), (OUTAGE, Purpose.OUTAGE), (PROGRAMS, Purpose.PROGRAMS)):
        if code.startswith(starts):
            return purpose
    return Purpose.SERVICE


def clearance(notice: Notice, *, at: datetime) -> Clearance:
    """Of a queued notice with its words: letters and emails may go at any hour."""
    purpose = purpose_of(notice.template.code)
    if notice.channel != Channel.TEXT:
        return Clearance(at, purpose)
    return text_clearance(notice.words.address[0], purpose, at=at)


def text_clearance(number: str, purpose: Purpose, *, at: datetime) -> Clearance:
    wish = wish_of(number, purpose)
    return Clearance(sendable_at(wish, purpose, at=at, zone=ZoneInfo(settings.UTILITY_ZONE)), purpose)
