"""The determinants that a tariff needs for any account and day, without dates: what a rate lab measures by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lamplighter.rating.bill import BillInput
from lamplighter.rating.charges import PerUnit
from lamplighter.rating.counting import Names, determinant_of
from lamplighter.rating.demand import recorded
from lamplighter.rating.determinants import Determinant, What
from lamplighter.rating.pieces import cares_for_seasons, season_of
from lamplighter.rating.quantities import Demand, Metered
from lamplighter.rating.reach import power_factor_in, quantities_in
from lamplighter.rating.rows import splits_of
from lamplighter.rating.seasons import Season, SeasonRule
from lamplighter.rating.tariff import Line, Tariff


def needed(tariff: Tariff) -> tuple[Determinant, ...]:
    """Every determinant that some line asks for, once each, in the order of the lines.

    Where seasons go by date there is one for each season. Tiers in order of time are asked for besides with bands,
    whose edges depend on the bill (`asks`); here they stand without.
    """
    return tuple(dict.fromkeys(found for line in tariff.lines for found in of_line(line, tariff)))


def to_record(tariff: Tariff) -> tuple[Determinant, ...]:
    """The determinants whose values a bill keeps because later bills look back at them."""
    return tuple(dict.fromkeys(found for line in tariff.lines for found in _looked_back_at(line)))


def to_keep(tariff: Tariff, bill: BillInput) -> Iterator[tuple[str, Determinant]]:
    """What of `to_record` to measure on a bill, and the key to keep it under.

    Where hours follow the bill's season, its peaks are those of that season's hours, as they were billed.
    """
    season = None if tariff.hours_rule is SeasonRule.DATE else season_of(tariff, bill)
    for own in to_record(tariff):
        clock = own.clock if own.clock is None or season is None else own.clock.in_season(season)
        yield own.key, replace(own, clock=clock)


def of_line(line: Line, tariff: Tariff) -> Iterator[Determinant]:
    """The determinants that one line asks for."""
    for season, hours in _seasons(line, tariff):
        for quantity in quantities_in(line):
            if isinstance(quantity, Metered | Demand):
                for names in _splits(line, quantity):
                    yield determinant_of(quantity, names, season, hours)
    if power_factor_in(line) is not None:
        yield Determinant(What.POWER_FACTOR)
    yield from _looked_back_at(line)


def _looked_back_at(line: Line) -> Iterator[Determinant]:
    for quantity in quantities_in(line):
        if isinstance(quantity, Demand):
            for names in _splits(line, quantity):
                yield from recorded(quantity, determinant_of(quantity, names, None, None))


def _seasons(line: Line, tariff: Tariff) -> Iterator[tuple[Season | None, Season | None]]:
    """The season that limits days, and the season whose hours hold."""
    if not cares_for_seasons(line, tariff):
        yield None, None
        return
    for season in tariff.seasons:
        if line.season in ("", season.name):
            by_date = tariff.season_rule is SeasonRule.DATE
            yield (season if by_date else None), (None if tariff.hours_rule is SeasonRule.DATE else season)


def _splits(line: Line, quantity: Metered | Demand) -> list[Names]:
    """Split by TOU period only the quantity that the line itself prices."""
    if isinstance(line.charge, PerUnit) and line.charge.quantity == quantity:
        return splits_of(quantity, line.charge.shape)
    return [()]
