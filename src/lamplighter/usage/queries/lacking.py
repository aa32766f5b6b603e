"""What is still missing for a bill: intervals and register reads of the meters that count for an agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain

import numpy as np

from lamplighter.accounts.models import AgreementPoint
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block
from lamplighter.intervals.estimation.gaps import Policy
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import ordinal
from lamplighter.intervals.spans import Spans, covered
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.usage.intake import gaps
from lamplighter.usage.intake.dials import Shown, shown_at
from lamplighter.usage.intake.laying import Setup, setup_of
from lamplighter.usage.intake.parts import Touched, parts
from lamplighter.usage.intake.registers import ReadIn
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.channels import Stretch, nearly, stretches
from lamplighter.usage.queries.counted import Counted, counted
from lamplighter.usage.queries.surroundings import surroundings
from lamplighter.usage.queries.weighing import Weighed, draft_of, noticed_near, read, widened

SEASON = 98
"""Days before and after a bill in which an estimate for it looks for like days."""

FAR = Policy(farthest_days=SEASON)
MEMORY = timedelta(days=400)
COUNTED = (AgreementPoint.Use.ADD, AgreementPoint.Use.SUBTRACT)


@dataclass(frozen=True, slots=True)
class Days:
    """Service days of an agreement (of an account) that a bill is for; both by id."""

    agreement: int
    account: int
    period: Period


def stretches_of(several: Sequence[Days]) -> list[list[Stretch]]:
    """The channels that count for each of several agreements, in order."""
    whole = Period(min(one.period.start for one in several), max(one.period.closed_end for one in several))
    uses: dict[int, list[PointUse]] = {}
    rows = AgreementPoint.objects.filter(
        agreement__in={one.agreement for one in several}, use__in=COUNTED, period__overlap=whole
    )
    for row in rows:
        uses.setdefault(row.agreement_id, []).append(PointUse(row.point_id, 1, row.period))
    return stretches([Wanted(one.agreement, tuple(uses.get(one.agreement, ())), one.period, ()) for one in several])


def estimates(several: Sequence[Sequence[Stretch]], *, published: Published) -> Iterator[Weighed]:
    """The missing intervals of all these stretches, estimated: by line, by like days of the season, by registers."""
    open_ones = [stretch for stretch in chain.from_iterable(several) if not stretch.channel.is_register]
    channels = _channels(open_ones)
    by_setup: dict[Setup, list[Stretch]] = {}
    for stretch in open_ones:
        by_setup.setdefault(setup_of(channels[stretch.channel.pk]), []).append(stretch)
    for setup, mine in by_setup.items():
        for touched in parts(_touched(mine), seconds=setup.seconds):
            yield _estimated(touched, mine, setup, channels, published)


def missing_reads(several: Sequence[Sequence[Stretch]], *, published: Published) -> list[ReadIn]:
    """An estimated read for each end of a register's stretch that has none: the last read and what intervals beside
    it counted since; without intervals what earlier reads tell."""
    mine = [stretch for stretch in chain.from_iterable(several) if stretch.channel.is_register]
    shown = _shown(mine) if mine else {}
    lacking = [
        (stretch, instant)
        for stretch in mine
        for instant in _ends(stretch)
        if not any(nearly(at, instant) for at, _ in shown.get(stretch.channel.pk, ()))
    ]
    if not lacking:
        return []
    channels = _channels([stretch for stretch, _ in lacking])
    days = Period(min(at for _, at in lacking).date(), max(at for _, at in lacking).date() + timedelta(days=1))
    since = counted(list(channels.values()), period=widened(days, SEASON), published=published)
    found: dict[tuple[int, datetime], ReadIn] = {}
    for stretch, instant in lacking:
        channel = channels[stretch.channel.pk]
        reads = shown.setdefault(channel.pk, [])
        if any(nearly(at, instant) for at, _ in reads):
            continue  # two agreements meet there
        count = _count_at(channel, instant, reads, since)
        if count is not None:
            found[channel.pk, instant] = ReadIn(channel, instant, count, Quality.ESTIMATED_REFERENCE_DAY)
            reads.append((instant, count))
            reads.sort()
    return list(found.values())


def _ends(stretch: Stretch) -> list[datetime]:
    assert stretch.span.end is not None
    peak = Channel.Quantity(stretch.channel.quantity) is Channel.Quantity.DEMAND
    return [stretch.span.end] if peak else [stretch.span.start, stretch.span.end]


def _count_at(channel: Channel, instant: datetime, reads: Sequence[Shown], since: Counted) -> int | None:
    assert channel.dials is not None
    peak = Channel.Quantity(channel.quantity) is Channel.Quantity.DEMAND
    before = [read for read in reads if read[0] <= instant]
    used = since.units(channel.pk, before[-1][0], instant) if before and not peak else None
    if used is not None:
        return int(before[-1][1] + used + Fraction(1, 2)) % int(10**channel.dials)
    return shown_at(instant, reads, dials=channel.dials, peak=peak)


def _channels(stretches: Sequence[Stretch]) -> dict[int, Channel]:
    return Channel.objects.select_related("meter").in_bulk({stretch.channel.pk for stretch in stretches})


def _touched(stretches: Sequence[Stretch]) -> Touched:
    rows: dict[int, list[int]] = {}
    for stretch in stretches:
        assert stretch.span.end is not None
        days = (ordinal(stretch.span.start.date()) - 1, ordinal(stretch.span.end.date()))
        low, high = rows.setdefault(stretch.channel.pk, [*days])
        rows[stretch.channel.pk] = [min(low, days[0]), max(high, days[1])]
    ordered = np.array([[pk, *rows[pk]] for pk in sorted(rows)], dtype=np.int64).reshape(-1, 3)
    return Touched(ordered[:, 0], ordered[:, 1], ordered[:, 2])


def _estimated(
    touched: Touched,
    stretches: Sequence[Stretch],
    setup: Setup,
    channels: Mapping[int, Channel],
    published: Published,
) -> Weighed:
    period = widened(touched.period, SEASON)
    around = surroundings([channels[pk] for pk in touched.channels.tolist()], setup=setup, period=period)
    stored = read(touched.channels, period, setup=setup, published=published)
    filled = gaps.fill(stored, stored, _asked(stored, stretches) & ~stored.present, around, policy=FAR)
    found = [*filled.findings, *gaps.left_open(filled.block, around), *gaps.estimates_judged(filled.block, around)]
    return draft_of(filled.block, stored, touched=touched, around=around, noticed=noticed_near(found, touched, around))


def _asked(block: Block, stretches: Sequence[Stretch]) -> Bool:
    """Slots that lie wholly in the stretches."""
    rows = [(stretch.channel.pk, stretch.span) for stretch in stretches]
    columns = ([pk for pk, _ in rows], [_epoch(span.start) for _, span in rows], [_epoch(span.end) for _, span in rows])
    return covered(block, Spans(*(np.array(column, dtype=np.int64) for column in columns)))


def _epoch(instant: datetime | None) -> int:
    assert instant is not None
    return int(instant.timestamp())


def _shown(stretches: Sequence[Stretch]) -> dict[int, list[tuple[datetime, int]]]:
    """What each register showed, in order, from a year before the first of the days on."""
    first = min(stretch.span.start for stretch in stretches) - MEMORY
    rows = RegisterRead.objects.filter(
        channel__in={stretch.channel.pk for stretch in stretches}, superseded_by__isnull=True, at__gte=first
    ).order_by("at", "id")
    found: dict[int, list[tuple[datetime, int]]] = {}
    for row in rows:
        found.setdefault(row.channel_id, []).append((row.at, row.count))
    return found
