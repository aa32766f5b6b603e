"""A forecast and a budget as tiles, charts, rows and sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.kernel.money import Money, total
from lamplighter.ratestudies.adoption import assumptions
from lamplighter.ratestudies.models import Forecast, ForecastMonth, RevenueBudget
from lamplighter.ratestudies.queries.peaking import ALL
from lamplighter.ratestudies.queries.variance import Variance
from lamplighter.web.lead.rates.tables import ChangeColumn
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.parts import Chip, Empty, Fact, Tile
from lamplighter.web.ui.runs import ENDED
from lamplighter.web.ui.tables import Column, MomentColumn, MoneyColumn, NumberColumn, Table
from lamplighter.web.ui.wording import change, counted, number, quantity

PIPELINE = {"none": "Nothing of it", "agreed": "What is agreed on", "whole": "All of it"}
MEGA = Decimal(1000)


class Forecasts(Table):
    name = Column("Forecast")
    first = Column("From")
    state = Column("State")
    maker = Column("By", empty_values=(), orderable=False)
    made_at = MomentColumn("Made")

    def render_first(self, value: date) -> str:
        return f"{value:%B %Y}"

    def render_state(self, record: Forecast) -> str:
        return str(record.get_state_display())

    def row_url(self, record: Forecast) -> str:
        return reverse("key:forecast", args=[record.pk])


class Budgets(Table):
    year = Column("Year")
    name = Column("Budget")
    made_at = MomentColumn("Taken in")

    def row_url(self, record: RevenueBudget) -> str:
        return reverse("key:budget", args=[record.year])


class Months(Table):
    month = Column("Month", orderable=False)
    label = Column("Class", orderable=False)
    low = NumberColumn("Low (kWh)", orderable=False)
    kwh = NumberColumn("Sales (kWh)", orderable=False)
    high = NumberColumn("High (kWh)", orderable=False)
    added = NumberColumn("Of it assumed (kWh)", orderable=False)


class Worth(Table):
    month = Column("Month", orderable=False)
    label = Column("Class", orderable=False)
    revenue_low = MoneyColumn("Low", orderable=False)
    revenue = MoneyColumn("Revenue", orderable=False)
    revenue_high = MoneyColumn("High", orderable=False)
    kw_low = NumberColumn("Low (kW)", orderable=False)
    kw = NumberColumn("Peak (kW)", orderable=False)
    kw_high = NumberColumn("High (kW)", orderable=False)


class Tried(Table):
    label = Column("Class")
    month = Column("Month")
    actual = NumberColumn("It was")
    foretold = NumberColumn("Foretold")
    error = NumberColumn("Off by (%)", places=1)
    held = Column("In its range")


class Variances(Table):
    month = Column("Month", orderable=False)
    label = Column("Class", orderable=False)
    budget_kwh = NumberColumn("Budget (kWh)", orderable=False)
    kwh = NumberColumn("Billed (kWh)", orderable=False)
    budget = MoneyColumn("Budget", orderable=False)
    revenue = MoneyColumn("Billed", orderable=False)
    difference = ChangeColumn("Difference", orderable=False)
    volume = ChangeColumn("By volume", orderable=False)
    price = ChangeColumn("By price", orderable=False)


class Whole(Table):
    label = Column("Class", orderable=False)
    budget = MoneyColumn("Budget", orderable=False)
    revenue = MoneyColumn("Billed", orderable=False)
    difference = ChangeColumn("Difference", orderable=False)
    volume = ChangeColumn("By volume", orderable=False)
    price = ChangeColumn("By price", orderable=False)


def running(found: Forecast) -> Mapping[str, Any]:
    run = found.run
    return {"run": run, "ended": run is None or run.state in ENDED, "why": found.result.get("why", "")}


def tiles(found: Forecast, rows: Sequence[ForecastMonth]) -> list[Tile]:
    low, middle, high = found.result["whole"]
    revenue = [total(getattr(row, name) for row in rows) for name in ("revenue_low", "revenue", "revenue_high")]
    dollars = [f"${number(one.cents // 100)}" for one in revenue]
    base = sum((row.base_kwh for row in rows), Decimal(0))
    worst = max((one for one in found.result["mape"].values() if one is not None), default=None)
    less = (Decimal(middle) / base - 1) * 100 if base else Decimal(0)
    return [
        Tile("Sales", quantity(middle / 1000, "MWh"), f"{number(low / 1000)} to {number(high / 1000)}, 8 times in 10"),
        Tile("Beside the year before", f"{less:+.1f}%".replace("-", "\u2212"), quantity(base / MEGA, "MWh")),
        Tile("Revenue", dollars[1], f"{dollars[0]} to {dollars[2]}, if all months are low or high"),
        _peak_tile(found),
        Tile("Off in hindsight", "Not known" if worst is None else f"{worst:.1%}", "mean of the worst class"),
    ]


def _peak_tile(found: Forecast) -> Tile:
    peaks = found.result["peaks"]["all"]
    if not peaks:
        return Tile("Peak", "Not known", "a class tells no hours")
    month, low, middle, high = max(peaks, key=lambda one: float(one[2]))
    when = f"{date.fromisoformat(month + '-01'):%B %Y}"
    return Tile(
        "Peak", quantity(middle / 1000, "MW", 1), f"{when}; {number(low / 1000, 1)} to {number(high / 1000, 1)}"
    )


def chart(rows: Sequence[ForecastMonth]) -> Bars:
    months = sorted({row.month for row in rows})
    names = sorted({row.customer_class for row in rows})
    by = {(row.customer_class, row.month): row for row in rows}
    series = [Series(_class(name), [_mwh(by.get((name, month))) for month in months]) for name in names]
    sums = {month: sum((row.kwh for row in rows if row.month == month), Decimal(0)) for month in months}
    most = max(sums, key=lambda month: sums[month])
    return Bars("sales", f"{most:%B %Y} is to sell most: {quantity(sums[most] / MEGA, 'MWh')}.",
                "MWh by month and class, the middle of the range.", [f"{month:%b} ’{month:%y}" for month in months],
                series, "MWh", "Month", stacked=True)  # fmt: skip


def month_rows(forecast: Forecast, rows: Sequence[ForecastMonth]) -> list[dict[str, Any]]:
    """Each class's month, and after each month all classes together: their peak is that of one hour, less than the sum
    of theirs."""
    found: list[dict[str, Any]] = []
    peaks = {month: dict(zip(("kw_low", "kw", "kw_high"), kw, strict=True))
             for month, *kw in forecast.result["peaks"]["all"]}  # fmt: skip
    for month in sorted({row.month for row in rows}):
        mine = [row for row in rows if row.month == month]
        found += [{
            "month": f"{month:%b %Y}", "label": _class(row.customer_class), "low": row.kwh_low, "kwh": row.kwh,
            "high": row.kwh_high, "added": row.added, "revenue_low": row.revenue_low, "revenue": row.revenue,
            "revenue_high": row.revenue_high, "kw_low": row.kw_low, "kw": row.kw, "kw_high": row.kw_high,
        } for row in mine]  # fmt: skip
        found.append({
            "month": f"{month:%b %Y}", "label": "All", "low": None, "kwh": sum(row.kwh for row in mine), "high": None,
            "added": sum(row.added for row in mine), "revenue_low": None,
            "revenue": total(row.revenue for row in mine), "revenue_high": None, **peaks.get(f"{month:%Y-%m}", {}),
        })  # fmt: skip
    return found


def hindsight_said(found: Forecast) -> list[str]:
    tried, known = found.result["tried"], found.result["mape"]
    if not tried:
        return ["The past is too short to try it: every month was needed to find the fit."]
    held = sum(low <= actual <= high for _, _, actual, low, _, high in tried)
    each = "; ".join(f"{_class(name)} {value:.1%}" for name, value in known.items() if value is not None)
    short = (
        ""
        if len({month for _, month, *_ in tried}) >= 18
        else (
            " With less than two years the season was seen once, and no trend can be told: growth is what is assumed."
        )
    )
    return [
        f"Each month was foretold from the months before it, at the weather that it had. Off by, on average: {each}.",
        f"{held} of {len(tried)} lay in their range, which is to hold eight of ten.{short}",
        *_peaks_said(found),
    ]


def _peaks_said(found: Forecast) -> list[str]:
    peaks = found.result["peaks"]
    known = {name: value for name, value in peaks["mape"].items() if value is not None}
    if not known:
        return []
    held = sum(low <= actual <= high for _, _, actual, low, _, high in peaks["tried"])
    each = "; ".join(f"{_class(name)} {value:.1%}" for name, value in known.items())
    off = f"The highest hour of each month, foretold in the same way, was off by: {each}."
    by = peaks.get("wider", 1)
    taught = (
        f" Ranges are {by:g} times as wide as chance alone makes them: so far the others strayed." if by > 1 else ""
    )
    return [f"{off} {held} of {len(peaks['tried'])} lay in their range.{taught}"]


def tried_rows(tried: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Of sales in kWh, or of peaks in kW."""
    return [
        {"label": _class(name), "month": month, "actual": actual, "foretold": middle,
         "error": (middle / actual - 1) * 100, "held": "Yes" if low <= actual <= high else "No"}
        for name, month, actual, low, middle, high in tried
    ]  # fmt: skip


