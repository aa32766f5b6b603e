"""What waits for a gateway to hand it over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice, Sender
from lamplighter.notices.queries.templates import sender
from lamplighter.notices.rules.rendering import Sheet

WITHHELD = "*****"
"""Stands in the kept words for what only its reader may have; it is put in as the notice leaves."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice as a gateway needs it. `number` names it for ever, so that handing it over again is recognised."""

    notice: int
    number: str
    channel: Channel
    from_name: str
    from_email: str
    address: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    lines: tuple[tuple[Language, str], ...]

    @property
    def text(self) -> str:
        """All words in reading order: the language lines, then each sheet; a letter's with its subject as heading."""
        lines = ["\n".join(line for _, line in self.lines)] if self.lines else []
        sheets = [
            f"{sheet.subject}\n\n{sheet.body}" if self.channel is Channel.LETTER else sheet.body
            for sheet in self.sheets
        ]
        return "\n\n".join([*lines, *sheets]) + "\n"


def waiting(channel: Channel) -> QuerySet[Notice]:
    """Queued, not handed over, not refused by a gateway: the oldest first."""
    return Notice.objects.filter(outgoing__channel=channel).order_by("outgoing")


def outbox(channel: Channel, *, limit: int = 1000) -> list[Parcel]:
    """What waits, as gateways will have it."""
    utility = sender()
    return [parcel_of(notice, utility) for notice in waiting(channel).select_related("words")[:limit]]


def parcel_of(notice: Notice, utility: Sender, *, secret: str = "") -> Parcel:
    """What leaves: the kept words, with the `secret` where it was withheld."""
    words = notice.words
    assert words.erased_at is None, f"the words of {notice.number} were erased"
    return Parcel(
        notice.pk, notice.number, Channel(notice.channel), utility.utility, utility.email, tuple(words.address),
        tuple(_told(sheet, secret) for sheet in words.read) if secret else words.read,
        tuple((Language(tag), text) for tag, text in words.lines),
    )  # fmt: skip


def _told(sheet: Sheet, secret: str) -> Sheet:
    return replace(sheet, blocks=tuple((name, text.replace(WITHHELD, secret)) for name, text in sheet.blocks))
