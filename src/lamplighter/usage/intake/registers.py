"""Register reads of a file: which can be recorded, and which do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.formats.meterdata import ReadKind
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.kernel.instants import Span
from lamplighter.metering.models import Channel
from lamplighter.usage.intake.laying import TOMORROW
from lamplighter.usage.intake.matching import Match
from lamplighter.usage.intake.noticing import Noticed


@dataclass(frozen=True, slots=True)
class ReadIn:
    """A read as it comes in: the raw dial value. `kind` is one of RegisterRead.Kind."""

    channel: Channel
    at: datetime
    count: int
    quality: Quality = Quality.VALID
    kind: str = "cycle"


@dataclass(frozen=True, slots=True)
class DialReads:
    reads: tuple[ReadIn, ...]
    refused: tuple[Finding, ...]


def dial_reads(matches: Iterable[Match], *, shift: int, latest: datetime | None, file: str) -> DialReads:
    """Register reads in order, moved by `shift` seconds; those that no dial can show or that lie ahead are refused."""
    reads: list[ReadIn] = []
    refused: list[Finding] = []
    for match in matches:
        if match.come.kind is ReadKind.REGISTER:
            fits = _fits(match, shift, latest)
            reads += _read(match, fits, shift)
            if not fits.all():
                refused.append(_refusal(match, fits, file))
    return DialReads(tuple(reads), tuple(refused))


def _fits(match: Match, shift: int, latest: datetime | None) -> Bool:
    assert match.channel.dials is not None
    fits: Bool = (match.counts >= 0) & (match.counts < 10**match.channel.dials)
    if latest is not None:
        fits &= match.come.starts + shift < int(latest.timestamp()) + TOMORROW
    fits |= ~match.come.present
    return fits


def _read(match: Match, fits: Bool, shift: int) -> Iterator[ReadIn]:
    for at in np.flatnonzero(fits & match.come.present).tolist():
        instant = datetime.fromtimestamp(int(match.come.starts[at]) + shift, UTC)
        yield ReadIn(match.channel, instant, int(match.counts[at]), Quality(int(match.come.quality[at])))


def _refusal(match: Match, fits: Bool, file: str) -> Finding:
    first = int(np.flatnonzero(~fits)[0])
    line = 0 if match.come.lines is None else int(match.come.lines[first])
    return Finding(
        "import.dials",
        f"{match.come.identity.id}: {int(np.count_nonzero(~fits)):,} reads don't fit on {match.channel.dials} dials or"
        f" are dated after the import, the first is {int(match.counts[first])}; they were left out.",
        Severity.ERROR, Place(file, line), "Check the register's dials, unit and clock.",
    )  # fmt: skip


def disagreement(came: ReadIn, stored: int, *, read: int, zone: ZoneInfo) -> Noticed:
    """A read that came with another count than the one that is recorded (row `read`), which stays until one is
    chosen."""
    local = came.at.astimezone(zone)
    found = IntervalFinding(
        rule="read.conflict",
        channel=came.channel.pk,
        day=local.date(),
        slot=local.hour * 60 + local.minute,
        slots=1,
        severity=Severity.ERROR,
        message=f"The read of {local:%b %-d, %Y at %H:%M} came again with {came.count:,}, where {stored:,} is recorded"
        " and stays until one is chosen.",
        measured=came.count,
        threshold=stored,
        proposal=Proposal.CHOOSE,
    )
    span = Span(came.at, came.at + timedelta(minutes=1))
    return Noticed(found, span, {"read": read, "came": came.count, "stored": stored})
