"""Begin a forecast with what is taken as given, keep what it came to once; take a budget in."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO

from lamplighter.accounts.models import Account
from lamplighter.billing.rules import months_before
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.numerals import ungrouped
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.queueing import queue_run
from lamplighter.platform.transactions import in_transaction
from lamplighter.ratestudies.models import Forecast, ForecastMonth, RevenueBudget, RevenueBudgetLine
from lamplighter.ratestudies.queries.foretelling import WorkedForecast

TASK = "ratestudies.forecast"
COLUMNS = ["month", "class", "kwh", "revenue"]
MOST_LINES, SHOWN, YEAR = 200, 5, 12
LARGEST = Decimal(10) ** 12


class CannotForecast(Exception):
    """A forecast or a budget is refused; the message says why and what to do."""


@in_transaction
def begin_forecast(
    *, name: str, first: date, values: Mapping[str, float], pipeline: Mapping[str, Sequence[float]], counts: str,
    on: date, by: Actor, at: datetime, queued: bool = True,
) -> Forecast:  # fmt: skip
    """Keep what is given and, unless `queued` is off, ask for the work in the background."""
    if first.day != 1 or first > on:
        raise CannotForecast("A forecast begins with a month whose past is billed: this one, or one before it.")
    made = Forecast.objects.create(
        name=name.strip(), first=first, made_by=by, made_at=at,
        given={"values": dict(values), "pipeline": {key: list(kwh) for key, kwh in pipeline.items()}, "counts": counts},
    )  # fmt: skip
    if queued:
        made.run = queue_run(TASK, kind="forecast", subject=made.name, alone=made.subject, by=by, at=at,
                             forecast=made.pk)  # fmt: skip
        made.save(update_fields=["run"])
    record("ratestudies.forecast.begun", subject=made.subject, by=by, at=at, first=first.isoformat())
    return made


@in_transaction
def keep_forecast(*, forecast: Forecast, worked: WorkedForecast, by: Actor, at: datetime) -> Forecast:
    """What was worked out, once. One that another attempt has kept meanwhile stays as it is."""
    held = Forecast.objects.select_for_update(of=("self",)).get(pk=forecast.pk)
    if held.state != Forecast.State.WAITING:
        return held
    ForecastMonth.objects.bulk_create(worked.rows)
    held.state, held.result = Forecast.State.DONE, worked.result
    held.save(update_fields=["state", "result"])
    record("ratestudies.forecast.done", subject=held.subject, by=by, at=at, rows=len(worked.rows),
           customers=worked.result["customers"])  # fmt: skip
    return held


@in_transaction
def refuse_forecast(*, forecast: Forecast, why: str, by: Actor, at: datetime) -> Forecast:
    """The past does not carry it: that stays as its result."""
    held = Forecast.objects.select_for_update(of=("self",)).get(pk=forecast.pk)
    if held.state == Forecast.State.WAITING:
        held.state, held.result = Forecast.State.REFUSED, {"why": why}
        held.save(update_fields=["state", "result"])
        record("ratestudies.forecast.refused", subject=held.subject, by=by, at=at, why=why)
    return held


@in_transaction
def adopt_budget(*, name: str, text: str, by: Actor, at: datetime) -> RevenueBudget:
    """A CSV of month (2026-07), class, kwh, revenue in dollars; twelve months that follow each other at most, a fiscal
    year or a calendar one. Refused whole where lines are wrong, with the first of them by number. Raises
    CannotForecast."""
    lines = _lines(text)
    year = max(one.month for one in lines).year
    made = RevenueBudget.objects.create(year=year, name=name.strip(), made_by=by, made_at=at)
    RevenueBudgetLine.objects.bulk_create(
        RevenueBudgetLine(
            budget=made, month=one.month, customer_class=one.customer_class, kwh=one.kwh, revenue=one.revenue
        )
        for one in lines
    )
    record("ratestudies.budget.adopted", subject=made.subject, by=by, at=at, year=made.year, lines=len(lines))
    return made


@dataclass(frozen=True, slots=True)
class _Line:
    month: date
    customer_class: str
    kwh: Decimal
    revenue: Money


def _lines(text: str) -> list[_Line]:
    rows = csv.reader(StringIO(text))
    head = [one.strip().lower() for one in next(rows, [])]
    if head != COLUMNS:
        raise CannotForecast(f"Line 1: the columns must be {', '.join(COLUMNS)}, not {', '.join(head) or 'nothing'}.")
    found: dict[tuple[date, str], _Line] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            one = _line(row)
            if (one.month, one.customer_class) in found:
                raise CannotForecast(f"{one.month:%Y-%m} of {one.customer_class} stands there twice.")
            found[one.month, one.customer_class] = one
        except CannotForecast as why:
            wrong.append(f"Line {number}: {why}")
    months = [month for month, _ in found]
    if months and min(months) <= months_before(max(months), YEAR):
        wrong.append("A budget is of one year: put every twelve months in a file of their own.")
    if wrong or not found or len(found) > MOST_LINES:
        raise CannotForecast(" ".join(wrong[:SHOWN]) or "The file has no lines, or too many.")
    return list(found.values())


def _line(row: Sequence[str]) -> _Line:
    if len(row) != len(COLUMNS):
        raise CannotForecast(f"It has {len(row)} fields; four were expected.")
    month, customer_class, kwh, revenue = (cell.strip() for cell in row)
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError as fault:
        raise CannotForecast(f"{month[:20]!r} is no month: write 2026-07.") from fault
    if customer_class not in Account.CustomerClass.values:
        known = ", ".join(Account.CustomerClass.values)
        raise CannotForecast(f"{customer_class[:20]!r} is no class of customer. There are: {known}.")
    return _Line(day, customer_class, _number(kwh, "kwh"), Money.nearest(_number(revenue, "revenue")))


def _number(said: str, name: str) -> Decimal:
    try:
        found = Decimal(ungrouped(said.replace("$", "")))
    except InvalidOperation as fault:
        raise CannotForecast(f"{said[:20]!r} is no number ({name}).") from fault
    if not found.is_finite() or not 0 <= found < LARGEST:
        raise CannotForecast(f"{said[:20]} is not from nothing to a trillion ({name}).")
    return found