def given(found: Forecast) -> list[Fact]:
    """The assumptions as they were, what was fitted, and what could not be priced."""
    said, result = found.given, found.result
    facts = [
        Fact(one.label, f"{said['values'][one.name]:,g} {one.unit}. {one.source}")
        for one in assumptions(Account.CustomerClass.values) if one.name in said["values"]
    ]  # fmt: skip
    facts.append(Fact("Of the pipeline", PIPELINE[said["counts"]]))
    years = result["weather_years"]
    facts.append(Fact("Weather", f"The mean of {years} year{'' if years == 1 else 's'} of temperatures"))
    for name, terms in result["terms"].items():
        per = ", ".join(f"{term} {value:.3g}" for term, value in terms.items())
        facts.append(Fact(f"{_class(name)}, kWh a customer-day", per))
    priced = f"{result['customers']:,} customers' bills of the year before, priced one by one with the use foretold"
    facts.append(Fact("Revenue", f"{priced}, at the rates of {result['prices_of']}, taxes included"))
    why = result["peaks"]["why"]
    for name, (meters, share) in result["peaks"]["meters"].items():
        stands = f"by the hours of {counted(meters, 'meter')}, {share:.0%} of the use"
        facts.append(Fact(f"{_class(name)}, peak", why.get(name) or stands))
    if result["as_billed"]:
        facts.append(Fact("Left as they were billed", f"{result['as_billed']:,}: {'; '.join(result['why'])}"))
    return facts


