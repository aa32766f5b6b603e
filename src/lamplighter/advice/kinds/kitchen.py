"""Cooking by induction in place of gas."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.assumptions import QUOTE, YOURS, Assumption, CannotAdvise
from lamplighter.advice.clock import between, on_days
from lamplighter.advice.effects import Effect, Given, Kind, share_of_year
from lamplighter.advice.kinds.fuels import EPA, GAS_PRICE, KWH_PER_THERM, gas
from lamplighter.intervals.curves.curve import Floats

TESTED = "ENERGY STAR, as the fact sheet on induction of CalMTA gives it"


def kitchen(given: Given) -> Effect:
    """The heat that reached the pots, in the hours of cooking. Raises CannotAdvise where there is no such hour."""
    curve, values = given.curve, given.values
    cooking = between(curve.calendar, values["from_at"], values["to_at"]) & on_days(curve.calendar, values["days"])
    if not cooking.any():
        raise CannotAdvise("advice.impossible", "There is no hour of cooking between these.", field="to_at")
    used = values["therms"] * KWH_PER_THERM * values["burner"] / values["induction"] * share_of_year(curve)
    kw: Floats = cooking * np.float64(used / float(cooking.sum()) / curve.hours)
    return Effect(kw, values["cost"], (gas(values["therms"], values),))


KITCHEN = Kind(
    "induction", "Induction kitchen", "Pots are heated by induction, ovens by electricity.",
    (
        Assumption("therms", "Gas for cooking in a year", "therms", 3000, 1, 200_000, 50, YOURS),
        Assumption("burner", "Efficiency of gas burners", "%", 32, 10, 80, 1, f"{TESTED}: gas 32 %."),
        Assumption("induction", "Efficiency of induction", "%", 85, 40, 100, 1, f"{TESTED}: induction 85 %."),
        Assumption("from_at", "Cooking from", "o'clock", 10, 0, 24, 0.5, YOURS),
        Assumption("to_at", "to", "o'clock", 22, 0, 24, 0.5, YOURS),
        Assumption("days", "Days a week", "days", 7, 1, 7, 1, YOURS),
        GAS_PRICE,
        Assumption("cost", "Cost, installed", "$", 25_000, 0, 2_000_000, 500, f"{QUOTE} {EPA}"),
    ), kitchen,
)  # fmt: skip
