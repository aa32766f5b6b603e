"""Charging of vehicles: fleets and depots that charge between shifts, public chargers, and ferries at each call."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.assumptions import OURS, QUOTE, YOURS, Assumption, CannotAdvise, Values
from lamplighter.advice.clock import DAY_MINUTES, everyday, filled, windows
from lamplighter.advice.effects import Effect, Fuel, Given, Kind, share_of_year
from lamplighter.advice.kinds.fuels import EPA, KG_PER_GALLON, KG_PER_GALLON_DIESEL

LOSSES = f"Losses of charger and battery. {OURS}"
KING_COUNTY = "Zero-Emission Bus Evaluation Results, King County Metro (FTA report 0118, by NREL, 2018)"
NEVI = "NEVI's final rule (23 CFR 680.106) asks for up to 150 kW from each port of a corridor."
MANAGED = "1: power is shared over the hours parked, into the valleys of the load. 0: each charges when it comes back."


def fleet(given: Given) -> Effect:
    """Each night's energy within the hours parked. Raises CannotAdvise where the chargers can't give it."""
    curve, values = given.curve, given.values
    calendar, hours = curve.calendar, curve.hours
    need = values["vehicles"] * values["miles_a_day"] * values["kwh_a_mile"] / (values["efficiency"] / 100)
    most = min(values["chargers"], values["vehicles"]) * values["charger_kw"]
    load, added = curve.kw_net(), np.zeros(calendar.slots)
    parked = (values["out_at"] - values["back_at"]) % 24 or 24
    if need > most * parked + 1e-9:
        message = (
            f"{values['chargers']:g} chargers of {values['charger_kw']:g} kW give {most * parked:,.0f} kWh in the"
            f" {parked:g} hours parked; the day's driving takes {need:,.0f} kWh."
        )
        raise CannotAdvise("advice.impossible", message, field="chargers")
    nights = 0
    for night in windows(calendar, values["back_at"], values["out_at"], values["days"]):
        nights += 1
        if values["managed"]:
            added[night] += filled(load[night], most, need, hours)
        else:
            full = np.full(night.stop - night.start, most)
            added[night] += np.clip(need / hours - np.cumsum(full) + full, 0, most)
    miles = nights * values["vehicles"] * values["miles_a_day"] / share_of_year(curve)
    return Effect(added, values["chargers"] * values["cost_a_charger"], (_fuel(miles, values),))


def public(given: Given) -> Effect:
    """Sessions at even distances through the opening hours, each at a port that is free, first come first served."""
    curve, values = given.curve, given.values
    minutes = np.zeros(DAY_MINUTES)
    count, ports = int(values["sessions_a_day"]), int(values["ports"])
    opens, closes = values["open_at"] * 60, values["close_at"] * 60
    lasts = values["kwh_a_session"] / values["port_kw"] * 60
    free, refused = [opens] * ports, 0
    for one in range(count):
        comes = opens + (one + 0.5) * (closes - opens) / count
        port = min(range(ports), key=lambda at: free[at])
        begins = max(comes, free[port])
        if begins + lasts > closes:
            refused += 1
            continue
        free[port] = begins + lasts
        minutes[int(begins) : int(begins + lasts)] += values["port_kw"]
    if values["limit_kw"]:
        minutes = np.minimum(minutes, values["limit_kw"])
    served = float(minutes.sum()) / 60 * 365.25
    cannot = f"{refused} of {count} sessions a day find no free port before closing." if refused else ""
    return Effect(
        everyday(curve.calendar, minutes), ports * values["cost_a_port"], cannot=cannot,
        earned=served * values["price_a_kwh"],
        paid=f"drivers pay ${values['price_a_kwh']:,.2f} for each of {served:,.0f} kWh",
    )  # fmt: skip


def ferry(given: Given) -> Effect:
    """At each call, the charger for so many minutes; calls at even distances through the day."""
    curve, values = given.curve, given.values
    minutes = np.zeros(DAY_MINUTES)
    first, last, calls = values["first_at"] * 60, values["last_at"] * 60, int(values["calls"])
    apart = (last - first) / max(calls - 1, 1)
    if calls > 1 and apart < values["minutes"]:
        message = f"{calls} calls of {values['minutes']:g} minutes do not fit into {(last - first) / 60:g} hours."
        raise CannotAdvise("advice.impossible", message, field="calls")
    buffered = 1 - values["from_buffer"] / 100
    energy = values["charger_kw"] * values["minutes"] / 60 * calls
    for call in range(calls):
        begins = int(first + call * apart)
        minutes[begins : begins + int(values["minutes"])] += values["charger_kw"] * buffered
    minutes += energy * (1 - buffered) / 24
    gallons = values["gallons_a_day"] * 365.25
    fuel = Fuel("Diesel", gallons, "gallons", gallons * values["fuel_price"], gallons * KG_PER_GALLON_DIESEL)
    return Effect(everyday(curve.calendar, minutes), values["cost"], (fuel,))


def _fuel(miles: float, values: Values) -> Fuel:
    gallons = miles / values["mpg"]
    diesel = values["diesel"] >= 1
    kg = KG_PER_GALLON_DIESEL if diesel else KG_PER_GALLON
    return Fuel("Diesel" if diesel else "Gasoline", gallons, "gallons", gallons * values["fuel_price"], gallons * kg)


def _fleet(name: str, label: str, about: str, **own: tuple[float, str]) -> Kind:
    """A fleet of some kind: `own` are the values in which it differs, with their sources."""
    usual: tuple[Assumption, ...] = (
        Assumption("vehicles", "Vehicles", "", 10, 1, 500, 1, YOURS),
        Assumption("miles_a_day", "Miles of each a day", "miles", 40, 1, 500, 1, YOURS),
        Assumption("kwh_a_mile", "Energy", "kWh/mile", 0.3, 0.1, 6, 0.05, ""),
        Assumption("chargers", "Chargers", "", 10, 1, 500, 1, YOURS),
        Assumption("charger_kw", "Power of each", "kW", 7.2, 1, 1500, 0.2, ""),
        Assumption("back_at", "Back at", "o'clock", 17, 0, 24, 0.5, YOURS),
        Assumption("out_at", "Out at", "o'clock", 7, 0, 24, 0.5, YOURS),
        Assumption("days", "Days a week", "days", 5, 1, 7, 1, YOURS),
        Assumption("managed", "Managed charging", "yes or no", 1, 0, 1, 1, MANAGED),
        Assumption("efficiency", "From meter to battery", "%", 88, 50, 100, 1, LOSSES),
        Assumption("mpg", "What they burn now", "miles/gallon", 25, 1, 100, 1, ""),
        Assumption("diesel", "Diesel", "yes or no", 0, 0, 1, 1, f"0 is gasoline. {EPA}"),
        Assumption("fuel_price", "Price of fuel", "$/gallon", 4.5, 0, 20, 0.1, YOURS),
        Assumption("cost_a_charger", "Cost of each charger, installed", "$", 5000, 0, 1_000_000, 500, QUOTE),
    )
    assumptions = tuple(
        Assumption(
            one.name, one.label, one.unit, *((own[one.name][0],) if one.name in own else (one.value,)), one.least,
            one.most, one.step, own[one.name][1] if one.name in own else one.source,
        )
        for one in usual
    )  # fmt: skip
    return Kind(name, label, about, assumptions, fleet)


CARS = _fleet(
    "ev_fleet", "Electric fleet", "Cars and vans that charge between shifts.",
    kwh_a_mile=(0.3, f"A car; a van takes about 0.5. {OURS}"),
    charger_kw=(7.2, "Level 2: 30 A at 240 V."),
    mpg=(26, "EPA Automotive Trends Report 2023: 26.0 for new light vehicles of model year 2022."),
)  # fmt: skip
BUSES = _fleet(
    "bus_depot", "Electric bus depot", "Transit or school buses that charge at the depot.",
    miles_a_day=(120, YOURS),
    kwh_a_mile=(2.35, f"{KING_COUNTY}: 2.36 kWh a mile."),
    chargers=(10, YOURS), charger_kw=(60, "A usual depot charger; its plate tells it."),
    mpg=(5, f"{KING_COUNTY}: diesel buses 5.3 miles a gallon."), diesel=(1, EPA),
    days=(6, YOURS), cost_a_charger=(60_000, QUOTE),
)  # fmt: skip
TRUCKS = _fleet(
    "truck_depot", "Electric truck depot", "Delivery and haulage trucks that charge between shifts.",
    miles_a_day=(80, YOURS),
    kwh_a_mile=(1.2, f"A delivery truck; a tractor takes about 2. {OURS}"),
    charger_kw=(50, "A usual depot charger; its plate tells it."), mpg=(8, YOURS), diesel=(1, EPA),
    cost_a_charger=(50_000, QUOTE),
)  # fmt: skip
FLEETS = (CARS, BUSES, TRUCKS)
PUBLIC = Kind(
    "public_charging", "Public charging", "Fast chargers for who comes by.",
    (
        Assumption("ports", "Ports", "", 4, 1, 100, 1, YOURS),
        Assumption("port_kw", "Power of each", "kW", 150, 3, 1000, 1, NEVI),
        Assumption("sessions_a_day", "Sessions a day", "", 16, 1, 1000, 1, YOURS),
        Assumption("kwh_a_session", "Energy of each", "kWh", 30, 1, 300, 1, YOURS),
        Assumption("open_at", "From", "o'clock", 6, 0, 24, 0.5, YOURS),
        Assumption("close_at", "To", "o'clock", 22, 0, 24, 0.5, YOURS),
        Assumption("limit_kw", "Limit of all together, 0 for none", "kW", 0, 0, 10_000, 5,
                   "A managed site never takes more; what is cut off is not charged later."),
        Assumption("price_a_kwh", "What drivers pay", "$/kWh", 0.45, 0, 2, 0.01, YOURS),
        Assumption("cost_a_port", "Cost of each port, installed", "$", 100_000, 0, 1_000_000, 1000, QUOTE),
    ), public,
)  # fmt: skip
FERRY = Kind(
    "ferry_dock", "Electric ferry dock", "A charger that is used at each call.",
    (
        Assumption("calls", "Calls a day", "", 20, 1, 96, 1, YOURS),
        Assumption("minutes", "Minutes at each", "min", 9, 1, 60, 1, YOURS),
        Assumption("charger_kw", "Power of the charger", "kW", 1500, 50, 10_000, 50, YOURS),
        Assumption("first_at", "First call", "o'clock", 6, 0, 23, 0.5, YOURS),
        Assumption("last_at", "Last call", "o'clock", 22, 1, 23.5, 0.5, YOURS),
        Assumption("from_buffer", "From a battery on the dock", "%", 0, 0, 100, 5,
                   "That share is drawn evenly all day."),
        Assumption("gallons_a_day", "Diesel that it burns now", "gallons", 300, 0, 10_000, 10, f"{YOURS} {EPA}"),
        Assumption("fuel_price", "Price of diesel", "$/gallon", 4.5, 0, 20, 0.1, YOURS),
        Assumption("cost", "Cost of dock and charger", "$", 2_000_000, 0, 50_000_000, 10_000, QUOTE),
    ), ferry,
)  # fmt: skip
