"""Fuels that electricity takes the place of: their heat, carbon and price."""

from __future__ import annotations

from lamplighter.advice.assumptions import Assumption, Values
from lamplighter.advice.effects import Fuel

KWH_PER_THERM = 29.3001
KG_PER_THERM = 5.3
KG_PER_GALLON = 8.887
KG_PER_GALLON_DIESEL = 10.180
EPA = (
    "EPA: 0.0053 t of CO2 a therm (Greenhouse Gas Equivalencies); 8.887 kg a gallon of gasoline, 10.180 kg of diesel"
    " (a typical passenger vehicle)."
)

GAS_PRICE = Assumption("gas_price", "Price of gas", "$/therm", 1.5, 0, 20, 0.05, "The customer's gas bill tells it.")


def gas(therms: float, values: Values) -> Fuel:
    return Fuel("Gas", therms, "therms", therms * values["gas_price"], therms * KG_PER_THERM)
