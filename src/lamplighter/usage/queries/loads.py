"""The load of an agreement as a plain sequence of intervals, for the exact and slow way of measuring it.

Everything is covered here: several meters added or subtracted before the maximum is taken, exchanges within a day,
multipliers that change, netting within an hour. The columnar way is checked against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import What
from lamplighter.rating.load import Interval, Load, load_of
from lamplighter.rating.measure import measure as measure_exactly
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.queries.channels import Stretch
from lamplighter.usage.store import interval_store, utility_zone


@dataclass(frozen=True, slots=True)
class _Part:
    """One stretch in one slot: None where it has no reading; `inside` when the slot lies wholly within it."""

    value: Decimal | None
    guess: bool
    inside: bool


Series = dict[tuple[datetime, int], _Part]


def measure_load(
    wanted: Wanted, stretches: Sequence[Stretch], *, published: Published, as_of: int | None = None
) -> Measured:
    """Measure one agreement exactly from its stored intervals."""
    revision = min(published.watermark, as_of or published.watermark)
    intervals = [s for s in stretches if not s.channel.is_register]
    try:
        load = load_of_stretches(intervals, wanted.period, published=published, as_of=as_of)
        found = {ask: measure_exactly(load, ask) for ask in wanted.asks}
    except CannotMeasure as refused:
        return Measured(findings=(Finding("usage.unmeasurable", str(refused)),), revision=revision, method="exact")
    lacking = max((m.missing for m in found.values()), default=0)
    if lacking:
        finding = Finding(
            "usage.missing",
            f"{lacking:,} minutes from {wanted.period.start:%b %-d} to {wanted.period.last_day:%b %-d, %Y} have no"
            " reading.",
            remedy="Import or estimate them; missing use is never billed as zero.",
        )
        return Measured(findings=(finding,), revision=revision, method="exact")
    estimated = sum(
        (slot.hours / 60 for slot in load.channels.get((What.KWH, Flow.DELIVERED), ()) if slot.estimated), Decimal(0)
    )
    return Measured({ask: m.value for ask, m in found.items()}, (), estimated, revision, (), "exact")


def load_of_stretches(
    stretches: Sequence[Stretch], period: Period, *, published: Published, as_of: int | None = None
) -> Load:
    """Add the channels up slot by slot. An interval that some part of the load lacks is missing for the whole."""
    series: dict[tuple[What, Flow], list[Series]] = {}
    for stretch in stretches:
        series.setdefault((stretch.what, stretch.flow), []).append(
            _series(stretch, period, published=published, as_of=as_of)
        )
    try:
        return load_of(utility_zone(), {key: _added(several) for key, several in series.items()})
    except ValueError as refused:  # meters of different interval lengths run together
        raise CannotMeasure("usage.lengths", f"The meters cannot be added up: {refused}.") from refused


def _series(stretch: Stretch, period: Period, *, published: Published, as_of: int | None) -> Series:
    """The slots of one stretch. The one in which it begins or ends belongs to both meters of an exchange."""
    assert stretch.channel.interval is not None
    calendar = slot_calendar(period, seconds=stretch.channel.interval, zone=utility_zone())
    ids = np.array([stretch.channel.pk], dtype=np.int64)
    block = interval_store().read(ids, calendar, published=published, as_of=as_of)
    found: Series = {}
    for slot in range(calendar.slots):
        at, end = (datetime.fromtimestamp(int(edge), UTC) for edge in calendar.edges[slot : slot + 2])
        if end <= stretch.span.start or (stretch.span.end is not None and at >= stretch.span.end):
            continue
        inside = at >= stretch.span.start and (stretch.span.end is None or end <= stretch.span.end)
        quality = Quality(int(block.quality[0, slot]))
        value = None if quality is Quality.MISSING else int(block.values[0, slot]) * stretch.thousandths
        found[at, int((end - at).total_seconds())] = _Part(value, quality.estimated, inside)
    return found


def _added(several: list[Series]) -> list[Interval]:
    """Parts that follow each other are joined, parts that run together are added. Where one is missing, all is."""
    together: dict[tuple[datetime, int], list[_Part]] = {}
    for series in several:
        for key, part in series.items():
            together.setdefault(key, []).append(part)
    return [
        Interval(
            at, seconds, sum((p.value for p in parts if p.value is not None), Decimal(0)), any(p.guess for p in parts)
        )
        for (at, seconds), parts in together.items()
        if any(p.value is not None for p in parts) and not any(p.value is None and p.inside for p in parts)
    ]