def beside(found: Forecast, other: Forecast | None, others: Iterable[Forecast]) -> Mapping[str, Any]:
    chips = [Chip(one.name, f"?beside={one.pk}", on=one == other) for one in others]
    if other is None:
        return {"chips": chips, "empty": None if chips else Empty("No other forecast is done.")}
    facts = []
    for label, kwh, revenue in _sums(found, other):
        facts.append(Fact(label, f"{change_of(kwh)} kWh, {change(revenue)}"))
    return {"chips": chips, "facts": facts, "said": f"This one beside “{other.name}”, month by month of the year."}


def _sums(found: Forecast, other: Forecast) -> list[tuple[str, Decimal, Money]]:
    """By class, then all: this one less the other."""
    by: dict[str, list[Any]] = defaultdict(lambda: [Decimal(0), Money(0)])
    for sign, one in ((1, found), (-1, other)):
        for row in one.rows.all():
            for key in (_class(row.customer_class), "All"):
                by[key][0] += sign * row.kwh
                by[key][1] = by[key][1] + row.revenue if sign > 0 else by[key][1] - row.revenue
    return [(key, *by[key]) for key in sorted(by, key=lambda key: (key == "All", key))]


def change_of(kwh: Decimal) -> str:
    return f"{'+' if kwh > 0 else ''}{number(kwh)}"


def variance_said(rows: Sequence[Variance]) -> list[str]:
    if not rows:
        return []
    budget, revenue, volume, price = (
        total(getattr(row, name) for row in rows) for name in ("budget", "revenue", "volume", "price")
    )
    apart = revenue - budget
    worst = max(rows, key=lambda row: abs(row.difference.cents))
    parts = f"{change(volume)} of it is volume other than budgeted, {change(price)} another price of a kWh"
    return [
        f"{revenue} was billed for {budget} of the budget, {change(apart)}: {parts}.",
        f"{_class(worst.customer_class)} in {worst.month:%B} stands furthest apart: {change(worst.difference)}.",
    ]


def variance_rows(rows: Sequence[Variance]) -> list[dict[str, Any]]:
    return [
        {"month": f"{row.month:%b %Y}", "label": _class(row.customer_class), "budget_kwh": row.budget_kwh,
         "kwh": row.kwh, "budget": row.budget, "revenue": row.revenue, "difference": row.difference,
         "volume": row.volume, "price": row.price}
        for row in rows
    ]  # fmt: skip


def by_class(rows: Sequence[Variance]) -> list[dict[str, Any]]:
    names = sorted({row.customer_class for row in rows})
    groups = [(_class(name), [row for row in rows if row.customer_class == name]) for name in names]
    each = [*groups, ("All", list(rows))] if rows else []
    return [
        {"label": label, **{name: total(getattr(row, name) for row in mine)
                            for name in ("budget", "revenue", "difference", "volume", "price")}}
        for label, mine in each
    ]  # fmt: skip


def _class(name: str) -> str:
    return "All together" if name == ALL else str(Account.CustomerClass(name).label)


def _mwh(row: ForecastMonth | None) -> Decimal | None:
    return None if row is None else (row.kwh / MEGA).quantize(Decimal("0.1"))
