"""Take a meter file in: match, lay, weigh, publish, and keep what waits for a person. All of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.formats.meterdata import MeterFile
from lamplighter.intervals.slots import ordinal
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.platform.models import StoredFile
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.intake.laying import lots
from lamplighter.usage.intake.matching import Match, matched
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.intake.piles import Pile
from lamplighter.usage.intake.registers import dial_reads, disagreement
from lamplighter.usage.intake.storable import storable_file
from lamplighter.usage.intake.surroundings import Party
from lamplighter.usage.intake.tallies import tally
from lamplighter.usage.models import ImportedFile, Publication, RegisterRead
from lamplighter.usage.operations.arrivals import Outcome, arrived, settle_arrival
from lamplighter.usage.operations.gathering import Gathered
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.operations.registers import take_reads
from lamplighter.usage.queries.meters import interval_siblings, meters_named
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.surroundings import parties_of
from lamplighter.usage.queries.weighing import Change, weigh
from lamplighter.usage.store import utility_zone

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file changed: days of interval channels (in `revision`), and register reads in the place of estimates.

    `again`: the file had been taken in whole before, and nothing was done.
    """

    imported: ImportedFile
    revision: int | None = None
    changes: tuple[Change, ...] = ()
    reads: tuple[RegisterRead, ...] = ()
    again: bool = False


@in_transaction
def take_in(
    *,
    file: StoredFile,
    read: MeterFile,
    options: ImportOptions,
    by: Actor,
    at: datetime,
    member: str = "",
    progress: Progress | None = None,
) -> TakenIn:
    """Take in what a file says about known meters; the rest waits. The same file again changes nothing, and after
    something that waited was put right, takes only what is new."""
    hold_store()
    read = storable_file(read)
    imported = arrived(file=file, member=member, read=read, options=options, by=by, at=at)
    if imported.attempts and not imported.waiting:
        return TakenIn(imported, again=True)
    names = {name for come in read.channels for name in (come.identity.meter, options.meter)}
    found = matched(read, meters_named(names), meter=options.meter)
    latest = None if options.shift_weeks else at
    pile = _pile(found.matches, options, latest, read.name)
    dials = _take_dials(found.matches, options, latest, read.name, by=by, at=at)
    for row in dials.new:
        for channel in dials.siblings.get(row.channel_id, ()):
            pile.revisit(channel, ordinal(row.at.astimezone(utility_zone()).date()))
    gathered = _weighed(pile, progress)
    gathered.matters.noticed += [*(one for lot in pile.lots for one in lot.noticed), *dials.noticed]
    gathered.matters.parties |= dials.parties
    publication = gathered.publish(kind=Publication.Kind.IMPORT, imported=imported, by=by, at=at)
    kept = gathered.keep(publication=publication, imported=imported, by=by, at=at)
    refused = [one for lot in pile.lots for one in lot.refused]
    outcome = Outcome(
        findings=(*read.findings, *found.refused, *refused, *dials.refused),
        unknown=found.unknown,
        taken=gathered.taken + len(dials.new),
        unchanged=gathered.unchanged + dials.same,
        duplicates=sum(lot.duplicates for lot in pile.lots) + tally(read.findings).get("readings.repeated", 0),
        estimated=gathered.estimated,
        exceptions=kept.opened,
        revision=publication.revision if publication else None,
    )
    settle_arrival(imported=imported, outcome=outcome, by=by, at=at)
    replaced = tuple(row for row in dials.new if row.supersedes_id is not None)
    return TakenIn(imported, outcome.revision, tuple(gathered.changes), replaced)


def _pile(matches: Sequence[Match], options: ImportOptions, latest: datetime | None, file: str) -> Pile:
    """Interval readings on their days."""
    laid = lots(matches, zone=utility_zone(), shift=options.shift_seconds, latest=latest, file=file)
    return Pile(lots=list(laid), channels={match.channel.pk: match.channel for match in matches})


def _weighed(pile: Pile, progress: Progress | None) -> Gathered:
    """Every part over what is published now, and what it came to."""
    gathered, now = Gathered(), published()
    waiting = list(pile.parts())
    for done, part in enumerate(waiting, start=1):
        gathered.take(weigh(part.touched, part.days, setup=part.setup, channels=pile.channels, published=now))
        if progress:
            progress(done, len(waiting))
    return gathered


@dataclass(frozen=True, slots=True)
class _Dials:
    """Register reads of a file: the new ones, how many were known, what disagrees, and channels that count the same."""

    new: tuple[RegisterRead, ...]
    same: int
    noticed: tuple[Noticed, ...]
    refused: tuple[Finding, ...]
    siblings: dict[int, list[Channel]]
    parties: dict[int, Party]


def _take_dials(
    matches: Sequence[Match], options: ImportOptions, latest: datetime | None, file: str, *, by: Actor, at: datetime
) -> _Dials:
    found = dial_reads(matches, shift=options.shift_seconds, latest=latest, file=file)
    if not found.reads:
        return _Dials((), 0, (), found.refused, {}, {})
    recorded = take_reads(reads=found.reads, by=by, at=at)
    noticed = tuple(
        disagreement(came, there.count, read=there.pk, zone=utility_zone()) for came, there in recorded.conflicts
    )
    siblings = interval_siblings({read.channel for read in found.reads})
    parties: dict[int, Party] = {}
    if noticed:
        odd = {came.channel.pk: came.channel for came, _ in recorded.conflicts}
        days = [one.finding.day for one in noticed]
        parties = parties_of(list(odd.values()), period=Period(min(days), max(days) + timedelta(days=1)))
    return _Dials(recorded.new, recorded.same, noticed, found.refused, siblings, parties)
