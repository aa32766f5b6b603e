"""A year foretold, which the first worker works out, and the calendar year's budget as the board adopted it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lamplighter.accounts.models import Account
from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.queries.developments import sales_by_class
from lamplighter.platform.transactions import unit_of_work
from lamplighter.ratestudies.adoption import assumptions
from lamplighter.ratestudies.operations.forecasts import adopt_budget, begin_forecast
from lamplighter.ratestudies.queries.variance import billed_by_class
from lamplighter.town.calendar import at
from lamplighter.town.staff import JOEL

YEAR = 12
PLANNED = {"evs": 150.0, "heat_pumps": 60.0, "solar_kw": 300.0, "growth_residential": 0.5}
PLAN = {"residential": ("0.985", "0.99"), "commercial": ("1.015", "1.03"), "industrial": ("1.04", "1.035")}
AS_BEFORE = ("1", "1.01")
"""What the board planned beside a year as it came: kWh, and dollars."""


def foretell_the_year(on: date) -> None:
    first = on.replace(day=1)
    values = {one.name: one.value for one in assumptions(Account.CustomerClass.values)} | PLANNED
    agreed = {name: [float(kwh) for kwh in one.committed]
              for name, one in sales_by_class(first=first, count=YEAR, on=on).items()}  # fmt: skip
    with unit_of_work(JOEL):
        begin_forecast(
            name="The year ahead, with what is agreed on", first=first, values=values, counts="agreed",
            pipeline=agreed, on=on, by=JOEL, at=at(on, 8, 20),
        )  # fmt: skip
        adopted = on - timedelta(days=330)
        adopt_budget(name=f"Resolution {adopted.year}-41", text=_budget(first), by=JOEL, at=at(adopted, 10))


def _budget(first: date) -> str:
    """The calendar year of `first`, from what the same months were billed at last."""
    billed = billed_by_class(months_before(first, YEAR), first)
    lines = ["month,class,kwh,revenue"]
    for (month, name), (kwh, revenue) in sorted(billed.items()):
        more, dearer = map(Decimal, PLAN.get(name, AS_BEFORE))
        planned, worth = round(kwh * more, -3), Money(round(int(revenue.cents * dearer), -4))
        lines.append(f"{first.year}-{month:%m},{name},{planned:f},{Decimal(worth.cents) / 100}")
    return "\n".join(lines)
