"""Cut a bill into the pieces in which one wording of a line holds: one version, one factor value, one season.

A line that reads the same before and after a change is not cut: its tiers stay whole. A line says itself whether
it is split at a change, or takes the price of the cycle's first or last day (docs/algorithms/proration.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Facts, settle, word
from lamplighter.rating.bill import BillInput
from lamplighter.rating.conditions import holds
from lamplighter.rating.exact import Fraction
from lamplighter.rating.figures import PERIOD, SEASON, Figure, resolve
from lamplighter.rating.quantities import clock_of
from lamplighter.rating.reach import attributes_in, factors_in, keys_in, peak_hours_in, quantities_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.seasons import Season, SeasonRule, days_in, season_on
from lamplighter.rating.tariff import Change, Citation, Line, Tariff

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line over some of the bill's days. `period` is measured, `days` counts (fewer where a season limits it).

    `by_date` says that the season limits the days measured, since seasons go by date; `share` is days over the
    bill's days.
    """

    line: Line
    tariff: Tariff
    period: Period
    days: int
    share: Fraction
    season: Season | None
    by_date: bool
    facts: Facts
    factors: Mapping[str, Decimal]
    kept: dict[tuple[object, ...], tuple[object, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, what: str, of: object, names: tuple[str, ...], work: Callable[[], T]) -> T:
        """What is the same for every bill that shares the piece, worked out for the first of them.

        `of` is a part of the line; it is kept beside what was worked out, so that no other object can take its id.
        """
        key = (what, id(of), names)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = of, work()
        worked_out: T = found[1]
        return worked_out

    def figure(self, figure: Figure, names: tuple[str, ...] = ()) -> Fraction:
        """A figure of the line here, in the TOU period `names` where there is one."""
        return self.once("figure", figure, names, lambda: self._resolved(figure, names))

    def _resolved(self, figure: Figure, names: tuple[str, ...]) -> Fraction:
        known = {name: word(fact) for name, fact in self.facts.items()}
        if self.season is not None:
            known[SEASON] = self.season.name
        if len(names) == 1:
            known[PERIOD] = names[0]
        return resolve(figure, known, self.factors)


class Wording(NamedTuple):
    """A line as one version words it, over some days, with the factor values of those days."""

    line: Line
    tariff: Tariff
    period: Period
    factors: dict[str, Decimal]


def check_in_force(versions: Sequence[Tariff], period: Period) -> None:
    """Refuse a bill on days for which no version, or more than one, is in force."""
    assert versions, "some tariff"
    for day in sorted(
        {period.start, *(v.valid.start for v in versions), *(v.valid.end for v in versions if v.valid.end)}
    ):
        in_force = [version for version in versions if day in version.valid]
        if day in period and len(in_force) != 1:
            code = versions[0].code
            many = f"{len(in_force)} versions of {code} are" if in_force else f"No version of {code} is"
            raise CannotPrice("tariff.versions", f"{many} in force on {day}.")


def pieces(versions: Sequence[Tariff], bill: BillInput) -> Iterator[Piece]:
    """Every line of every version that applies to the account, in the order of the newest version's lines."""
    facts = {version.version: _facts(version, bill) for version in versions}
    for code in _codes(versions):
        found = [
            piece
            for wording in _joined(_wordings(code, versions, bill))
            for piece in _seasons(wording, bill, facts[wording.tariff.version])
        ]
        if len({type(piece.line.charge) for piece in found}) > 1:
            message = f"“{found[-1].line.label}” turns into another kind of charge inside the bill."
            raise CannotPrice("line.changed", message)
        yield from (piece for piece in found if holds(piece.line.when, piece.facts))


def _facts(tariff: Tariff, bill: BillInput) -> Facts:
    facts = settle(tariff.attributes, bill.attributes)
    for group in tariff.not_together:
        both = [name for name in group if facts.get(name) is True]
        if len(both) > 1:
            raise CannotPrice("attribute.together", f"An account may have only one of {' and '.join(both)}.")
    return facts


def _codes(versions: Sequence[Tariff]) -> list[str]:
    """Codes as the newest version orders them; what it dropped stands where it stood."""
    newest, *older = sorted(versions, key=lambda version: version.valid.start, reverse=True)
    codes = [line.code for line in newest.lines]
    for version in older:
        after = 0
        for line in version.lines:
            if line.code in codes:
                after = codes.index(line.code) + 1
            else:
                codes.insert(after, line.code)
                after += 1
    return codes


def _joined(wordings: Iterable[Wording]) -> list[Wording]:
    """Neighbours of equal wording as one."""
    joined: list[Wording] = []
    for after in wordings:
        if joined and _same(joined[-1], after):
            joined[-1] = after._replace(period=Period(joined[-1].period.start, after.period.end))
        else:
            joined.append(after)
    return joined


def _wordings(code: str, versions: Sequence[Tariff], bill: BillInput) -> Iterator[Wording]:
    ordered = sorted(versions, key=lambda version: version.valid.start)
    rule = next(line.change for version in reversed(ordered) if (line := version.line(code)))
    if rule is not Change.SPLIT:
        day = bill.period.start if rule is Change.START else bill.period.last_day
        for version in ordered:
            line = version.line(code)
            if line is not None and day in version.valid and (line.valid is None or day in line.valid):
                yield Wording(line, version, _known(line, version, bill.period), _factors(line, version, day))
        return
    for version in ordered:
        line = version.line(code)
        within = bill.period & version.valid
        if line is not None and within is not None and line.valid is not None:
            within = within & line.valid
        if line is None or within is None:
            continue
        for period in within.split(*_factor_days(line, version)):
            yield Wording(line, version, _known(line, version, period), _factors(line, version, period.start))


def _known(line: Line, tariff: Tariff, period: Period) -> Period:
    """The days, for all of which the system's peak hours are known where the line asks for them."""
    for hours in peak_hours_in(line):
        if (hours.known & period) != period:
            raise CannotPrice(
                "peak-hours.unknown",
                f"{tariff.version}: the hours in which the system peaked are recorded for {hours.known}, not for all of"
                f" {period}.",
            )
    return period


def _factor_days(line: Line, tariff: Tariff) -> list[date]:
    return [day for name in factors_in(line) for day, _ in tariff.factor(name).values]


def _factors(line: Line, tariff: Tariff, day: date) -> dict[str, Decimal]:
    values = {}
    for name in factors_in(line):
        value = tariff.factor(name).on(day)
        if value is None:
            raise CannotPrice("factor.unknown", f"{tariff.version}: the factor “{name}” has no value on {day}.")
        values[name] = value
    return values


def _same(one: Wording, other: Wording) -> bool:
    """Adjoining, and equal but for where it was read."""
    lines = [replace(wording.line, citation=Citation(), valid=None) for wording in (one, other)]
    rules = [(w.tariff.proration, w.tariff.seasons, w.tariff.season_rule, w.tariff.hours_rule) for w in (one, other)]
    asked = attributes_in(one.line)
    untold = [{a.name: (type(a), a.default) for a in w.tariff.attributes if a.name in asked} for w in (one, other)]
    return (
        one.period.end == other.period.start
        and one.factors == other.factors
        and lines[0] == lines[1]
        and rules[0] == rules[1]
        and untold[0] == untold[1]
    )


def _seasons(wording: Wording, bill: BillInput, facts: Facts) -> Iterator[Piece]:
    """The pieces of a wording: one for each season where the line cares for seasons and they go by date."""
    line, tariff, period, factors = wording

    def piece(days: int, season: Season | None, *, by_date: bool) -> Piece:
        share = Fraction(days, bill.period.days)
        return Piece(line, tariff, period, days, share, season, by_date, facts, factors)

    if not cares_for_seasons(line, tariff):
        yield piece(period.days, None, by_date=False)
    elif tariff.season_rule is SeasonRule.DATE:
        for season in tariff.seasons:
            days = days_in(season, period)
            if days and line.season in ("", season.name):
                yield piece(days, season, by_date=True)
    else:
        whole = season_of(tariff, bill)
        assert whole is not None, f"{tariff.version}: seasons cover the year"
        if line.season in ("", whole.name):
            yield piece(period.days, whole, by_date=False)


def season_of(tariff: Tariff, bill: BillInput) -> Season | None:
    """The one season of the whole bill; None where seasons go by date."""
    match tariff.season_rule:
        case SeasonRule.CYCLE:
            return season_on(tariff.seasons, bill.month)
        case SeasonRule.READ:
            return season_on(tariff.seasons, bill.period.closed_end)
        case SeasonRule.DATE:
            return None


def cares_for_seasons(line: Line, tariff: Tariff) -> bool:
    """By its own season, by its figures, or by hours that follow the bill's season instead of the date."""
    if line.season or SEASON in keys_in(line):
        return True
    clocks = [clock for quantity in quantities_in(line) if (clock := clock_of(quantity)) is not None]
    return tariff.hours_rule is not SeasonRule.DATE and any(
        window.seasons for clock in clocks for period in clock.periods for window in period.windows
    )
