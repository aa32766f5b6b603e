"""Work a forecast out: sales by class and month, and the year's bills priced again with that use. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from lamplighter.advice.assumptions import Values
from lamplighter.billing.queries.whatif import tried
from lamplighter.billing.queries.whatif_rates import YEAR, Rate, Trial
from lamplighter.billing.queries.whatif_years import Billed, billed
from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import Money
from lamplighter.ratestudies.adoption import HOMES, growth, taken_up
from lamplighter.ratestudies.forecasting import Hindsight, Month, Range, fit, foretell, in_hindsight, mape, together
from lamplighter.ratestudies.models import Forecast, ForecastMonth
from lamplighter.ratestudies.queries.peaking import Peaks, foretold_peaks
from lamplighter.ratestudies.queries.sales import Degrees, Sold, coming, degrees_until, sold
from lamplighter.ratestudies.queries.studying import AT_ONCE, Customer, Progress, customers

SIDES = ("low", "middle", "high")
THOUSANDTH = Decimal("0.001")
Key = tuple[str, date]


@dataclass(slots=True)
class WorkedForecast:
    """Rows for each class and month, and what they stand on (Forecast.result)."""

    rows: list[ForecastMonth] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foretold:
    """A class's coming year: each month's range with what is added to it, the whole year's, and how it did before."""

    months: tuple[tuple[Month, Range, float], ...]
    year: Range
    base: Mapping[date, float]
    tried: tuple[Hindsight, ...]
    terms: Mapping[str, float]
    weather_years: int


def worked_forecast(forecast: Forecast, *, on: date, progress: Progress) -> WorkedForecast:
    """`on` is the day whose adopted versions are the prices. Raises TooShort."""
    first, values = forecast.first, forecast.given["values"]
    degrees = degrees_until(first)
    past = sold(until=first, degrees=degrees)
    found = {
        name: _class(name, one, first, degrees=degrees, values=values,
                     pipeline=forecast.given["pipeline"].get(name, [0.0] * YEAR))
        for name, one in past.items()
    }  # fmt: skip
    priced = _Pricing(first, on, _factors(found))
    who = customers(until=first, first=priced.trial.first)
    peaks = foretold_peaks(
        who, first=first, degrees=degrees, billed={name: sum(one.base.values()) for name, one in found.items()},
        more={name: _more(name, one, values) for name, one in found.items()},
    )  # fmt: skip
    priced.take_all(who, progress)
    rows = [row for name, one in found.items() for row in _rows(forecast, name, one, priced, peaks)]
    return WorkedForecast(rows, {**_result(found, priced), "peaks": peaks.result})


def _class(
    name: str, past: Sold, first: date, *, degrees: Degrees, values: Values, pipeline: Sequence[float]
) -> Foretold:
    last, years = coming(past, first=first, degrees=degrees)
    grown = [
        Month(one.month, one.days * growth(values, name, at), one.heating, one.cooling) for at, one in enumerate(last)
    ]
    found, taken = fit(past.months), taken_up(values, grown) if name == HOMES else [0.0] * YEAR
    added = [one + more for one, more in zip(taken, pipeline, strict=True)]
    base = {one.month: one.kwh for one in past.months if one.month >= months_before(first, YEAR)}
    return Foretold(
        tuple((one, foretell(found, [one]).plus(more), more) for one, more in zip(grown, added, strict=True)),
        foretell(found, grown).plus(sum(added)), base, tuple(in_hindsight(past.months)), found.said(), years,
    )  # fmt: skip


def _more(name: str, one: Foretold, values: Values) -> dict[date, float]:
    """By how much the use of a month is assumed to be more than the class of today would use: customers that come,
    and what is taken up and built."""
    return {
        month.month: growth(values, name, at) * (kwh.middle / own if (own := kwh.middle - added) > 0 else 1.0)
        for at, (month, kwh, added) in enumerate(one.months)
    }


def _factors(found: Mapping[str, Foretold]) -> dict[Key, dict[str, Decimal]]:
    """By class and month of the year before; of kWh as they are kept, so that `scale_of` says the same."""
    return {
        (name, months_before(month.month, YEAR)): {
            side: _kwh(max(getattr(foretold, side), 0.0)) / base for side in SIDES
        }
        for name, one in found.items()
        for month, foretold, _ in one.months
        if (base := _kwh(one.base[months_before(month.month, YEAR)]))
    }


