"""What the account managers worked out for key accounts, and the sun, weather and carbon that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files

from lamplighter.advice.scenario import scenario_of_words
from lamplighter.kernel.actors import staff
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.operations.plans import save_scenario
from lamplighter.keyaccounts.operations.surroundings import adopt_surroundings
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.town.calendar import at

SCENARIOS: dict[str, dict[str, tuple[str, ...]]] = {
    "kelp-and-kettle": {
        "Stagger the kettle": ("stagger.level_kw=300",),
        "Battery of 200 kWh": ("battery.kwh=200", "battery.kw=100"),
        "Stagger, and a smaller battery": ("stagger.level_kw=300", "battery.kwh=100", "battery.kw=60"),
    },
    "high-school": {
        "A battery for Friday nights": ("battery.kwh=400", "battery.kw=150"),
        "Ten electric school buses": ("bus_depot.miles_a_day=60", "bus_depot.back_at=16", "bus_depot.days=5"),
    },
    "northquay": {
        "Capacitors": ("capacitor.kvar=450",),
        "Demand response with the cold rooms": ("demand_response.kw=250",),
    },
    "tern-hotel": {
        "Heat pumps for the boilers": ("heat_pump.therms=9000", "heat_pump.cost=140000"),
        "Heat pumps, water and kitchen": (
            "heat_pump.therms=9000", "heat_pump.cost=140000", "water_heater.gallons=2400", "water_heater.heater_kw=40",
            "induction",
        ),
    },
    "green-buoy": {"Solar on the roof": ("solar.dc_kw=60",)},
}  # fmt: skip


def advise(found: Mapping[str, Organisation], *, begins: date, today: date) -> None:
    """Joel's what-ifs of the last weeks, each on the organisation's largest service."""
    joel = staff("joel")
    text = (files("lamplighter.town") / "surroundings.toml").read_text("utf-8")
    adopt_surroundings(text=text, since=begins, by=joel, at=at(begins, 9))
    for days, (key, kept) in enumerate(SCENARIOS.items()):
        service, when = services_of(found[key])[0], at(today - timedelta(days=20 - days), 15)
        for name, words in kept.items():
            save_scenario(organisation=found[key], agreement=service, name=name,
                          changes=scenario_of_words(words).stored(), by=joel, at=when)  # fmt: skip
