"""Using less: a measure that saves in some hours, cuts on days that are called, and capacitors for reactive power."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.assumptions import QUOTE, YOURS, Assumption, CannotAdvise
from lamplighter.advice.clock import between, on_days
from lamplighter.advice.effects import Effect, Given, Kind
from lamplighter.intervals.curves.curve import LoadCurve


def efficiency(given: Given) -> Effect:
    """`kw` and a share of the rest less in the hours of the measure; never more than is used."""
    curve, values = given.curve, given.values
    load = np.maximum(curve.kw_net(), 0)
    hours = between(curve.calendar, values["from_at"], values["to_at"]) & on_days(curve.calendar, values["days"])
    fixed = np.minimum(load, values["kw"])
    saved = hours * (fixed + (load - fixed) * values["share"] / 100)
    short = bool((hours & (load < values["kw"])).any())
    cannot = (
        f"In some of these hours less than {values['kw']:g} kW is used: no more is saved than that." if short else ""
    )
    return Effect(-saved, values["cost"], cannot=cannot)


def response(given: Given) -> Effect:
    """On the days with the highest load in the hours called, so much less, and part of it used later that day."""
    curve, values = given.curve, given.values
    calendar = curve.calendar
    load = np.maximum(curve.kw_net(), 0)
    called = between(calendar, values["from_at"], values["to_at"])
    if not called.any():
        told = f"Demand response: there is no hour from {values['from_at']:g} to {values['to_at']:g} o'clock."
        raise CannotAdvise("advice.impossible", told, field="to_at")
    highest = np.array([(load[day] * called[day]).max() for day in _days(curve)])
    count = min(round(values["events"] * calendar.days / 365.25), calendar.days)
    chosen = np.argsort(-highest, kind="stable")[:count]
    added = np.zeros(calendar.slots)
    for at in chosen.tolist():
        day = slice(int(calendar.firsts[at]), int(calendar.firsts[at + 1]))
        cut = np.minimum(load[day], values["kw"]) * called[day]
        after = np.flatnonzero(called[day])[-1] + 1
        added[day] -= cut
        back = slice(day.start + after, min(day.start + after + int(2 / curve.hours), day.stop))
        if back.stop > back.start:
            added[back] += float(cut.sum()) * values["rebound"] / 100 / (back.stop - back.start)
    paid = f"the program pays ${values['credit']:,.2f} for each of {values['kw']:,.0f} kW that are cut on call"
    after = f", and {values['rebound']:g}% of what is not used then is used after" if values["rebound"] else ""
    return Effect(added, values["cost"], earned=values["kw"] * values["credit"], paid=paid + after)


def capacitor(given: Given) -> Effect:
    """Reactive power given on the spot; never more than is taken. Raises CannotAdvise where no meter counts it."""
    curve, values = given.curve, given.values
    kvar = curve.kvar()
    if kvar is None:
        raise CannotAdvise("advice.reactive", "The meter does not count kVArh: nobody knows what there is to correct.")
    return Effect(np.zeros(curve.calendar.slots), values["kvar"] * values["cost_a_kvar"],
                  kvar=-np.minimum(kvar, values["kvar"]))  # fmt: skip


def _days(curve: LoadCurve) -> list[slice]:
    firsts = curve.calendar.firsts
    return [slice(int(firsts[day]), int(firsts[day + 1])) for day in range(curve.calendar.days)]


HOURS = (
    Assumption("from_at", "From", "o'clock", 0, 0, 24, 0.5, YOURS),
    Assumption("to_at", "to", "o'clock", 24, 0, 24, 0.5, YOURS),
)
EFFICIENCY = Kind(
    "efficiency", "Efficiency measure", "Lights, motors, controls: less power in some hours.",
    (
        Assumption("kw", "Power saved", "kW", 10, 0, 10_000, 0.5, "The survey of the equipment tells it."),
        Assumption("share", "Share of the rest saved", "%", 0, 0, 90, 1, "The survey of the equipment tells it."),
        *HOURS,
        Assumption("days", "Days a week", "days", 7, 1, 7, 1, YOURS),
        Assumption("cost", "Cost, installed", "$", 20_000, 0, 10_000_000, 500, QUOTE),
    ), efficiency,
)  # fmt: skip
RESPONSE = Kind(
    "demand_response", "Demand response", "Less power in the hours that the utility calls.",
    (
        Assumption("kw", "Power cut", "kW", 100, 1, 10_000, 1, YOURS),
        Assumption("events", "Calls a year", "", 10, 1, 100, 1, "The program's rules tell it."),
        Assumption("from_at", "Called from", "o'clock", 16, 0, 24, 0.5, "The program's rules tell it."),
        Assumption("to_at", "to", "o'clock", 20, 0, 24, 0.5, "The program's rules tell it."),
        Assumption("rebound", "Used later the same day", "%", 30, 0, 100, 5, "Within the two hours after."),
        Assumption("credit", "Credit a year", "$/kW", 50, 0, 500, 1, "The program's rules tell it."),
        Assumption("cost", "Cost of controls", "$", 5000, 0, 1_000_000, 500, QUOTE),
    ), response,
)  # fmt: skip
CAPACITOR = Kind(
    "capacitor", "Capacitors", "Reactive power is given on the spot and no longer taken from the grid.",
    (
        Assumption("kvar", "Size", "kVAr", 100, 1, 10_000, 5, "A survey of the motors tells it."),
        Assumption("cost_a_kvar", "Cost, installed", "$/kVAr", 60, 0, 1000, 5, QUOTE),
    ), capacitor,
)  # fmt: skip
