"""Register reads: recorded once, corrected by a second row, estimated by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Quality
from lamplighter.metering.models import Channel
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import RegisterRead


class CannotRecordRead(Exception):
    """A register read is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class ReadIn:
    """A read as it comes in: the raw dial value."""

    channel: Channel
    at: datetime
    count: int
    quality: Quality = Quality.VALID
    kind: str = RegisterRead.Kind.CYCLE


@in_transaction
def record_reads(*, reads: Iterable[ReadIn], by: Actor, at: datetime) -> list[RegisterRead]:
    """Record reads; one that is there already with the same value changes nothing, with another is refused."""
    rows = []
    for read in reads:
        _check(read)
        rows.append(
            RegisterRead(
                channel=read.channel, at=read.at, count=read.count, quality=read.quality, kind=read.kind,
                recorded_at=at, recorded_by=by,
            )
        )  # fmt: skip
    return RegisterRead.objects.bulk_create(rows, ignore_conflicts=True)


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
        "usage.read.corrected", subject=f"channel:{read.channel_id}", by=by, at=at, remark=remark, was=read.count,
        now=count, read_at=read.at.isoformat(),
    )  # fmt: skip
    return corrected


def _check(read: ReadIn) -> None:
    if not read.channel.is_register:
        raise CannotRecordRead(f"{read.channel.name} is measured in intervals; it has no dials.")
    assert read.channel.dials is not None
    if not 0 <= read.count < 10**read.channel.dials:
        raise CannotRecordRead(f"{read.count} does not fit on {read.channel.dials} dials.")
