"""Tell the answer of a what-if: as JSON with every assumption and its source, or as a page of text."""

from __future__ import annotations

from decimal import Decimal

from lamplighter.advice.answers import Answer, Payback, RateAnswer
from lamplighter.advice.effects import Kind
from lamplighter.advice.scenario import Measure, Scenario
from lamplighter.advice.surroundings import Surroundings
from lamplighter.cli.pricing.answers import Answer as Said
from lamplighter.cli.pricing.answers import written
from lamplighter.intervals.curves.pricing import PricedYear


def as_json(answer: Answer, scenario: Scenario, around: Surroundings) -> str:
    """Dollars with two decimals, kWh and kW as they are metered, tonnes of CO2 to the kilogram."""
    rates: list[Said] = [_rate(rate) for rate in answer.rates]
    measures: list[Said] = [_measure(one, answer) for one in scenario.measures]
    said: dict[str, Said] = {
        "load": {
            "from": answer.period.start.isoformat(), "to": answer.period.last_day.isoformat(), "bills": answer.bills,
            "kwh_now": _short(answer.kwh_now), "kwh_then": _short(answer.kwh_then), "kwh_sent": _short(answer.kwh_sent),
        },
        "measures": measures,
        "rates": rates,
        "on": answer.on.code,
        "peak": _peak(answer),
        "carbon": {
            "now_t": _tonnes(answer.tonnes.now), "then_t": _tonnes(answer.tonnes.then),
            "fuel_saved_t": _tonnes(answer.tonnes.fuel), "less_t": _tonnes(answer.tonnes.less),
            "factors": [
                {"since": one.since.isoformat(), "hourly": one.hourly, "source": one.source}
                for one in answer.tonnes.factors
            ],
        },
        "site": {"name": around.site.name, "source": around.site.source},
        "payback": None if answer.payback is None else _payback(answer.payback),
    }  # fmt: skip
    return "".join(written(said))


def kinds_as_json(kinds: list[Kind]) -> str:
    """Every measure with its assumptions, bounds and sources."""
    listed: list[Said] = [
        {
            "kind": kind.name, "label": kind.label, "about": kind.about,
            "assumptions": [
                {
                    "name": one.name, "label": one.label, "unit": one.unit, "value": _number(one.value),
                    "least": _number(one.least), "most": _number(one.most), "source": one.source,
                }
                for one in kind.assumptions
            ],
        }
        for kind in kinds
    ]  # fmt: skip
    return "".join(written({"measures": listed}))


def as_text(answer: Answer, scenario: Scenario) -> str:
    lines = [f"{answer.bills} bills, {answer.period.start} to {answer.period.last_day}"]
    for one in scenario.measures:
        lines.append(f"\n{one.kind.label}")
        for assumption in one.kind.assumptions:
            mark = "*" if assumption.name in one.said else " "
            value = f"{one.values[assumption.name]:g} {assumption.unit}".strip()
            lines.append(f"  {mark} {assumption.name:<16} {value:<18} {assumption.source}")
    lines += ["", f"{'rate':<12}{'now':>16}{'then':>16}{'saved':>16}"]
    lines += [_rate_line(rate) for rate in answer.rates]
    peaks = answer.peaks
    tonnes, at = answer.tonnes, "%Y-%m-%d %H:%M"
    lines += [
        "",
        f"highest  {peaks.now_kw:,.1f} kW at {peaks.now_at:{at}}",
        f"  then   {peaks.then_kw:,.1f} kW at {peaks.then_at:{at}}",
        f"energy   {answer.kwh_now:,.0f} kWh, then {answer.kwh_then:,.0f}; {answer.kwh_sent:,.0f} sent back",
        f"carbon   {tonnes.now:,.1f} t, then {tonnes.then:,.1f}; {tonnes.fuel:,.1f} less of fuel",
    ]
    if peaks.capacity_kw is not None:
        lines.append(f"service  {peaks.capacity_kw:,.0f} kW {'is not enough' if peaks.over else 'carries it'}")
    if answer.payback is not None:
        lines.append(f"payback  {_years(answer.payback)}")
    return "\n".join(lines)


