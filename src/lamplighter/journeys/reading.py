"""Bring meter files in, decide about readings, correct reads; and ask for the bills that stood on the old ones."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.billing.models import RebillRequest
from lamplighter.billing.reasons import Why
from lamplighter.formats.meterdata import MeterFile
from lamplighter.formats.reading import read_delivery
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.sources import deliveries, deliveries_of
from lamplighter.journeys.rebilling import ask_for_channel
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.platform.models import Run, StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.runs import advance_run, end_run, start_run
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import in_transaction, unit_of_work
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.intake.storable import storable
from lamplighter.usage.models import ImportedFile, IntervalException, RegisterRead
from lamplighter.usage.operations import deciding, registers
from lamplighter.usage.operations.deciding import Decided
from lamplighter.usage.operations.importing import take_in
from lamplighter.usage.operations.registers import ReadIn
from lamplighter.usage.queries.decisions import Values
from lamplighter.usage.queries.weighing import Change

CHUNK = 1 << 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file (of an archive: of one member): its record, how many of its exceptions are open, and the
    bills that were asked for again. `again`: it was in already."""

    file: ImportedFile
    exceptions: int = 0
    rebills: tuple[RebillRequest, ...] = ()
    again: bool = False

    @property
    def waits(self) -> bool:
        return bool(self.file.waiting or self.exceptions)


@dataclass(slots=True)
class Delivery:
    """Everything that one file brought; `unreadable` are members of an archive of which nothing can be used."""

    stored: StoredFile
    imported: list[Imported] = field(default_factory=list)
    unreadable: list[Finding] = field(default_factory=list)


def import_file(
    *, path: Path, options: ImportOptions, by: Actor, at: datetime, progress: Progress | None = None
) -> Delivery:
    """Keep a file and take it in. Raises Unreadable when nothing of it can be used: then it is kept, and nothing else
    has changed."""
    options.settings()  # an option that is not understood is refused before anything is kept
    return import_stored(file=keep(path=path, by=by, at=at), options=options, by=by, at=at, progress=progress)


def keep(*, path: Path, by: Actor, at: datetime) -> StoredFile:
    """The file by its content. Raises Unreadable when it cannot be opened or is empty."""
    for _ in deliveries(path):
        break
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    with path.open("rb") as raw, unit_of_work(by):
        chunks = iter(lambda: raw.read(CHUNK), b"")
        return store_file(chunks, name=storable(path.name), media_type=media, by=by, at=at)[0]


def import_stored(
    *,
    file: StoredFile,
    options: ImportOptions,
    by: Actor,
    at: datetime,
    run: Run | None = None,
    progress: Progress | None = None,
) -> Delivery:
    """Take in a file that is kept. Each member of an archive goes in whole or not at all; when the work was cut short,
    the same call goes on, since what is in changes nothing. A page can follow the run. Raises Unreadable."""
    if run is not None:
        return _import(file, options, run, by=by, at=at, progress=progress)
    own = start_run(kind="usage.import", subject=file.name[:120], total=0, by=by, at=at)
    try:
        return _import(file, options, own, by=by, at=at, progress=progress)
    except Exception as fault:
        if own.ended_at is None:
            end_run(run=own, at=at, failed=True, message=f"{type(fault).__name__}: {fault}")
        raise


