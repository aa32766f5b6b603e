"""A story as the words and figures that a deck and a letter show: text, rows, and numbers to draw. Pure of layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lamplighter.advice.answers import Answer
from lamplighter.billing.queries.peak_costs import PeakCost
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.measures import said
from lamplighter.keyaccounts.queries.plans import Standing
from lamplighter.keyaccounts.queries.story import Story

MOST_ROWS = 5
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: its heading, a sentence that says what it shows, and a table; `labels` with `values` (of
    `unit`) are to be drawn. Where nothing can be told, `said` says why, and the rest is empty."""

    key: str
    title: str
    said: str
    heads: Row = ()
    rows: tuple[Row, ...] = ()
    labels: Row = ()
    values: tuple[float, ...] = ()
    unit: str = ""


def sections(story: Story) -> tuple[Section, ...]:
    """Use, peaks, rates, what-ifs, plan: always these five, in this order."""
    return _use(story), _peaks(story), _rates(story), _what_ifs(story), _plan(story)


def _use(story: Story) -> Section:
    title = "A year of your power"
    if not story.bills:
        return Section("use", title, story.untold["use"])
    kwh = sum((bill.kwh or Decimal(0) for bill in story.bills), Decimal(0))
    cost = sum((bill.total for bill in story.bills), Money(0))
    first, last = story.bills[0].period.start, story.bills[-1].period.last_day
    said = f"{len(story.bills)} bills from {_day(first)} to {_day(last)}: {kwh:,.0f} kWh for {cost}."
    rows = [("Energy", f"{kwh:,.0f} kWh"), ("Cost", str(cost))]
    if kwh:
        rows.append(("Average price", f"{Decimal(cost.cents) / kwh:.1f} ¢/kWh"))
    if story.figures is not None:
        found = story.figures
        rows += [("Highest demand", f"{found.peak_kw:,.0f} kW"), ("Base load", f"{found.base_kw:,.0f} kW"),
                 ("Load factor", f"{found.load_factor:.0%}")]  # fmt: skip
        if found.power_factor is not None:
            rows.append(("Power factor", f"{found.power_factor:.2f}"))
    return Section(
        "use", title, said, ("", ""), tuple(rows), tuple(f"{bill.month:%b ’%y}" for bill in story.bills),
        tuple(float(bill.kwh or 0) for bill in story.bills), "kWh",
    )  # fmt: skip


def _peaks(story: Story) -> Section:
    title = "Your peaks, and what they cost"
    found = story.peaks
    if found is None or not found.peaks:
        return Section("peaks", title, story.untold.get("peaks", "No peak was found."))
    worst = max(found.peaks, key=lambda one: one.cost)
    said = (
        f"{_day(worst.peak.day)} at {_clock(worst.peak.at)} reached {worst.peak.kw:,.0f} kW and cost {worst.cost}:"
        f" with that day at {worst.kw_without:,.0f} kW the twelve bills of {found.actual} would have been less by that."
    )
    if found.habit is not None:
        said += (
            f" All peaks at {_clock(found.habit.peak.at)} together cost {found.habit.cost}; without them the highest"
            f" demand would be {found.habit.kw_without:,.0f} kW."
        )
    dear = [one for one in found.peaks if one.cost] or list(found.peaks)
    rows = tuple(_peak(one) for one in dear[:MOST_ROWS])
    return Section("peaks", title, said, ("Day", "Time", "Demand", "Cost in twelve bills"), rows)


def _peak(one: PeakCost) -> Row:
    return _day(one.peak.day), _clock(one.peak.at), f"{one.peak.kw:,.0f} kW", str(one.cost)


def _rates(story: Story) -> Section:
    title = "Your rate beside others"
    found = story.rates
    if found is None:
        return Section("rates", title, story.untold["rates"])
    best, now = found.best, found.current
    among = f"the cheapest of {len(found.options)}" if len(found.options) > 1 else "the only one open to you"
    said = (
        f"{now.code}, your rate, is {among}: {now.year.total} for twelve bills."
        if best.current
        else f"On {best.code} the twelve bills would have been {best.year.total} instead of {now.year.total}:"
        f" {found.saving(best)} less for the same use."
    )
    options = found.options[:MOST_ROWS]
    rows = tuple(
        (one.code + (", your rate" if one.current else ""), one.name, str(one.year.total),
         "" if one.current else _change(one.year.total - now.year.total))
        for one in options
    )  # fmt: skip
    return Section(
        "rates", title, said, ("Rate", "", "Twelve bills", "Difference"), rows, tuple(one.code for one in options),
        tuple(one.year.total.cents / 100 for one in options), "$",
    )  # fmt: skip


def _what_ifs(story: Story) -> Section:
    title = "What could be different"
    found = [one for one in story.what_ifs if one.answer is not None][:MOST_ROWS]
    if not found:
        refused = next((one.refused for one in story.what_ifs), "")
        return Section("what_ifs", title, story.untold.get("what_ifs", refused))
    answers = [(one.kept.name, one.answer) for one in found if one.answer is not None]
    paid = [f"{name}: {part.effect.paid}." for name, answer in answers for part in answer.measures if part.effect.paid]
    rows = tuple(_what_if(name, answer, earns=bool(paid)) for name, answer in answers)
    said = "Each was worked out on your own year of meter readings, at today's prices; an estimate, not a promise."
    heads = "What if", "Bills of a year", *(["Paid to you"] if paid else []), "Highest demand", "Pays back in"
    return Section("what_ifs", title, " ".join([said, *paid]), heads, rows)


def _what_if(name: str, found: Answer, *, earns: bool) -> Row:
    """`earns` if some of them bring more than lower bills."""
    now = next(rate.now for rate in found.rates if rate.current)
    assert now is not None, "an answer has the bills as they are"
    assert found.on.then is not None, "an answer goes by a rate that was priced"
    years = found.payback.years if found.payback else None
    back = f"{years:.1f} years" if years is not None else "never" if found.payback else "not told"
    brings = [str(found.payback.earned) if found.payback and found.payback.earned.cents else ""] if earns else []
    return name, _change(found.on.then.total - now.total), *brings, f"{found.peaks.then_kw:,.0f} kW", back


def _plan(story: Story) -> Section:
    title = "What we plan together"
    if story.plan is None:
        return Section("plan", title, story.untold["plan"])
    steps = "; ".join(f"{step.words} (by {_day(step.due_on)})" for step in story.steps[:3])
    said = f"Next: {steps}." if steps else f"We look at it together on {_day(story.plan.review_on)}."
    rows = tuple(_goal(one) for one in story.goals[:MOST_ROWS])
    return Section("plan", title, said, ("Goal", "Now", "Target", "By", "Where it stands"), rows)


def _goal(one: Standing) -> Row:
    now, target = ("–" if value is None else said(one.goal.measure, value) for value in (one.value, one.goal.target))
    return one.goal.title, now, target, _day(one.goal.due_on), one.words


def _change(amount: Money) -> str:
    """`$1,240.00 less`, `$80.00 more`."""
    if not amount.cents:
        return "the same"
    return f"{abs(amount)} {'less' if amount.cents < 0 else 'more'}"


def _clock(at: datetime) -> str:
    """`10:15 am`."""
    return f"{at:%-I:%M %p}".lower()


def _day(on: date) -> str:
    return f"{on:%b %-d, %Y}"
