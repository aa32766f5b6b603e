"""The same work at other hours: machines that start one after another, and cold or heat stored ahead."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.assumptions import QUOTE, YOURS, Assumption
from lamplighter.advice.clock import filled, windows
from lamplighter.advice.effects import Effect, Given, Kind
from lamplighter.intervals.curves.curve import LoadCurve


def stagger(given: Given) -> Effect:
    """What is above the level waits, and is taken as soon as there is room below it, within the minutes allowed."""
    curve, values = given.curve, given.values
    level, load = values["level_kw"], curve.kw_net()
    reach = max(int(values["within"] * 60 / curve.calendar.seconds), 1)
    changed, late = load.copy(), 0.0
    for at in np.flatnonzero(load > level).tolist():
        waits = changed[at] - level
        if waits <= 0:
            continue
        later = slice(at + 1, at + 1 + reach)
        room = np.maximum(level - changed[later], 0)
        taken = np.minimum(room, np.maximum(waits - np.concatenate(([0.0], np.cumsum(room)[:-1])), 0))
        changed[later] += taken
        changed[at] -= float(taken.sum())
        late += waits - float(taken.sum())
    over = float(changed.max())
    cannot = (
        f"Not all fits within {values['within']:g} minutes: {over:,.0f} kW stays the highest." if late > 0.5 else ""
    )
    return Effect(changed - load, values["cost"], cannot=cannot)


def cold_store(given: Given) -> Effect:
    """Cooling of the dear hours done ahead where the load is lowest, with what is lost in between."""
    curve, values = given.curve, given.values
    calendar, load = curve.calendar, np.maximum(curve.kw_net(), 0)
    added = np.zeros(calendar.slots)
    full = 0
    for day in windows(calendar, values["from_at"], values["to_at"], values["days"]):
        shifted = np.minimum(load[day], values["kw"])
        energy = float(shifted.sum()) * curve.hours
        kept = min(energy, values["kwh"])
        full += kept < energy
        share = kept / energy if energy else 0
        ahead = _before(day, values["ahead"], curve)
        room = (ahead.stop - ahead.start) * values["kw"] * curve.hours
        kept = min(kept, room * (1 - values["lost"] / 100))
        share = kept / energy if energy else 0
        added[day] -= shifted * share
        added[ahead] += filled(load[ahead] + added[ahead], values["kw"], kept / (1 - values["lost"] / 100), curve.hours)
    cannot = "The store is too small for all of these hours." if full else ""
    return Effect(added, values["cost"], cannot=cannot)


def _before(day: slice, hours: float, curve: LoadCurve) -> slice:
    return slice(max(day.start - int(hours / curve.hours), 0), day.start)


STAGGER = Kind(
    "stagger", "Staggered starts", "Machines that start together start one after another.",
    (
        Assumption("level_kw", "Hold the load at", "kW", 300, 1, 20_000, 1, YOURS),
        Assumption("within", "What waits is done within", "min", 60, 15, 480, 15, YOURS),
        Assumption("cost", "Cost of controls", "$", 8000, 0, 1_000_000, 500, QUOTE),
    ), stagger,
)  # fmt: skip
COLD_STORE = Kind(
    "thermal_storage", "Cold or heat storage", "Ice, chilled water or cold rooms carry the load through dear hours.",
    (
        Assumption("kw", "Cooling that can be moved", "kW", 100, 1, 10_000, 5, "The chillers' plates tell it."),
        Assumption("kwh", "Size of the store", "kWh of electricity", 400, 1, 100_000, 10, YOURS),
        Assumption("from_at", "Carries the load from", "o'clock", 16, 0, 24, 0.5, YOURS),
        Assumption("to_at", "to", "o'clock", 21, 0, 24, 0.5, YOURS),
        Assumption("ahead", "Filled in the hours before", "h", 12, 1, 20, 1, YOURS),
        Assumption("lost", "Lost in the store", "%", 10, 0, 50, 1, "A planning figure: the maker tells it."),
        Assumption("days", "Days a week", "days", 7, 1, 7, 1, YOURS),
        Assumption("cost", "Cost, installed", "$", 80_000, 0, 10_000_000, 1000, QUOTE),
    ), cold_store,
)  # fmt: skip