@in_transaction
def accept(*, exceptions: Iterable[int], seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """The readings are right as they came. Raises CannotDecide."""
    decided = deciding.accept(exceptions=exceptions, seen=seen, by=by, at=at, remark=remark)
    return _ask_after(decided, by=by, at=at)


@in_transaction
def edit(*, exceptions: Iterable[int], values: Values, seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """Intervals, or a register read, have the counts that are given. Raises CannotDecide."""
    decided = deciding.edit(exceptions=exceptions, values=values, seen=seen, by=by, at=at, remark=remark)
    return _ask_after(decided, by=by, at=at)


@in_transaction
def estimate(*, exceptions: Iterable[int], seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """The intervals are estimated as proposed. Raises CannotDecide."""
    decided = deciding.estimate(exceptions=exceptions, seen=seen, by=by, at=at, remark=remark)
    return _ask_after(decided, by=by, at=at)


@in_transaction
def enter_read(*, read: ReadIn, by: Actor, at: datetime) -> tuple[list[RegisterRead], list[RebillRequest]]:
    """A read that somebody took at a meter; nothing when it is there already. Raises CannotRecordRead."""
    kept = registers.enter_read(read=read, by=by, at=at)
    return kept, _ask_for_reads(kept, reason=Why.READ, by=by, at=at)


@in_transaction
def correct_read(
    *, read: RegisterRead, count: int, by: Actor, at: datetime, remark: str, quality: Quality = Quality.EDITED
) -> tuple[RegisterRead, list[RebillRequest]]:
    """A register read was wrong. Bills that stood on it are asked for again. Raises CannotRecordRead."""
    corrected = registers.correct_read(read=read, count=count, quality=quality, by=by, at=at, remark=remark)
    return corrected, _ask_for_reads([corrected], reason=Why.READ, by=by, at=at)


def _import(
    file: StoredFile, options: ImportOptions, run: Run, *, by: Actor, at: datetime, progress: Progress | None
) -> Delivery:
    delivery = Delivery(file)
    for name, found in _members(file, options):
        if isinstance(found, Finding):
            delivery.unreadable.append(found)
            continue
        readings = sum(channel.readings for channel in found.channels)
        advance_run(run=run, done=run.done, total=run.total + readings, message=f"Checking {readings:,} readings")
        with unit_of_work(by):
            delivery.imported.append(_take_in(file, name, found, options, by=by, at=at, progress=progress))
        advance_run(run=run, done=run.done + readings)
    if not delivery.imported and delivery.unreadable:
        end_run(run=run, at=at, failed=True, message=storable(str(delivery.unreadable[0])))
        raise Unreadable(delivery.unreadable[0])
    end_run(run=run, at=at, message=_summary(delivery), imports=[one.file.pk for one in delivery.imported])
    return delivery


def _members(file: StoredFile, options: ImportOptions) -> Iterator[tuple[str, MeterFile | Finding]]:
    """Every file inside, one in memory at a time, or why it cannot be read."""
    chosen = options.settings()
    with path_of(file.sha256).open("rb") as raw:
        try:
            for delivery in deliveries_of(raw, file.name, chosen.limits):
                member = delivery.name.removeprefix(file.name).lstrip("/")
                try:
                    yield member, read_delivery(delivery, chosen)
                except Unreadable as refused:
                    yield member, refused.finding
        except Unreadable as refused:
            yield "", refused.finding


def _take_in(
    file: StoredFile,
    member: str,
    read: MeterFile,
    options: ImportOptions,
    *,
    by: Actor,
    at: datetime,
    progress: Progress | None,
) -> Imported:
    taken = take_in(
        file=file, member=storable(member)[:255], read=read, options=options, by=by, at=at, progress=progress
    )
    asked = _ask_for_days(taken.changes, reason=Why.LATE_ACTUAL, cause=f"revision:{taken.revision}", by=by, at=at)
    asked += _ask_for_reads(taken.reads, reason=Why.LATE_ACTUAL, by=by, at=at)
    waiting = IntervalException.objects.filter(imported=taken.imported, state=IntervalException.State.OPEN).count()
    return Imported(taken.imported, waiting, tuple(asked), again=taken.again)


def _ask_after(decided: Decided, *, by: Actor, at: datetime) -> Decided:
    if decided.publication is not None:
        cause = f"revision:{decided.publication.revision}"
        _ask_for_days(decided.changes, reason=Why.READ, cause=cause, by=by, at=at)
    _ask_for_reads(decided.reads, reason=Why.READ, by=by, at=at)
    return decided


def _ask_for_days(
    changes: Iterable[Change], *, reason: str, cause: str, by: Actor, at: datetime
) -> list[RebillRequest]:
    """Ask for what was billed on values that are others now: once for each meter, from the first such day. Where only
    gaps were filled nothing can have been billed."""
    known = {change.channel: change.period for change in changes if change.known}
    meters: dict[int, list[Channel]] = {}
    for channel in Channel.objects.filter(pk__in=known).order_by("pk"):
        meters.setdefault(channel.meter_id, []).append(channel)
    asked = []
    for channels in meters.values():
        periods = [known[channel.pk] for channel in channels]
        whole = Period(min(p.start for p in periods), max(p.closed_end for p in periods))
        one = next((channel for channel in channels if channel.flow == Flow.RECEIVED), channels[0])
        asked += ask_for_channel(channel=one, period=whole, reason=reason, cause=cause, by=by, at=at)
    return asked


def _ask_for_reads(reads: Iterable[RegisterRead], *, reason: str, by: Actor, at: datetime) -> list[RebillRequest]:
    """A read ends one bill and begins the next."""
    zone = ZoneInfo(settings.UTILITY_ZONE)
    asked = []
    for read in reads:
        day = read.at.astimezone(zone).date()
        around = Period(day - timedelta(days=1), day + timedelta(days=1))
        cause = f"read:{read.pk}"
        asked += ask_for_channel(channel=read.channel, period=around, reason=reason, cause=cause, by=by, at=at)
    return asked


def _summary(delivery: Delivery) -> str:
    taken = sum(one.file.taken for one in delivery.imported if not one.again)
    waiting = sum(one.file.waiting + one.exceptions for one in delivery.imported)
    return f"{taken:,} taken in, {waiting:,} waiting" + (", some unreadable" if delivery.unreadable else "")
