"""A battery behind the meter: what it is; how it runs follows from the rate (`advice.battery`)."""

from __future__ import annotations

from lamplighter.advice.assumptions import QUOTE, Assumption, Values
from lamplighter.advice.effects import Battery, Kind

BATTERY = Kind(
    "battery", "Battery", "Charges when power is cheap and low, gives when it is dear or high; never into the grid.",
    (
        Assumption("kwh", "Energy that can be used", "kWh", 200, 1, 100_000, 10, "Its plate tells it."),
        Assumption("kw", "Power", "kW", 100, 1, 50_000, 5, "Its plate tells it."),
        Assumption("efficiency", "There and back", "%", 85, 40, 100, 1, "NREL, documentation of ReEDS: 85 %."),
        Assumption("cost_a_kwh", "Cost, installed", "$/kWh", 700, 0, 5000, 10, QUOTE),
    ), None,
)  # fmt: skip


def battery_of(values: Values) -> Battery:
    return Battery(values["kwh"], values["kw"], values["efficiency"] / 100, values["kwh"] * values["cost_a_kwh"])
