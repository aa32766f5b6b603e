"""How an answer is shown: tiles, sentences, bills month by month, rates and kept scenarios as tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lamplighter.advice.answers import Answer, Payback
from lamplighter.advice.effects import Effect
from lamplighter.advice.surroundings import Surroundings
from lamplighter.intervals.curves.pricing import PricedYear
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.queries.advising import Beside
from lamplighter.web.key.advising.asked import query_of_stored
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.parts import Tile, Tone
from lamplighter.web.ui.tables import Column, MoneyColumn, NumberColumn, Table
from lamplighter.web.ui.wording import change, clock, day, money, number, quantity

NOT_ON_PAPER = {"class": "d-print-none"}


class Rates(Table):
    """Rates with the bills now and then, from `rate_rows`."""

    code = Column("Rate")
    now = MoneyColumn("Bills now")
    then = MoneyColumn("Bills then")
    saving = Column("Change", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    why = Column("What to know", orderable=False)


class Saved(Table):
    """Kept scenarios, from `saved_row`."""

    name = Column("Name")
    saving = Column("Bills in a year", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    earned = MoneyColumn("Credits and sales")
    peak = NumberColumn("Highest (kW)", places=1)
    tonnes = NumberColumn("CO₂ less (t)", places=1)
    cost = MoneyColumn("Cost")
    payback = Column("Pays back in")
    rate = Column("Rate", attrs={"td": {"class": "text-nowrap"}})
    acts = Column("Act", orderable=False, exclude_from_export=True, attrs={"td": NOT_ON_PAPER, "th": NOT_ON_PAPER})

    def row_url(self, record: dict[str, Any]) -> str:
        url: str = record["url"]
        return url


def tiles(found: Answer) -> list[Tile]:
    now, then = _present(found), _year(found)
    peaks, tonnes = found.peaks, found.tonnes
    power = tonnes.now - tonnes.then
    return [
        Tile("Twelve bills", money(then.total), f"now {money(now.total)}: {change(then.total - now.total)}",
             Tone.GOOD if then.total < now.total else Tone.WATCH),
        Tile("Highest demand", quantity(peaks.then_kw, "kW"), f"now {quantity(peaks.now_kw, 'kW')}",
             Tone.BAD if peaks.over else Tone.PLAIN),
        Tile("CO₂ less", f"{_tonnes(tonnes.less)} t", f"{_tonnes(tonnes.fuel)} t of fuel, {_tonnes(power)} t of power"),
        Tile("Pays back in", _years(found.payback), _range(found.payback)),
    ]  # fmt: skip


def said(found: Answer, around: Surroundings) -> list[str]:
    """What stands behind the tiles, in sentences."""
    now, then, peaks = _present(found), _year(found), found.peaks
    period, first = found.period, f"On {found.on.code} twelve bills"
    span = f"{first} from {day(period.start)} to {day(period.last_day)} would come to {money(then.total)}"
    before = f"it was {quantity(peaks.now_kw, 'kW')} on {day(peaks.now_at)} at {clock(peaks.now_at)}"
    lines = [f"{span} instead of {money(now.total)}, at today's prices, had it been there all along."]
    when = f"{quantity(peaks.then_kw, 'kW')} on {day(peaks.then_at)} at {clock(peaks.then_at)}"
    lines.append(f"The highest demand would be {when}; {before}.")
    if found.kwh_sent:
        lines.append(f"{quantity(found.kwh_sent, 'kWh')} would be sent back.")
    if found.on.charged_kwh:
        taken = quantity(found.on.charged_kwh, "kWh")
        lines.append(f"The battery takes in {taken} over all the bills that are known, run by {found.on.code}.")
    if found.payback is not None:
        lines.append(_paid(found.payback))
    lines += [_earned(one.effect) for one in found.measures if one.effect.earned]
    newest = found.tonnes.factors[-1]
    kind = "by the hour" if newest.hourly else "one figure for every hour"
    lines.append(f"Carbon: {newest.source}, {kind}. Sun and weather: {around.site.name}; {around.site.source}.")
    return lines


def chart(found: Answer) -> Bars:
    now, then = _present(found), _year(found)
    best = max(zip(now.bills, then.bills, strict=True), key=lambda pair: abs(pair[0].total.cents - pair[1].total.cents))
    labels = [f"{bill.period.last_day:%b} ’{bill.period.last_day:%y}" for bill in now.bills]
    return Bars(
        "advice-months",
        f"The largest change of a bill is {change(best[1].total - best[0].total)}.",
        f"It is that of {day(best[0].period.start)} to {day(best[0].period.last_day)}.",
        labels,
        [Series("Now", [_dollars(bill.total) for bill in now.bills]),
         Series("Then", [_dollars(bill.total) for bill in then.bills])],
        "$",
        "Bill",
    )  # fmt: skip


def rate_rows(found: Answer) -> list[dict[str, Any]]:
    return [
        {
            "code": rate.code + (" (now)" if rate.current else ""),
            "now": rate.now.total if rate.now else None,
            "then": rate.then.total if rate.then else None,
            "saving": change(-rate.saving) if rate.saving is not None else "",
            "why": rate.closed_then or rate.refused or (f"Open now? {rate.closed}" if rate.closed else ""),
        }
        for rate in found.rates
        if rate.current or not (rate.closed and rate.closed_then)
    ]


def saved_row(beside: Beside, slug: str, service: int, *, drops: bool) -> dict[str, Any]:
    kept, found = beside.kept, beside.answer
    url = f"{reverse('key:advice', args=[slug])}?{query_of_stored(kept.changes, service)}"
    gone = reverse("key:do-drop-advice", args=[slug, kept.pk])
    acts = format_html(
        '<a class="btn btn-sm" href="{}" data-panel>Drop<span class="visually-hidden"> {}</span></a>', gone, kept.name
    )
    row: dict[str, Any] = {"name": kept.name, "url": url, "acts": acts if drops else "", "saving": beside.refused}
    row |= dict.fromkeys(("earned", "peak", "tonnes", "cost")) | dict.fromkeys(("payback", "rate"), "")
    if found is None:
        return row
    return row | {
        "saving": change(_year(found).total - _present(found).total),
        "earned": found.payback.earned if found.payback and found.payback.earned.cents else None,
        "peak": found.peaks.then_kw,
        "tonnes": found.tonnes.less,
        "cost": found.payback.cost if found.payback else None,
        "payback": _years(found.payback),
        "rate": found.on.code,
    }


def _present(found: Answer) -> PricedYear:
    now = next(rate.now for rate in found.rates if rate.current)
    assert now is not None, "an answer has the bills as they are"
    return now


def _year(found: Answer) -> PricedYear:
    assert found.on.then is not None, "an answer goes by a rate that was priced"
    return found.on.then


def _tonnes(value: float) -> str:
    return number(Decimal(str(round(value, 1))) or Decimal(0), 1)


def _years(payback: Payback | None) -> str:
    if payback is None:
        return "not told"
    return "never" if payback.years is None else f"{payback.years:.1f} years"


def _range(payback: Payback | None) -> str:
    if payback is None or payback.years is None:
        return "it brings nothing in a year" if payback else "there is no year of bills"
    latest = f"{payback.latest:.1f}" if payback.latest is not None else "never"
    return f"{payback.soonest:.1f} to {latest}, as a cost of {money(payback.cost)} may be off"


def _paid(payback: Payback) -> str:
    parts = [(payback.bills, "of bills"), (payback.fuel, "of fuel"), (payback.earned, "of credits and sales")]
    told = ", ".join(f"{money(amount)} {what}" for amount, what in parts if amount.cents)
    less = f" less rebates of {money(payback.rebates)}" if payback.rebates.cents else ""
    return f"It costs {money(payback.cost)}{less} and brings {money(payback.yearly)} in a year ({told or 'nothing'})."


def _earned(effect: Effect) -> str:
    return f"{money(Money.nearest(Decimal(effect.earned)))} a year is no part of the bills: {effect.paid}."


def _dollars(amount: Money) -> Decimal:
    return Decimal(amount.cents) / 100
