"""Publish channel-days: the store first, PostgreSQL second, one at a time.

Whatever happens between the two leaves a revision that nobody reads; the next publication marks it as ignored. When
PostgreSQL itself stopped between the two, or came back from a backup, it may allot that revision's number again: what
is the same is published then, and what is not takes the next number that the store has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lamplighter.intervals.appended import Appended, RevisionTaken
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.models import IgnoredRevision, ImportedFile, Publication
from lamplighter.usage.store import interval_store


@in_transaction
def hold_store() -> None:
    """Until the transaction ends nobody else publishes. Whoever reads channel-days to write them anew holds the store
    before reading: else what another published in between would be lost."""
    advisory_lock("usage.publish")


@in_transaction
def publish(
    *, batches: Sequence[ChannelDays], kind: str, by: Actor, at: datetime, imported: ImportedFile | None = None
) -> Publication:
    """Append channel-days as one revision, which counts when the surrounding transaction commits."""
    hold_store()
    before = Publication.objects.order_by("-revision").values_list("revision", flat=True).first() or 0
    appended = _append(batches)
    IgnoredRevision.objects.bulk_create(
        (IgnoredRevision(revision=gone) for gone in range(before + 1, appended.revision)), ignore_conflicts=True
    )
    return Publication.objects.create(
        revision=appended.revision, kind=kind, channel_days=appended.channel_days, imported=imported, published_at=at,
        published_by=by,
    )  # fmt: skip


def _append(batches: Sequence[ChannelDays]) -> Appended:
    """Ends, since every number is allotted once and the store has seen only so many."""
    while True:
        try:
            return interval_store().append(batches, revision=_allotted())
        except RevisionTaken:
            continue


def _allotted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('usage_revision')")
        return int(cursor.fetchone()[0])
