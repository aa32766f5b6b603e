"""What is known beside the readings of many channels: meters' places, agreements, switches, outages, register reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from lamplighter.accounts.models import AgreementPoint
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, SwitchState
from lamplighter.usage.intake.laying import Setup
from lamplighter.usage.intake.surroundings import Party, Surroundings, Use, spans_of
from lamplighter.usage.models import Outage
from lamplighter.usage.queries.profiles import class_profile
from lamplighter.usage.queries.registerpairs import register_pairs
from lamplighter.usage.queries.rulegroups import groups_on
from lamplighter.usage.queries.scoring import chosen_for
from lamplighter.usage.queries.weather import known_temperatures
from lamplighter.usage.store import utility_zone


def surroundings(channels: Sequence[Channel], *, setup: Setup, period: Period) -> Surroundings:
    """Everything about channels of one setup (with their meters) in a period; nine queries however many they are,
    and three more where a register counts by time of use."""
    zone = utility_zone()
    span = span_of(period, zone)
    assert span.end is not None
    placed = _places(channels, span)
    points = {point for several in placed.values() for point, _ in several}
    agreements = _agreements(points, period)
    off = SwitchState.objects.filter(point__in=points, span__overlap=span, state=SwitchState.State.OFF)
    out = Outage.objects.filter(point__in=points, span__overlap=span)
    until, chosen = int(span.end.timestamp()), chosen_for([channel.pk for channel in channels])
    by_weather = any(choice.proxy for several in chosen.values() for _, choice in several)
    served = [
        (channel, shared)
        for channel, several in placed.items()
        for point, place in several
        for use in agreements.get(point, ())
        if (shared := _shared(place, span_of(use.period, zone))) is not None
    ]
    pairs, timed = register_pairs(channels, placed=placed, period=period)
    return Surroundings(
        setup=setup,
        served=spans_of(_joined(served), until=until),
        off=spans_of(list(_at_points(placed, [(row.point_id, row.span) for row in off])), until=until),
        outages=spans_of(list(_at_points(placed, [(row.point_id, row.span) for row in out])), until=until),
        pairs=pairs,
        timed=timed,
        parties={channel.pk: _party(channel, placed, agreements) for channel in channels},
        groups=groups_on(period.last_day),
        chosen=chosen,
        degrees=known_temperatures(period) if by_weather else {},
        profile=partial(class_profile, setup=setup, besides=[channel.pk for channel in channels]),
    )


def parties_of(channels: Sequence[Channel], *, period: Period) -> dict[int, Party]:
    """Whose use these channels (with their meters) measured in a period; two queries."""
    return standing_of(channels, period=period).parties


@dataclass(frozen=True, slots=True)
class Standing:
    """Where channels counted and when, the days on which points were served, and whose use it was."""

    places: Mapping[int, Sequence[tuple[int, Span]]]
    served: Mapping[int, Sequence[Period]]
    parties: dict[int, Party]


def standing_of(channels: Sequence[Channel], *, period: Period) -> Standing:
    """Of these channels (with their meters) in a period; two queries."""
    placed = _places(channels, span_of(period, utility_zone()))
    agreements = _agreements({point for several in placed.values() for point, _ in several}, period)
    served = {point: [use.period for use in uses] for point, uses in agreements.items()}
    return Standing(placed, served, {channel.pk: _party(channel, placed, agreements) for channel in channels})


def _places(channels: Sequence[Channel], span: Span) -> dict[int, list[tuple[int, Span]]]:
    """Where each channel counted, and when."""
    meters = {channel.meter_id for channel in channels}
    standing: dict[int, list[tuple[int, Span]]] = {}
    for row in Installation.objects.filter(meter__in=meters, span__overlap=span).order_by("span"):
        standing.setdefault(row.meter_id, []).append((row.point_id, row.span))
    return {channel.pk: standing.get(channel.meter_id, []) for channel in channels}


def _agreements(points: set[int], period: Period) -> dict[int, list[AgreementPoint]]:
    found: dict[int, list[AgreementPoint]] = {}
    rows = AgreementPoint.objects.filter(
        point__in=points, period__overlap=period, agreement__cancelled_at__isnull=True
    ).select_related("agreement__account")
    for row in rows.order_by("period"):
        found.setdefault(row.point_id, []).append(row)
    return found


def _party(
    channel: Channel, placed: Mapping[int, Sequence[tuple[int, Span]]], agreements: Mapping[int, list[AgreementPoint]]
) -> Party:
    """The accounts whose use the channel counted in the period."""
    rows = sorted(
        (use for point, _ in placed[channel.pk] for use in agreements.get(point, ())), key=lambda use: use.period.start
    )
    uses = (Use(use.period, use.agreement.account_id, use.agreement.account.customer_class) for use in rows)
    return Party(channel.meter.badge, channel.name, tuple(uses))


def _at_points(
    placed: Mapping[int, Sequence[tuple[int, Span]]], spans: Sequence[tuple[int, Span]]
) -> Iterator[tuple[int, Span]]:
    by_point: dict[int, list[Span]] = {}
    for point, span in spans:
        by_point.setdefault(point, []).append(span)
    for channel, several in placed.items():
        for point, place in several:
            for span in by_point.get(point, ()):
                if (shared := _shared(place, span)) is not None:
                    yield channel, shared


def _shared(one: Span, other: Span) -> Span | None:
    start = max(one.start, other.start)
    ends = [end for end in (one.end, other.end) if end is not None]
    end: datetime | None = min(ends) if ends else None
    return Span(start, end) if end is None or start < end else None


def _joined(rows: list[tuple[int, Span]]) -> list[tuple[int, Span]]:
    """Spans of a channel that meet or overlap as one: a slot over a change of customers is served."""
    found: list[tuple[int, Span]] = []
    for channel, span in sorted(rows, key=lambda row: (row[0], row[1].start)):
        if found and found[-1][0] == channel:
            last = found[-1][1]
            if last.end is None or span.start <= last.end:
                ends = (last.end, span.end)
                found[-1] = (channel, Span(last.start, None if None in ends else max(e for e in ends if e)))
                continue
        found.append((channel, span))
    return found
