"""Registers that no intervals stand beside, judged by their own reads: what is odd about the newest stretch of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.vee.dials import DialRules, OddDials, Stretch, apart, odd_dials
from lamplighter.intervals.vee.wording import amount
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, SwitchState
from lamplighter.metering.queries import multipliers
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.surroundings import Party
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.registerpairs import INEXACT
from lamplighter.usage.queries.surroundings import Standing, standing_of
from lamplighter.usage.store import utility_zone

RULES = DialRules()
BACK = timedelta(days=430)
APART = timedelta(days=5)
"""Reads nearer to each other than this make no stretch: a check read the day after tells nothing about use."""
PROPOSALS = {
    "registers.inactive-use": Proposal.REVENUE_PROTECTION, "registers.zero": Proposal.FIELD_VISIT,
    "registers.time-of-use": Proposal.CORRECT_SETUP,
}  # fmt: skip


@dataclass(slots=True)
class Looked:
    """What was noticed, when the newest stretch of each register ended, and whose they are."""

    noticed: list[Noticed] = field(default_factory=list)
    newest: dict[int, datetime] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)


def registers_read(*, since: datetime) -> list[int]:
    """Registers of which a read was recorded since an instant, and those of the same meters."""
    meters = RegisterRead.objects.filter(recorded_at__gte=since).values("channel__meter")
    rows = Channel.objects.filter(meter__in=meters, interval__isnull=True)
    return list(rows.order_by("meter", "pk").values_list("pk", flat=True))


def looked_at(registers: Collection[int], *, at: datetime) -> Looked:
    """The newest stretch of each; queries do not grow with the registers."""
    channels = list(Channel.objects.filter(pk__in=registers).select_related("meter").order_by("pk"))
    zone = utility_zone()
    period = Period((at - BACK).astimezone(zone).date(), at.astimezone(zone).date() + timedelta(days=1))
    reads, stood = _reads(channels, period), standing_of(channels, period=period)
    factors, off = multipliers([one.pk for one in channels], period=period), _off(stood, period)
    stretches = {one.pk: _stretches(one, reads.get(one.pk, ()), stood, off) for one in channels}
    found = Looked(newest={pk: mine[-1].end for pk, mine in stretches.items() if mine}, parties=stood.parties)
    beside = _with_intervals(channels)
    for one in channels:
        unit = _unit(one, factors[one.pk])
        if unit is None or _what(one) in beside:
            continue
        demand = Channel.Quantity(one.quantity) is Channel.Quantity.DEMAND
        rules = odd_dials(stretches[one.pk], RULES, unit=unit, demand=demand)
        found.noticed += [_noticed(odd, one, reads[one.pk][-1]) for odd in rules]
    found.noticed += list(_times_of_use(channels, stretches, reads))
    return found


def _reads(channels: Sequence[Channel], period: Period) -> dict[int, list[RegisterRead]]:
    """Standing reads by register, the oldest first; of two within some days the later one."""
    span = span_of(period, utility_zone())
    rows = RegisterRead.objects.filter(
        channel__in=channels, superseded_by__isnull=True, at__gte=span.start, at__lt=span.end
    ).order_by("channel", "-at", "-id")
    found: dict[int, list[RegisterRead]] = {}
    for row in rows:
        mine = found.setdefault(row.channel_id, [])
        if not mine or mine[-1].at - row.at >= APART:
            mine.append(row)
    return {channel: list(reversed(mine)) for channel, mine in found.items()}


def _off(stood: Standing, period: Period) -> dict[int, list[Span]]:
    points = {point for several in stood.places.values() for point, _ in several}
    rows = SwitchState.objects.filter(
        point__in=points, span__overlap=span_of(period, utility_zone()), state=SwitchState.State.OFF
    )
    found: dict[int, list[Span]] = {}
    for row in rows:
        found.setdefault(row.point_id, []).append(row.span)
    return found


def _stretches(
    channel: Channel, reads: Sequence[RegisterRead], stood: Standing, off: Mapping[int, Sequence[Span]]
) -> list[Stretch]:
    """From read to read at one service point; one that is served in part, or was off in part, is not judged."""
    found = []
    for first, last in pairwise(reads):
        span = Span(first.at, last.at)
        places = [(point, there) for point, there in stood.places[channel.pk] if _covers(there, span)]
        if not places:
            continue
        point = places[0][0]
        served = _share(span, [span_of(one, utility_zone()) for one in stood.served.get(point, ())])
        dark = _share(span, off.get(point, ()))
        real = not {first.quality, last.quality} & {int(quality) for quality in INEXACT}
        whole = served in {0, 1} and dark in {0, 1}
        found.append(
            Stretch(first.at, last.at, _counted(channel, first, last), served == 1 and dark == 0, real and whole)
        )
    return found


def _counted(channel: Channel, first: RegisterRead, last: RegisterRead) -> int:
    if Channel.Quantity(channel.quantity) is Channel.Quantity.DEMAND:
        return last.count
    assert channel.dials is not None
    turn = int(10**channel.dials)
    return (last.count - first.count) % turn  # a register that turned over starts at 0


def _times_of_use(
    channels: Sequence[Channel], stretches: Mapping[int, Sequence[Stretch]], reads: Mapping[int, Sequence[RegisterRead]]
) -> Iterator[Noticed]:
    """Registers by time of use beside a total that counts in the same unit, over the newest stretch that all have."""
    alike: dict[tuple[object, ...], list[Channel]] = {}
    for one in channels:
        alike.setdefault((*_what(one), one.power), []).append(one)
    for several in alike.values():
        total = next((one for one in several if not one.tou), None)
        parts = [one for one in several if one.tou]
        if total is None or not parts or Channel.Quantity(total.quantity) is Channel.Quantity.DEMAND:
            continue
        newest = [stretches[one.pk][-1:] for one in (total, *parts)]
        if not all(newest) or len({(one[0].start, one[0].end) for one in newest}) > 1:
            continue
        if odd := apart(newest[0][0], [one[0] for one in newest[1:]]):
            yield _noticed(odd, total, reads[total.pk][-1])


def _with_intervals(channels: Sequence[Channel]) -> set[tuple[object, ...]]:
    """What meters count in intervals too: there the sum of the intervals is held against the register."""
    rows = Channel.objects.filter(meter__in={one.meter_id for one in channels}, interval__isnull=False)
    return {_what(row) for row in rows}


def _what(channel: Channel) -> tuple[object, ...]:
    return channel.meter_id, channel.quantity, channel.flow, channel.unit


def _unit(channel: Channel, factors: Sequence[tuple[Period, Decimal]]) -> Fraction | None:
    """One count in the plain unit, by the newest multiplier."""
    return Fraction(factors[-1][1]) * Fraction(10) ** channel.power if factors else None


def _covers(there: Span, span: Span) -> bool:
    assert span.end is not None
    return there.start <= span.start and (there.end is None or span.end <= there.end)


def _share(span: Span, parts: Sequence[Span]) -> Fraction:
    """How much of a span these parts, which do not overlap, cover."""
    assert span.end is not None
    shared = timedelta()
    for one in parts:
        start, end = max(one.start, span.start), min(one.end or span.end, span.end)
        shared += max(end - start, timedelta())
    return Fraction(shared.total_seconds()) / Fraction((span.end - span.start).total_seconds())


def _noticed(odd: OddDials, channel: Channel, read: RegisterRead) -> Noticed:
    local = odd.end.astimezone(utility_zone())
    found = IntervalFinding(
        rule=odd.rule, channel=channel.pk, day=local.date(), slot=local.hour * 60 + local.minute, slots=1,
        severity=Severity.WARNING, message=_sentence(odd, channel), measured=odd.measured, threshold=odd.threshold,
        proposal=PROPOSALS.get(odd.rule, Proposal.REVIEW),
    )  # fmt: skip
    return Noticed(found, Span(odd.start, odd.end), {"read": read.pk})


def _sentence(odd: OddDials, channel: Channel) -> str:
    zone = utility_zone()
    since = f"from {odd.start.astimezone(zone):%b %-d} to {odd.end.astimezone(zone):%b %-d, %Y}"
    measured, threshold = (amount(count, channel.measure) for count in (odd.measured, odd.threshold))
    match odd.rule:
        case "registers.zero":
            return f"The register counted nothing {since}, at a point that is served."
        case "registers.inactive-use":
            return f"The register counted {measured} {since}, while nobody is served."
        case "registers.time-of-use":
            return f"The times of use add up to {measured} {since}, the total register counted {threshold}."
    side = "much" if odd.measured > odd.threshold else "little"
    return f"The register counted {measured} {since}: {side}, where its history lets expect {threshold}."
