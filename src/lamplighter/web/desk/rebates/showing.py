"""How rebates are said: what one unit brings, what stacks, where an application stands and what it saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from lamplighter.accounts.models import Account
from lamplighter.kernel.money import Money
from lamplighter.rebates.models import ManualEntry, RebateApplication
from lamplighter.rebates.queries.offers import incentives_on, offered
from lamplighter.rebates.queries.standing import rebates
from lamplighter.rebates.rules.worth import Basis, Form, Other, Stack
from lamplighter.web.access import permissions
from lamplighter.web.desk.rebates.tables import Offers, Rebates
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.parts import Empty, Fact
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import number, quantity
from lamplighter.web.visits import visit


def asked_shown(request: HttpRequest, accounts: Sequence[int]) -> Mapping[str, Any]:
    """Applications of some accounts, as a grid."""
    rows = rebates().filter(account__in=accounts).annotate(customer=customer_of("account"))
    return {"grid": grid(request, table=Rebates, rows=rows, caption="Rebates", name="rebates",
                         empty=Empty("No rebate was asked for yet."))}  # fmt: skip


def offers_shown(request: HttpRequest, account: Account) -> Mapping[str, Any]:
    """What the account's class of customers may have today, with what stacks, and the way to ask for it."""
    entries = offered(on=visit(request).on, customer_class=account.customer_class)
    empty = Empty(f"No program has a rebate for {account.get_customer_class_display().lower()} customers today.")
    return {"grid": grid(request, table=Offers, rows=_offer_rows(request, account, entries), caption="Offers",
                         name="offers", empty=empty)}  # fmt: skip


def rate_said(entry: ManualEntry) -> str:
    """`$45 × lamps, up to 50% of the cost, at most $10,000.00`."""
    parts = [f"${entry.dollars.normalize():f} × {entry.measure.unit}"]
    if entry.cost_percent is not None:
        parts.append(f"up to {entry.cost_percent}% of the cost")
    if entry.most is not None:
        parts.append(f"at most {entry.most}")
    return ", ".join(parts)


def other_said(other: Other) -> str:
    """Whose, what, how much."""
    amount = {
        Form.PERCENT: f"{other.value.normalize():f}% of the cost",
        Form.UNIT: f"${other.value.normalize():f} a unit",
        Form.FIXED: f"${other.value:,.2f}",
    }[other.form]
    most = f", at most {other.most}" if other.most is not None else ""
    return f"{other.giver}, {other.name}: {amount}{most}"


def stack_facts(found: Stack) -> list[Fact]:
    """Line by line from the cost to what the customer pays."""
    facts = [Fact("Cost", found.cost)]
    facts += [Fact("From others", f"{-amount}: {other.giver}, {other.name}") for other, amount in found.others]
    facts.append(Fact("Our rebate", -found.ours.amount))
    facts.append(Fact("The customer pays", found.left))
    facts += [Fact("Because", says) for says in found.ours.says]
    facts += [Fact("Not beside ours", other_said(other)) for other in found.instead]
    return facts


def savings_facts(found: RebateApplication) -> list[Fact]:
    """What was found that it saves in a year; empty before."""
    if not hasattr(found, "saving"):
        return []
    saving, terms = found.saving, found.terms
    off = "" if saving.off_kwh is None else f" ± {number(saving.off_kwh)} (90 %)"
    evaluated = saving.kwh * terms.realisation_percent / 100
    facts = [
        Fact("Gross savings of a year", f"{number(saving.kwh)} kWh{off}, {saving.get_basis_display().lower()}"),
        Fact("Evaluated", f"{number(evaluated)} kWh at a realisation rate of {terms.realisation_percent}%"),
        Fact("Net", f"{number(evaluated * terms.net_percent / 100)} kWh at net-to-gross of {terms.net_percent}%"),
        Fact("CO₂ less, a year", f"{number(saving.kg / 1000, 2)} t, by {number(saving.kg_per_mwh)} kg a MWh"
                                f" ({saving.factor})"),
        Fact("Lasts", f"{saving.years} years"),
    ]  # fmt: skip
    if saving.kw:
        facts.insert(1, Fact("At the peak", quantity(saving.kw, "kW", 1)))
    if saving.fit:
        facts.append(Fact("How well the meter tells it", saving.fit))
    return facts


def units(value: Decimal | None, entry: ManualEntry) -> str:
    return "" if value is None else f"{value.normalize():,f} {entry.measure.unit}"


def _saves(entry: ManualEntry) -> str:
    if entry.measure.basis == Basis.MEASURED:
        return "as its meter tells"
    one = entry.one
    used = "more" if one.kwh < 0 else ""
    parts = [f"{number(abs(one.kwh), 1)} kWh {used}".strip()]
    if one.fuel_kg:
        parts.append(f"{number(one.fuel_kg, 1)} kg of fuel's CO₂")
    return ", ".join(parts)


def _offer_rows(request: HttpRequest, account: Account, entries: Sequence[ManualEntry]) -> list[dict[str, Any]]:
    others = incentives_on([one.measure_id for one in entries], on=visit(request).on)
    may = "rebates.apply" in permissions(request)
    return [
        {
            "measure": one.measure.name, "program": one.measure.program.name, "rate": rate_said(one),
            "saves": _saves(one),
            "others": "; ".join(other_said(row.other) for row in others.get(one.measure_id, ()) if row.stacks),
            "act": _apply(account, one) if may else "",
        }
        for one in entries
    ]  # fmt: skip


def _apply(account: Account, entry: ManualEntry) -> str:
    url = reverse("desk:do-rebate-apply", args=[account.number, entry.measure_id])
    return format_html('<a class="btn btn-sm" href="{}" data-panel>Apply<span class="visually-hidden"> for {}</span>'
                       "</a>", url, entry.measure.name)  # fmt: skip


def lowered(asked: Money, now: Money) -> str:
    return f"{now}, reserved {asked}" if now != asked else str(now)
