"""Register reads: recorded once, corrected by a second row, estimated by rule until the real one comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.platform.copying import copy_in, next_ids
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.intake.registers import ReadIn
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.surroundings import parties_of
from lamplighter.usage.store import utility_zone

__all__ = ["CannotRecordRead", "ReadIn", "Recorded", "correct_read", "enter_read", "record_reads", "take_reads"]

NEAR = timedelta(hours=36)
WRITTEN = ("channel_id", "at", "count", "quality", "kind", "supersedes_id", "recorded_at", "recorded_by")


class CannotRecordRead(Exception):
    """A register read is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """`new` rows, of which some take the place of estimates; `same` were there already; `conflicts` were there with
    another count, and were not recorded."""

    new: tuple[RegisterRead, ...]
    same: int
    conflicts: tuple[tuple[ReadIn, RegisterRead], ...]


@in_transaction
def record_reads(*, reads: Iterable[ReadIn], by: Actor, at: datetime) -> list[RegisterRead]:
    """Record reads; one that is there already with the same count changes nothing, with another it is refused."""
    recorded = take_reads(reads=reads, by=by, at=at)
    for came, standing in recorded.conflicts:
        raise CannotRecordRead(
            f"Meter {came.channel.meter.badge} ({came.channel.name}) was read {standing.count:,} then, not"
            f" {came.count:,}. Correct that read, and say why."
        )
    return list(recorded.new)


@in_transaction
def enter_read(*, read: ReadIn, by: Actor, at: datetime) -> list[RegisterRead]:
    """A read that a person took at the dials, with its event; nothing when it is there already."""
    kept = record_reads(reads=[read], by=by, at=at)
    for row in kept:
        record(
            "usage.read.entered", subject=f"channel:{row.channel_id}", account=_account(row), by=by, at=at,
            count=row.count, kind=row.kind, read_at=row.at.isoformat(), meter=row.channel.meter.badge,
        )  # fmt: skip
    return kept


@in_transaction
def take_reads(*, reads: Iterable[ReadIn], by: Actor, at: datetime) -> Recorded:
    """The same for reads of a file: what conflicts is left out and told. A real read supersedes an estimated one of
    the same day or the day beside it. Two queries, however many reads."""
    several = sorted(reads, key=lambda read: read.quality.estimated)  # so that no estimate of today is superseded
    for read in several:
        _check(read)
    advisory_lock("usage.reads")
    standing = _standing(several)
    rows, same, conflicts = [], 0, []
    for read in several:
        mine = standing.setdefault(read.channel.pk, {})
        there = mine.get(read.at) or _estimate_of(read, mine)
        if there is None or (there.estimated and not read.quality.estimated):
            row = RegisterRead(
                channel=read.channel, at=read.at, count=read.count, quality=read.quality, kind=read.kind,
                supersedes=there, recorded_at=at, recorded_by=by,
            )  # fmt: skip
            if there is not None:
                del mine[there.at]
            mine[row.at] = row
            rows.append(row)
        elif there.count == read.count or read.quality.estimated:
            same += 1
        else:
            conflicts.append((read, there))
    _write(rows)
    return Recorded(tuple(rows), same, tuple(conflicts))


def _write(rows: Sequence[RegisterRead]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        for row, key in zip(rows, next_ids(cursor, "usage_registerread", len(rows)), strict=True):
            row.pk = key
        copy_in(cursor, "usage_registerread (id, " + ", ".join(WRITTEN) + ")", (
            (row.pk, *(getattr(row, name) for name in WRITTEN)) for row in rows
        ))  # fmt: skip


@in_transaction
def correct_read(
    *, read: RegisterRead, count: int, quality: Quality, by: Actor, at: datetime, remark: str
) -> RegisterRead:
    """A second row takes the place of a read. Why is kept; bills that stood on it are found by the journey above."""
    if RegisterRead.objects.filter(supersedes=read).exists():
        raise CannotRecordRead("This read was corrected already. Correct the newer one.")
    _check(ReadIn(read.channel, read.at, count))
    corrected = RegisterRead.objects.create(
        channel=read.channel, at=read.at, count=count, quality=quality, kind=read.kind, supersedes=read,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    record(
        "usage.read.corrected", subject=f"channel:{read.channel_id}", account=_account(read), by=by, at=at,
        remark=remark, was=read.count, now=count, read_at=read.at.isoformat(),
    )  # fmt: skip
    return corrected


def _account(read: RegisterRead) -> int | None:
    """Whose use the register measured on the days before the read, or else from then on."""
    day = read.at.astimezone(utility_zone()).date()
    channel = read.channel
    for period in (Period(day - timedelta(days=1), day), Period(day, day + timedelta(days=1))):
        found = parties_of([channel], period=period)[channel.pk].account_in(period)
        if found is not None:
            return found
    return None


def _check(read: ReadIn) -> None:
    if not read.channel.is_register:
        raise CannotRecordRead(f"{read.channel.name} is measured in intervals; it has no dials.")
    assert read.channel.dials is not None
    if not 0 <= read.count < 10**read.channel.dials:
        raise CannotRecordRead(f"{read.count} does not fit on {read.channel.dials} dials.")


def _standing(reads: Sequence[ReadIn]) -> dict[int, dict[datetime, RegisterRead]]:
    """Reads that stand near these, by channel and instant."""
    if not reads:
        return {}
    first, last = min(read.at for read in reads), max(read.at for read in reads)
    rows = RegisterRead.objects.filter(
        channel__in={read.channel.pk for read in reads}, superseded_by__isnull=True, at__gte=first - NEAR,
        at__lte=last + NEAR,
    ).order_by("-id")  # fmt: skip
    found: dict[int, dict[datetime, RegisterRead]] = {}
    for row in rows:
        found.setdefault(row.channel_id, {})[row.at] = row
    return found


def _estimate_of(read: ReadIn, standing: Mapping[datetime, RegisterRead]) -> RegisterRead | None:
    """The estimate that stood in for a real read of this day."""
    if read.quality.estimated:
        return None
    guessed = [row for row in standing.values() if row.estimated and abs(row.at - read.at) <= NEAR]
    return min(guessed, key=lambda row: abs(row.at - read.at), default=None)
