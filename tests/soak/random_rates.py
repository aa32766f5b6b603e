"""URDB rates and loads that nobody has seen: every table, unit and charge that a record may have, at random."""

from __future__ import annotations

import random
from itertools import accumulate
from math import cos, pi
from typing import Any

HOURS, MONTHS, YEAR = 24, 12, 8760


def random_rate(dice: random.Random) -> dict[str, Any]:
    """A record as URDB has it. Its prices and limits have as many decimals as rate books print."""
    record: dict[str, Any] = {"label": "random", "name": "Random", "utility": "Nowhere", "sector": "Commercial"}
    record |= _energy(dice)
    if dice.random() < 0.5:
        record |= _flat_demand(dice)
    if dice.random() < 0.4:
        record |= _hourly_demand(dice)
    elif "flatdemandstructure" in record and dice.random() < 0.5:
        record |= _look_back(dice)
    if dice.random() < 0.8:
        record["fixedchargefirstmeter"] = round(dice.uniform(0, 400), dice.choice([0, 2]))
        record["fixedchargeunits"] = dice.choice(["$/month", "$/day", "$/year"])
    if dice.random() < 0.3:
        record["minchargeunits"] = dice.choice(["$/month", "$/month", "$/day", "$/year"])
        record["mincharge"] = round(dice.uniform(0, 9000) / (30 if record["minchargeunits"] == "$/day" else 1), 2)
    if dice.random() < 0.4:
        rules = ["Net Metering", "Net Billing Instantaneous", "Net Billing Hourly"]
        record["dgrules"] = dice.choice(rules)
    return record


def random_load(dice: random.Random) -> list[str]:
    """kW of each hour or half hour of a year, at three decimals, by its hours, days and season."""
    size, base = dice.choice([2, 40, 600]), dice.uniform(0.1, 0.6)
    evening, weekend, summer = dice.uniform(0, 24), dice.uniform(0.3, 1.1), dice.uniform(-0.4, 0.4)
    found, steps = [], dice.choice([1, 1, 1, 2])
    for step in range(YEAR * steps):
        hour = step // steps
        day = hour // HOURS
        shape = base + (1 - base) * (0.5 + 0.5 * cos(2 * pi * (hour % HOURS - evening) / HOURS))
        season = 1 + summer * cos(2 * pi * (day - 200) / 365)
        free = weekend if day % 7 >= 5 else 1
        found.append(f"{max(0.0, size * shape * season * free * dice.uniform(0.6, 1.4)):.3f}")
    return found


def _energy(dice: random.Random) -> dict[str, Any]:
    unit = dice.choice(["kWh", "kWh", "kWh daily", "kWh/kW", "kWh/kW daily"])
    scale = {"kWh": 2000, "kWh daily": 70, "kWh/kW": 400, "kWh/kW daily": 14}[unit]
    periods = _periods(dice, lambda: round(dice.uniform(0.01, 0.6), dice.choice([3, 5])), scale, unit)
    found: dict[str, Any] = {"energyratestructure": periods}
    if len(periods) > 1 or dice.random() < 0.5:
        found["energyweekdayschedule"] = _schedule(dice, len(periods))
        found["energyweekendschedule"] = _schedule(dice, len(periods))
    return found


def _flat_demand(dice: random.Random) -> dict[str, Any]:
    periods = _periods(dice, lambda: round(dice.uniform(0, 30), 2), 300, "")
    months = [dice.randrange(len(periods)) for _ in range(MONTHS)]
    return {"flatdemandstructure": periods, "flatdemandmonths": months, "flatdemandunit": "kW"}


def _look_back(dice: random.Random) -> dict[str, Any]:
    """Of flagged months, or of the whole year. A shorter range is not compared: across New Year, SAM looks back one
    month too far (REopt's case of six months: 80,875 for 79,375)."""
    months = [dice.choice([0, 1]) for _ in range(MONTHS)]
    of = dice.choice([{"lookbackmonths": months}, {"lookbackrange": dice.choice([11, 12])}])
    return {"lookbackpercent": round(dice.uniform(0.1, 1), 2), **of}


def _hourly_demand(dice: random.Random) -> dict[str, Any]:
    periods = _periods(dice, lambda: round(dice.uniform(0, 30), 2), 300, "")
    return {
        "demandratestructure": periods, "demandrateunit": "kW",
        "demandweekdayschedule": _schedule(dice, len(periods)), "demandweekendschedule": _schedule(dice, len(periods)),
    }  # fmt: skip


def _periods(dice: random.Random, price: Any, scale: float, unit: str) -> list[list[dict[str, Any]]]:
    """One to five periods, each with one to four tiers; in half of the tables all have the same limits."""
    count = dice.choice([1, 1, 2, 3, 5])
    alike = _limits(dice, scale) if dice.random() < 0.5 else None
    return [_tiers(dice, price, _limits(dice, scale) if alike is None else alike, unit) for _ in range(count)]


def _limits(dice: random.Random, scale: float) -> list[float]:
    count = dice.choice([0, 0, 1, 2, 3])
    return list(accumulate(round(dice.uniform(0.05, 1) * scale, dice.choice([0, 1])) or 1.0 for _ in range(count)))


def _tiers(dice: random.Random, price: Any, limits: list[float], unit: str) -> list[dict[str, Any]]:
    tiers = []
    for limit in [*limits, None]:
        tier: dict[str, Any] = {"rate": price()} | ({"unit": unit} if unit else {})
        if limit is not None:
            tier["max"] = limit
        if dice.random() < 0.2:
            tier["adj"] = round(dice.uniform(-0.005, 0.02), 5)
        tiers.append(tier)
    return tiers


def _schedule(dice: random.Random, periods: int) -> list[list[int]]:
    """Months in two or three seasons, each with a day of a few stretches."""
    seasons = [_day(dice, periods) for _ in range(dice.choice([1, 2, 3]))]
    return [dice.choice(seasons) for _ in range(MONTHS)]


def _day(dice: random.Random, periods: int) -> list[int]:
    edges = sorted(dice.sample(range(1, HOURS), dice.choice([0, 1, 2, 4])))
    lengths = [end - start for start, end in zip([0, *edges], [*edges, HOURS], strict=True)]
    return [period for length in lengths for period in [dice.randrange(periods)] * length]
