"""Matched readings are laid on local days, in lots of channels that are set up alike; what is kept out is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.formats.meterdata import ReadKind
from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.intervals.faults import Fault, findings_of
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.gridding import Gridded, Readings, grid
from lamplighter.intervals.slots import DAY, slot_calendar
from lamplighter.kernel.energy import Flow, Measure
from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.kernel.instants import Span, midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.usage.intake.matching import Match
from lamplighter.usage.intake.noticing import Noticed

TOMORROW = 86_400
"""How far in the future a reading may begin: meters' clocks are never quite right."""

SHOWN = 20  # readings of one finding that are kept as evidence


@dataclass(frozen=True, slots=True)
class Setup:
    """What counts of a channel mean; channels of one setup are judged together."""

    seconds: int
    measure: Measure
    flow: Flow


@dataclass(frozen=True, slots=True, eq=False)
class Lot:
    """Readings of channels of one setup on their days. `noticed` waits for a decision; `refused` is for the sender."""

    setup: Setup
    days: ChannelDays
    noticed: tuple[Noticed, ...] = ()
    refused: tuple[Finding, ...] = ()
    duplicates: int = 0


def setup_of(channel: Channel) -> Setup:
    assert channel.interval is not None
    return Setup(channel.interval, channel.measure, Flow(channel.flow))


def lots(
    matches: Iterable[Match], *, zone: ZoneInfo, shift: int = 0, latest: datetime | None = None, file: str = ""
) -> Iterator[Lot]:
    """Interval readings by setup, moved by `shift` seconds. Readings that begin a day after `latest` are kept out."""
    by_setup: dict[Setup, list[Match]] = {}
    for match in matches:
        if match.come.kind is ReadKind.INTERVAL:
            by_setup.setdefault(setup_of(match.channel), []).append(match)
    for setup, several in by_setup.items():
        several.sort(key=lambda match: match.channel.pk)
        yield _lot(setup, several, zone=zone, shift=shift, latest=latest, file=file)


def _lot(
    setup: Setup, matches: Sequence[Match], *, zone: ZoneInfo, shift: int, latest: datetime | None, file: str
) -> Lot:
    readings, lines = _readings(matches, shift), _lines(matches)
    future: Bool = np.zeros(len(readings), dtype=np.bool_)
    if latest is not None:
        future = readings.starts >= int(latest.timestamp()) + TOMORROW
    refused = list(_future(readings, future, matches, file)) if future.any() else []
    if future.any():
        readings, lines = readings.take(~future), lines[~future]
    gridded = grid(readings, seconds=setup.seconds, zone=zone)
    found = findings_of(readings, gridded, zone=zone)
    wrong = [one for one in found if one.proposal is Proposal.CORRECT_SETUP]
    names = {match.channel.pk: match.come.identity.id for match in matches}
    refused += _refusals(wrong, names, file)
    refused += [_split(one, names, file) for one in found if one.proposal is Proposal.NONE]
    noticed = [
        _noticed(one, readings, gridded, lines, zone)
        for one in found
        if one.proposal not in {Proposal.CORRECT_SETUP, Proposal.NONE}
    ]
    return Lot(setup, gridded.days, tuple(noticed), tuple(refused), gridded.duplicates)


def _readings(matches: Sequence[Match], shift: int) -> Readings:
    sizes = [len(match.counts) for match in matches]
    return Readings(
        channels=np.repeat(np.array([match.channel.pk for match in matches], dtype=np.int64), sizes),
        starts=np.concatenate([match.come.starts for match in matches]) + shift,
        seconds=np.concatenate([match.come.seconds for match in matches]),
        counts=np.concatenate([match.counts for match in matches]),
        quality=np.concatenate([match.come.quality for match in matches]),
    )


def _lines(matches: Sequence[Match]) -> Int64:
    """The line of the file that each reading stands in; 0 where the format has none."""
    return np.concatenate(
        [np.zeros(len(m.counts), np.int64) if m.come.lines is None else m.come.lines for m in matches]
    )


def _future(readings: Readings, future: Bool, matches: Sequence[Match], file: str) -> Iterator[Finding]:
    names = {match.channel.pk: match.come.identity.id for match in matches}
    channels, first, counts = np.unique(readings.channels[future], return_index=True, return_counts=True)
    starts = readings.starts[future]
    for channel, at, count in zip(channels.tolist(), first.tolist(), counts.tolist(), strict=True):
        begins = datetime.fromtimestamp(int(starts[at]), UTC)
        yield Finding(
            "import.future",
            f"{names[channel]}: {count:,} readings are dated after the import, the first at {begins:%Y-%m-%d %H:%M}"
            " UTC; they were left out.",
            Severity.ERROR, Place(file), "Check the time zone of the feed and the meter's clock.",
        )  # fmt: skip


def _refusals(found: Sequence[IntervalFinding], names: dict[int, str], file: str) -> Iterator[Finding]:
    """One for each channel and fault, however many days it goes on."""
    matters: dict[tuple[int, str], list[IntervalFinding]] = {}
    for one in found:
        matters.setdefault((one.channel, one.rule), []).append(one)
    for (channel, rule), days in matters.items():
        more = f" The same on {len(days) - 1:,} more days." if len(days) > 1 else ""
        yield Finding(
            rule, f"{names[channel]}: {days[0].message}{more}", Severity.ERROR, Place(file),
            "Correct the channel's setup or ask the head-end for the right data.",
        )  # fmt: skip


def _split(found: IntervalFinding, names: dict[int, str], file: str) -> Finding:
    return Finding(found.rule, f"{names[found.channel]}: {found.message}", Severity.INFO, Place(file))


def _noticed(found: IntervalFinding, readings: Readings, gridded: Gridded, lines: Int64, zone: ZoneInfo) -> Noticed:
    """With the readings that were kept out on that day: when, how long, how much, and where in the file."""
    begin = midnight(found.day, zone).timestamp()
    end = midnight(found.day + timedelta(days=1), zone).timestamp()
    fault = Fault.CONFLICT if found.rule == "gridding.conflict" else Fault.TOO_LARGE
    at = np.flatnonzero(
        (gridded.faults == fault) & (readings.channels == found.channel)
        & (readings.starts >= begin) & (readings.starts < end)
    )  # fmt: skip
    kept_out = [
        {
            "start": datetime.fromtimestamp(int(readings.starts[i]), UTC).isoformat(),
            "seconds": int(readings.seconds[i]),
            "count": int(readings.counts[i]),
            "line": int(lines[i]),
        }
        for i in at[:SHOWN].tolist()
    ]
    seconds = gridded.days.seconds
    covered = int((readings.starts[at] + readings.seconds[at]).max() - readings.starts[at].min())
    exact = replace(found, slots=-(-covered // seconds))
    return Noticed(exact, span_of_slots(exact, seconds, zone), {"kept_out": kept_out, "readings": len(at)})


def span_of_slots(found: IntervalFinding, seconds: int, zone: ZoneInfo) -> Span:
    """The instants that a finding's slots cover; at least one slot."""
    days = max(-(-found.slots * seconds // DAY), 1) + 1
    calendar = slot_calendar(Period(found.day, found.day + timedelta(days=days)), seconds=seconds, zone=zone)
    first = min(found.slot, calendar.slots - 1)
    last = min(max(first + found.slots, first + 1), calendar.slots)
    begin, end = (datetime.fromtimestamp(int(calendar.edges[at]), UTC) for at in (first, last))
    return Span(begin, end)