def _years(payback: Payback) -> str:
    if payback.years is None:
        return f"none: it brings {payback.yearly} a year"
    upper = f"{payback.latest:.1f}" if payback.latest is not None else "never"
    span = f"{payback.soonest:.1f} to {upper} as the cost may differ"
    return f"{payback.years:.1f} years ({span}): {payback.cost} once, {payback.yearly} a year"


def _rate_line(rate: RateAnswer) -> str:
    name = rate.code + ("*" if rate.current else "")
    if rate.now is None or rate.then is None:
        return f"{name:<12}{rate.refused}"
    why = rate.closed_then and f"  not open then: {rate.closed_then}"
    return f"{name:<12}{rate.now.total!s:>16}{rate.then.total!s:>16}{rate.saving!s:>16}{why}"


def _rate(rate: RateAnswer) -> Said:
    return {
        "code": rate.code, "name": rate.name, "current": rate.current, "not_open_now": rate.closed,
        "not_open_then": rate.closed_then, "refused": rate.refused,
        "now": None if rate.now is None else rate.now.total.dollars,
        "then": None if rate.then is None else rate.then.total.dollars,
        "saving": None if rate.saving is None else rate.saving.dollars,
        "battery_charged_kwh": _number(round(rate.charged_kwh)),
        "bills": _bills(rate.now, rate.then),
    }  # fmt: skip


def _bills(now: PricedYear | None, then: PricedYear | None) -> list[Said]:
    if now is None or then is None:
        return []
    return [
        {"from": old.period.start.isoformat(), "to": old.period.last_day.isoformat(), "now": old.total.dollars,
         "then": new.total.dollars}
        for old, new in zip(now.bills, then.bills, strict=True)
    ]  # fmt: skip


def _measure(one: Measure, answer: Answer) -> Said:
    done = next((made for made in answer.measures if made.measure is one), None)
    fuels: list[Said] = []
    if done is not None:
        fuels = [
            {"name": fuel.name, "amount": _number(round(fuel.amount, 1)), "unit": fuel.unit,
             "dollars": _number(round(fuel.dollars, 2))}
            for fuel in done.effect.fuel
        ]  # fmt: skip
    return {
        "kind": one.kind.name, "label": one.kind.label,
        "assumptions": [
            {"name": each.name, "value": _number(one.values[each.name]), "unit": each.unit, "source": each.source,
             "given": each.name in one.said}
            for each in one.kind.assumptions
        ],
        "fuel_saved_a_year": fuels, "not_done": done.effect.cannot if done is not None else "",
    }  # fmt: skip


def _peak(answer: Answer) -> Said:
    peaks = answer.peaks
    return {
        "now_kw": peaks.now_kw, "now_at": peaks.now_at.isoformat(), "then_kw": peaks.then_kw,
        "then_at": peaks.then_at.isoformat(), "capacity_kw": peaks.capacity_kw,
        "over_capacity": peaks.over if peaks.capacity_kw is not None else None,
    }  # fmt: skip


def _payback(payback: Payback) -> Said:
    return {
        "cost": payback.cost.dollars, "rebates": payback.rebates.dollars, "bills_a_year": payback.bills.dollars,
        "fuel_a_year": payback.fuel.dollars, "earned_a_year": payback.earned.dollars,
        "years": _maybe(payback.years), "soonest": _maybe(payback.soonest), "latest": _maybe(payback.latest),
    }  # fmt: skip


def _maybe(value: float | None) -> Decimal | None:
    return None if value is None else _number(round(value, 2))


def _number(value: float) -> Decimal:
    return Decimal(str(value))


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"))


def _tonnes(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.001"))