class _Pricing:
    """The bills of the year before, priced at today's rates with the use of each side of the range."""

    def __init__(self, first: date, on: date, factors: Mapping[Key, Mapping[str, Decimal]]) -> None:
        self.trial, self.on, self.factors = Trial(until=first), on, factors
        self.cents: dict[tuple[str, Key], int] = defaultdict(int)
        self.customers, self.as_billed = 0, 0
        self.why: dict[str, int] = defaultdict(int)

    def take_all(self, who: Sequence[Customer], progress: Progress) -> None:
        present = self.trial.present({one.schedule for one in who}, on=self.on)
        for done in range(0, len(who), AT_ONCE):
            progress(done, len(who))
            self._take(who[done : done + AT_ONCE], present)
        progress(len(who), len(who))

    def _take(self, who: Sequence[Customer], present: Mapping[str, Rate]) -> None:
        years = billed([one.agreement for one in who], until=self.trial.until, months=2 * YEAR)
        named = {one.agreement: one.customer_class for one in who}
        here = [one for one in who if one.schedule in present]
        wanted = [(one.agreement, present[one.schedule]) for one in here]
        refused = {one.agreement: "No version of their rate is adopted." for one in who if one not in here}
        by_side = [tried(self.trial, years, wanted, scale=partial(self._factor, named, side)) for side in SIDES]
        for one, *found in zip(here, *by_side, strict=True):
            why = next((year.refused.message for year in found if year.refused is not None), "")
            if why:
                refused[one.agreement] = why
                continue
            for side, year in zip(SIDES, found, strict=True):
                for month in year.months:
                    self.cents[side, (one.customer_class, month.month)] += month.amount.cents
        self.customers += len(who)
        for agreement, words in refused.items():
            self._as_it_was(named[agreement], years[agreement], words)

    def _factor(self, named: Mapping[int, str], side: str, bill: Billed) -> Decimal:
        found = self.factors.get((named[bill.agreement], bill.month))
        return Decimal(1) if found is None else found[side]

    def _as_it_was(self, customer_class: str, year: Sequence[Billed], words: str) -> None:
        """Who can't be priced again is left in with what was billed."""
        self.as_billed += 1
        self.why[words] += 1
        for bill in year:
            if self.trial.counts(bill):
                for side in SIDES:
                    self.cents[side, (customer_class, bill.month)] += bill.total.cents

    def of(self, side: str, customer_class: str, month: date) -> Money:
        return Money(self.cents[side, (customer_class, months_before(month, YEAR))])


def _rows(forecast: Forecast, name: str, one: Foretold, priced: _Pricing, peaks: Peaks) -> list[ForecastMonth]:
    kw = peaks.told.get(name, {})
    return [
        ForecastMonth(
            forecast=forecast, customer_class=name, month=month.month, added=_kwh(added),
            base_kwh=_kwh(one.base[months_before(month.month, YEAR)]), kwh_low=_kwh(max(foretold.low, 0.0)),
            kwh=_kwh(max(foretold.middle, 0.0)), kwh_high=_kwh(max(foretold.high, 0.0)),
            revenue_low=priced.of("low", name, month.month), revenue=priced.of("middle", name, month.month),
            revenue_high=priced.of("high", name, month.month), kw_low=_kw(kw.get(month.month), "low"),
            kw=_kw(kw.get(month.month), "middle"), kw_high=_kw(kw.get(month.month), "high"),
        )
        for month, foretold, added in one.months
    ]  # fmt: skip


def _result(found: Mapping[str, Foretold], priced: _Pricing) -> dict[str, Any]:
    whole = together([one.year for one in found.values()])
    return {
        "whole": [float(whole.low), float(whole.middle), float(whole.high)],
        "terms": {name: dict(one.terms) for name, one in found.items()},
        "mape": {name: mape(one.tried) for name, one in found.items()},
        "tried": [
            [name, f"{each.month:%Y-%m}", each.actual, each.foretold.low, each.foretold.middle, each.foretold.high]
            for name, one in found.items() for each in one.tried
        ],
        "weather_years": min((one.weather_years for one in found.values()), default=0),
        "customers": priced.customers, "as_billed": priced.as_billed, "why": dict(priced.why),
        "prices_of": priced.on.isoformat(),
    }  # fmt: skip


def _kw(found: Range | None, side: str) -> Decimal | None:
    return None if found is None else _kwh(getattr(found, side))


def _kwh(value: float) -> Decimal:
    return Decimal(value).quantize(THOUSANDTH)
