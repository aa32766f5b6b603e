"""Read the quantity of a line: what is metered, billing demand and its rules, facts of the account."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lamplighter.kernel.energy import Flow
from lamplighter.rating.attributes import Amount
from lamplighter.rating.determinants import DemandWindow, Determinant, What
from lamplighter.rating.files.figures import Known, figure
from lamplighter.rating.files.tables import Table
from lamplighter.rating.hours import Clock
from lamplighter.rating.peakhours import AT_PEAK
from lamplighter.rating.quantities import (
    ContractDemand,
    Demand,
    DemandRule,
    Excess,
    LeastDemand,
    MeanWithPast,
    Metered,
    OfAccount,
    OfLines,
    Once,
    Quantity,
    Ratchet,
    RoundTo,
    Step,
)
from lamplighter.rating.spelling import did_you_mean

ENERGY = [What.KWH, What.KVARH, What.KVAH]
POWER = [What.KW, What.KVA, What.KVAR]
COINCIDENT = "coincident kW"
LINES = "quantity of lines"
KNOWN = [*ENERGY, *POWER, COINCIDENT, LINES]
REFUSED = {
    "hp": "Connected horsepower is not metered: price an attribute of the account in kW instead.",
    "hourly price": "A price for every hour needs a price series, which tariff files do not hold.",
}


def quantity(table: Table, known: Known) -> Quantity:
    """What the line counts. Without the word `quantity` it is the bill itself, charged by the month or day."""
    name = table.text("quantity", "")
    match name:
        case "":
            return Once()
        case "kWh" | "kVArh" | "kVAh":
            return _excess(table, _metered(table, What(name), known), known)
        case "kW" | "kVA" | "kVAr":
            return _excess(table, _demand(table, What(name), known), known)
        case "coincident kW":
            return _coincident(table, known)
        case "quantity of lines":
            return OfLines(table.words("lines"), table.text("counted_in", "kWh"))
        case _:
            return _of_account(table, name, known)


def clock_and_periods(table: Table, known: Known) -> tuple[Clock | None, tuple[str, ...]]:
    """The clock that a line goes by, and the TOU periods that it is limited to."""
    name = table.text("clock", next(iter(known.clocks), ""))
    clock = known.clocks.get(name)
    periods = table.words("periods")
    if clock is None:
        if "clock" in table.values:
            table.unknown("clock", name, list(known.clocks))
        elif periods:
            table.wrong("periods", "There is no clock whose periods these could be.", "Write [[calendar.clock]].")
        return None, ()
    for period in periods:
        if period not in clock.names:
            table.unknown("periods", period, clock.names)
    return clock, tuple(period for period in periods if period in clock.names)


def _metered(table: Table, what: What, known: Known) -> Metered:
    clock, periods = clock_and_periods(table, known)
    return Metered(
        what,
        table.word("flow", Flow, Flow.DELIVERED),
        clock,
        periods,
        netting=table.integer("netting_minutes", 0),
        bank=table.text("bank", ""),
        losses=figure(table, "losses", known),
        rounded=rounded(table),
    )


def _coincident(table: Table, known: Known) -> Quantity:
    """kW in the hours in which the system peaked: the kWh of one hour."""
    hours = known.peak_hours
    if hours is None:
        remedy = "Write [calendar.peak_hours] with from, until, hours and told_by."
        table.notes.add((*table.path, "quantity"), "missing", "No peak hours of the system are recorded.", remedy)
        return Once()
    return Metered(
        What.KWH, clock=hours.clock, periods=(AT_PEAK,), losses=figure(table, "losses", known), rounded=rounded(table),
        peak_hours=hours,
    )  # fmt: skip


def _demand(table: Table, what: What, known: Known) -> Demand:
    clock, periods = clock_and_periods(table, known)
    return Demand(
        what,
        window(table),
        table.word("flow", Flow, Flow.DELIVERED),
        clock,
        periods,
        daily=table.truth("each_day"),
        rules=tuple(_rules(table, what, known)),
        free=figure(table, "free", known),
        losses=figure(table, "losses", known),
        rounded=rounded(table),
    )


def window(table: Table) -> DemandWindow:
    minutes = table.integer("window_minutes", 15)
    return DemandWindow(minutes, table.integer("sliding_by", 0))


def rounded(table: Table) -> Step | None:
    inner = table.table("round_to")
    if inner is None:
        return None
    step = Step(inner.number("size"), inner.word("to", RoundTo, RoundTo.NEAREST))
    if step.size <= 0:
        inner.wrong("size", f"A quantity cannot be rounded to {step.size}.")
        step = Step(Decimal(1))
    inner.close()
    return step


def _rules(table: Table, what: What, known: Known) -> Iterator[DemandRule]:
    for inner in table.tables("ratchet"):
        yield _ratchet(inner, what, known)
    contract = table.table("contract")
    if contract is not None:
        attribute = contract.text("attribute")
        if not isinstance(known.attributes.get(attribute), Amount):
            contract.unknown("attribute", attribute, _numbers(known))
        yield ContractDemand(attribute, contract.number("percent", Decimal(100)) / 100)
        contract.close()
    least = figure(table, "least", known)
    if least is not None:
        yield LeastDemand(least)
    if "mean_with_highest_of_months" in table:
        yield MeanWithPast(table.integer("mean_with_highest_of_months"))


def _ratchet(table: Table, what: What, known: Known) -> Ratchet:
    percent, back = table.number("percent"), table.integer("months_back")
    if not 0 < percent <= 100:
        table.wrong("percent", f"A ratchet of {percent} % is not between 0 and 100 %.")
    if not 1 <= back <= 36:
        table.wrong("months_back", f"A ratchet cannot look back {back} months.", "Write 1 to 36.")
    months = table.integers("of_months", 1, 12)
    of = None
    if "of_periods" in table:
        clock = known.clocks.get(table.text("clock", next(iter(known.clocks), "")))
        periods = table.words("of_periods")
        if clock is None or not set(periods) <= set(clock.names):
            table.unknown("of_periods", ", ".join(periods), clock.names if clock else [])
        else:
            of = Determinant(what, Flow.DELIVERED, clock, periods, window=window(table))
    table.close()
    return Ratchet(percent / 100, back, months, of)


def _excess(table: Table, counted: Metered | Demand, known: Known) -> Quantity:
    """kVAr above so many percent of kW; kW above a number that the account tells."""
    inner = table.table("above")
    if inner is None:
        return counted
    of = quantity(inner, known)
    percent = inner.number("percent", Decimal(100))
    inner.close()
    if not isinstance(of, Metered | Demand | OfAccount):
        inner.wrong("quantity", "An allowance is of something metered or told.", did_you_mean("kW", KNOWN))
        return counted
    return Excess(counted, percent / 100, of)


def _of_account(table: Table, name: str, known: Known) -> Quantity:
    attribute = known.attributes.get(name)
    if isinstance(attribute, Amount):
        return OfAccount(name, attribute.unit, table.number("free", Decimal(0)))
    if name in REFUSED:
        table.notes.add((*table.path, "quantity"), "not_expressible", f"“{name}” cannot be priced.", REFUSED[name])
    else:
        table.unknown("quantity", name, [*KNOWN, *_numbers(known)])
    return Once()


def _numbers(known: Known) -> list[str]:
    return [name for name, attribute in known.attributes.items() if isinstance(attribute, Amount)]
