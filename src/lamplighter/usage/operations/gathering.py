"""Gather what was weighed part by part, publish it as one revision, and keep what waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from lamplighter.intervals.channeldays import ChannelDays, joined
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import ImportedFile, Publication
from lamplighter.usage.operations.exceptions import Kept, Matters, keep_exceptions
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.queries.verdicts import gone
from lamplighter.usage.queries.weighing import Change, Weighed
from lamplighter.usage.store import utility_zone


class Gathered:
    """The results of the parts; of the blocks that they were made from, nothing is kept."""

    def __init__(self) -> None:
        self.days: list[ChannelDays] = []
        self.changes: list[Change] = []
        self.matters = Matters()
        self.renewed: dict[int, list[Span]] = {}
        self.taken = self.unchanged = self.estimated = 0

    def take(self, weighed: Weighed) -> None:
        self.days += weighed.days
        self.changes += weighed.changes
        self.matters.noticed += weighed.noticed
        self.matters.gone += gone(weighed)
        self.matters.parties |= weighed.around.parties
        for channel in {one.finding.channel for one in weighed.noticed} & set(weighed.renewed):
            self.renewed.setdefault(channel, []).extend(_renewed(weighed, channel))
        self.taken += weighed.taken
        self.unchanged += weighed.unchanged
        self.estimated += weighed.estimated

    @in_transaction
    def publish(
        self, *, kind: str, by: Actor, at: datetime, imported: ImportedFile | None = None
    ) -> Publication | None:
        """All channel-days as one revision; None when nothing differs from what is published."""
        by_length: dict[int, list[ChannelDays]] = {}
        for days in self.days:
            by_length.setdefault(days.seconds, []).append(days)
        self.days = []
        if not by_length:
            return None
        batches = [several[0] if len(several) == 1 else joined(several) for several in by_length.values()]
        return publish(batches=batches, kind=kind, by=by, at=at, imported=imported)

    @in_transaction
    def keep(
        self, *, publication: Publication | None, by: Actor, at: datetime, imported: ImportedFile | None = None
    ) -> Kept:
        """Open, update and resolve exceptions."""
        return keep_exceptions(
            matters=self.matters, renewed=self.renewed, publication=publication, imported=imported, by=by, at=at
        )


def _renewed(weighed: Weighed, channel: int) -> list[Span]:
    """The days of a channel whose readings are others now."""
    first, zone = weighed.renewed_from, utility_zone()
    days = [first + timedelta(days=at) for at in np.flatnonzero(weighed.renewed[channel]).tolist()]
    return [span_of(Period(day, day + timedelta(days=1)), zone) for day in days]
