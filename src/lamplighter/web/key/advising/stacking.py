"""The rebates that stack on a what-if: ours by the manual, others' beside them, and the payback before and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.advice.answers import Answer, after_rebates
from lamplighter.advice.changing import Changed
from lamplighter.advice.effects import share_of_year
from lamplighter.advice.kinds import BATTERY
from lamplighter.advice.scenario import Scenario
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.kernel.money import Money, total
from lamplighter.rebates.queries.offers import Stacked, WhatIf, stacking
from lamplighter.web.ui.parts import Fact, Link

CENTS = Decimal("0.01")


def rebates_shown(
    found: Answer, scenario: Scenario, curve: LoadCurve, service: Agreement, *, on: date, applies: bool
) -> dict[str, Any]:
    """Facts line by line, and a sentence on the payback; nothing where no rebate counts a measure of it."""
    measures = [_what_if(one, curve) for one in found.measures] + _battery(scenario)
    stacks = stacking(measures, customer_class=service.account.customer_class, on=on)
    if not stacks:
        return {}
    facts: list[Fact] = []
    for one in stacks:
        facts += [Fact("From others", f"{amount}: {other.giver}, {other.name}") for other, amount in one.stack.others]
        link = Link("Ask for it", _apply(one, service), panel=True) if applies and one.stack.ours.amount else None
        ours = f"{one.stack.ours.amount}: {one.entry.measure.name}, {one.entry.measure.program.name}"
        facts.append(Fact("From us", ours, link))
        facts += [Fact("Not beside ours", f"{other.giver}: {other.name}") for other in one.stack.instead]
    together = total(one.stack.together for one in stacks)
    return {"rebates": [*facts, Fact("Together", together)], "after": _payback(found, together)}


def _payback(found: Answer, rebates: Money) -> str:
    if found.payback is None:
        return f"Rebates of {rebates} come off the cost. There is no year of bills to tell the payback by."
    after = after_rebates(found.payback, rebates)
    if found.payback.years is None or after.years is None:
        return f"Rebates of {rebates} come off the cost of {after.cost}; it brings nothing in a year to pay it back."
    left = after.cost - rebates
    return (f"It pays back in {found.payback.years:.1f} years without them, and in {after.years:.1f} years with them:"
            f" {left} of {after.cost} is left to pay.")  # fmt: skip


def _what_if(one: Changed, curve: LoadCurve) -> WhatIf:
    kwh = -float(one.effect.kw.sum()) * curve.hours / share_of_year(curve)
    counts = {name: Decimal(str(value)) for name, value in one.measure.values.items()}
    return WhatIf(one.measure.kind.name, counts | {"kwh": _two(kwh)}, Money.nearest(Decimal(one.effect.cost)))


def _battery(scenario: Scenario) -> list[WhatIf]:
    values = next((one.values for one in scenario.measures if one.kind is BATTERY), None)
    if scenario.battery is None or values is None:
        return []
    counts = {name: Decimal(str(value)) for name, value in values.items()}
    return [WhatIf(BATTERY.name, counts, Money.nearest(Decimal(scenario.battery.cost)))]


def _apply(one: Stacked, service: Agreement) -> str:
    """The form, filled with what the what-if counted."""
    url = reverse("desk:do-rebate-apply", args=[service.account.number, one.entry.measure_id])
    said = {"agreement": service.pk, "quantity": one.quantity.quantize(CENTS), "cost": one.stack.cost.dollars}
    return f"{url}?{urlencode(said)}"


def _two(value: float) -> Decimal:
    return Decimal(value).quantize(CENTS)
