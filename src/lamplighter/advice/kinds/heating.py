"""Heat from electricity in place of gas: rooms by the weather, water by what is drawn."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.assumptions import OURS, QUOTE, YOURS, Assumption, CannotAdvise
from lamplighter.advice.clock import between, filled, windows
from lamplighter.advice.effects import Effect, Given, Kind, share_of_year
from lamplighter.advice.kinds.fuels import EPA, GAS_PRICE, KWH_PER_THERM, gas

WARM_F, COLD_F = 47.0, 17.0
"""Outdoor temperatures at which heat pumps are rated (ASHRAE 90.1, table G3.5.2)."""

RATED = f"The maker's data sheet tells it. {OURS}"
POUNDS_A_GALLON, BTU_PER_KWH = 8.34, 3412.14


def heat_pump(given: Given) -> Effect:
    """A year's heat shared by degrees below the balance point in the heated hours, at the efficiency of each hour."""
    curve, values = given.curve, given.values
    calendar = curve.calendar
    degrees = given.around.temperatures(calendar)
    cold = np.maximum(values["balance_f"] - degrees, 0) * between(calendar, values["from_at"], values["to_at"])
    if not cold.any():
        message = f"It is never below {values['balance_f']:g} °F in these hours at {given.around.site.name}."
        raise CannotAdvise("advice.impossible", message, field="balance_f")
    heat = values["therms"] * KWH_PER_THERM * values["burner"] / 100 * share_of_year(curve)
    slope = (values["cop_47"] - values["cop_17"]) / (WARM_F - COLD_F)
    cop = np.clip(values["cop_17"] + slope * (degrees - COLD_F), 1, values["cop_47"] * 1.3)
    kw = heat * cold / float(cold.sum()) / cop / curve.hours
    return Effect(kw, values["cost"], (gas(values["therms"], values),))


def water_heater(given: Given) -> Effect:
    """A day's hot water, heated in the hours allowed where the load is lowest. Raises CannotAdvise."""
    curve, values = given.curve, given.values
    heat = values["gallons"] * POUNDS_A_GALLON * values["rise_f"] / BTU_PER_KWH
    need, most = heat / values["cop"], values["heater_kw"]
    allowed = (values["to_at"] - values["from_at"]) % 24 or 24
    if need > most * allowed:
        message = f"{most:g} kW for {allowed:g} hours is {most * allowed:,.0f} kWh; the water takes {need:,.0f} kWh."
        raise CannotAdvise("advice.impossible", message, field="heater_kw")
    load, added = curve.kw_net(), np.zeros(curve.calendar.slots)
    for day in windows(curve.calendar, values["from_at"], values["to_at"] % 24, 7):
        added[day] += filled(load[day], most, need, curve.hours)
    therms = heat * 365.25 / KWH_PER_THERM / (values["burner"] / 100)
    return Effect(added, values["cost"], (gas(therms, values),))


HEAT_PUMP = Kind(
    "heat_pump", "Heat pump for a gas furnace or boiler", "Rooms are heated by a heat pump instead of gas.",
    (
        Assumption("therms", "Gas for heating in a year", "therms", 5000, 1, 1_000_000, 100,
                   "The customer's gas bills: the year less twelve times a summer month."),
        Assumption("burner", "Efficiency of the burner", "%", 80, 40, 100, 1,
                   "10 CFR part 431, subpart D: 80 % at least for commercial gas furnaces made after 2003."),
        Assumption("cop_47", "Efficiency at 47 °F", "COP", 3.3, 1, 7, 0.05, RATED),
        Assumption("cop_17", "Efficiency at 17 °F", "COP", 2.25, 1, 6, 0.05, RATED),
        Assumption("balance_f", "Heats below", "°F", 60, 30, 75, 1, YOURS),
        Assumption("from_at", "Heated from", "o'clock", 0, 0, 24, 0.5, YOURS),
        Assumption("to_at", "to", "o'clock", 24, 0, 24, 0.5, YOURS),
        GAS_PRICE,
        Assumption("cost", "Cost, installed", "$", 60_000, 0, 10_000_000, 500, f"{QUOTE} {EPA}"),
    ), heat_pump,
)  # fmt: skip
WATER_HEATER = Kind(
    "water_heater", "Heat-pump water heater", "Hot water from a heat pump with a tank instead of gas.",
    (
        Assumption("gallons", "Hot water a day", "gallons", 500, 10, 50_000, 10, YOURS),
        Assumption("rise_f", "Warmed by", "°F", 70, 20, 140, 1, "From 55 °F to 125 °F at the tap's mixer."),
        Assumption("cop", "Efficiency", "COP", 3, 1, 6, 0.1,
                   "ENERGY STAR, key product criteria of commercial water heaters: 3.0 at least."),
        Assumption("heater_kw", "Power", "kW", 10, 0.5, 1000, 0.5, "Its plate tells it."),
        Assumption("from_at", "Heats from", "o'clock", 21, 0, 24, 0.5, "A tank lets it choose its hours."),
        Assumption("to_at", "to", "o'clock", 9, 0, 24, 0.5, "A tank lets it choose its hours."),
        Assumption("burner", "Efficiency of the gas heater", "%", 80, 40, 100, 1, OURS),
        GAS_PRICE,
        Assumption("cost", "Cost, installed", "$", 15_000, 0, 1_000_000, 500, f"{QUOTE} {EPA}"),
    ), water_heater,
)  # fmt: skip
