"""Sunshine on a roof by PVWatts' model, computed with pvlib from the site's monthly irradiation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lamplighter.advice.assumptions import OURS, QUOTE, YOURS, Assumption
from lamplighter.advice.effects import Effect, Given, Kind
from lamplighter.advice.surroundings import Site, Surroundings
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.slots import SlotCalendar

NOCT = 49.0
"""Cell temperature of modules on a roof at 800 W/m² and 20 °C: an assumption of ours."""

EFFICIENCY = 0.17
"""Of the modules: what becomes electricity does not warm them."""

REFRACTION = 0.5667
"""Degrees by which the air lifts the sun at the horizon (NREL's solar position algorithm)."""

ROUNDS = 6
PVWATTS = "PVWatts version 5 manual, as pvlib has it"


def solar(given: Given) -> Effect:
    """What the roof gives is taken off the load; what is not used there goes into the grid."""
    curve, values = given.curve, given.values
    roof = Roof(*(values[name] for name in ("tilt", "azimuth", "losses", "ratio", "inverter", "warmth")))
    per_kw = yields(curve.calendar, given.around.site, roof)
    return Effect(-per_kw * values["dc_kw"], values["dc_kw"] * values["cost_a_kw"])


@dataclass(frozen=True, slots=True)
class Roof:
    """Modules: tilt and the way they face in degrees; losses, the inverter's efficiency and what is lost for each °C in
    percent; kW of modules for each kW of inverter."""

    tilt: float
    azimuth: float
    losses: float
    ratio: float
    inverter: float
    warmth: float


@lru_cache(maxsize=32)
def yields(calendar: SlotCalendar, site: Site, roof: Roof) -> Floats:
    """AC kW in each slot (S) of each kW of modules, in a year of usual sunshine: every day the mean of its month."""
    from pvlib.inverter import pvwatts as inverted
    from pvlib.pvsystem import pvwatts_dc
    from pvlib.temperature import noct_sam

    sky = _sky(calendar, site)
    plane = _on_plane(sky, _scaled(sky, site, calendar), roof.tilt, roof.azimuth)
    celsius = (Surroundings(site, ()).temperatures(calendar) - 32) / 1.8
    cell = noct_sam(plane, celsius, site.wind, NOCT, EFFICIENCY)
    dc = pvwatts_dc(plane, cell, 1.0, -roof.warmth / 100) * (1 - roof.losses / 100)
    found: Floats = np.nan_to_num(inverted(dc, 1 / roof.ratio / (roof.inverter / 100), eta_inv_nom=roof.inverter / 100))
    found = np.maximum(found, 0)
    found.setflags(write=False)
    return found


class _Sky:
    """The sun over a site at the middle of each slot, and a cloudless sky under it."""

    def __init__(self, calendar: SlotCalendar, site: Site) -> None:
        import pandas
        from pvlib import spa
        from pvlib.clearsky import haurwitz
        from pvlib.irradiance import get_extra_radiation

        middle = calendar.edges[:-1] + np.diff(calendar.edges) // 2
        first = calendar.period.start
        late = spa.calculate_deltat(first.year, first.month)
        pressure = 1013.25 * np.exp(-site.altitude / 8434)
        celsius = (float(np.mean(site.mean_f)) - 32) / 1.8
        sun = spa.solar_position(
            middle.astype(np.float64), site.latitude, site.longitude, site.altitude, pressure, celsius, late, REFRACTION
        )
        self.zenith: Floats = sun[0]
        self.azimuth: Floats = sun[4]
        self.day = np.array([day.timetuple().tm_yday for day in calendar.period])[calendar.day_of]
        self.outside: Floats = np.asarray(get_extra_radiation(self.day), dtype=np.float64)
        self.clear: Floats = haurwitz(pandas.Series(self.zenith))["ghi"].to_numpy()


@lru_cache(maxsize=8)
def _sky(calendar: SlotCalendar, site: Site) -> _Sky:
    return _Sky(calendar, site)


def _scaled(sky: _Sky, site: Site, calendar: SlotCalendar) -> Floats:
    """The cloudless sky scaled month by month until the site's own plane gets what is told for it (W/m²)."""
    months = (np.array([day.month for day in calendar.period]) - 1)[calendar.day_of]
    hours = calendar.seconds / 3600
    days = np.bincount(months, minlength=12) * hours / 24
    told = np.asarray(site.sun) * 1000 * days
    factor = np.full(12, 0.7)
    for _ in range(ROUNDS):
        plane = _on_plane(sky, sky.clear * factor[months], site.tilt, site.azimuth, glass=False)
        got = np.bincount(months, weights=plane, minlength=12) * hours
        factor = factor * np.divide(told, got, out=np.ones(12), where=got > 0)
    scaled: Floats = sky.clear * factor[months]
    return scaled


def _on_plane(sky: _Sky, ghi: Floats, tilt: float, azimuth: float, *, glass: bool = True) -> Floats:
    """W/m² on a plane: parted into beam and diffuse light by Erbs, turned by Hay and Davies; `glass` reflects some."""
    from pvlib.iam import physical
    from pvlib.irradiance import aoi, erbs, get_total_irradiance

    parts = erbs(ghi, sky.zenith, sky.day)
    total = get_total_irradiance(
        tilt, azimuth, sky.zenith, sky.azimuth, parts["dni"], ghi, parts["dhi"], dni_extra=sky.outside,
        model="haydavies",
    )  # fmt: skip
    through = physical(aoi(tilt, azimuth, sky.zenith, sky.azimuth)) if glass else 1.0
    plane: Floats = np.nan_to_num(total["poa_direct"] * through + total["poa_diffuse"])
    return np.maximum(plane, 0)


SOLAR = Kind(
    "solar", "Solar on the roof", "Modules whose power is used on the spot; the rest goes into the grid.",
    (
        Assumption("dc_kw", "Modules", "kW", 50, 0.5, 20_000, 0.5, YOURS),
        Assumption("tilt", "Tilt", "°", 10, 0, 90, 1, YOURS),
        Assumption("azimuth", "Faces (180 is south)", "°", 180, 0, 360, 5, YOURS),
        Assumption("losses", "Losses", "%", 14, 0, 60, 1, f"{PVWATTS}: 14 %."),
        Assumption("ratio", "Modules to inverter", "", 1.2, 0.8, 2, 0.05, OURS),
        Assumption("inverter", "Efficiency of the inverter", "%", 96, 80, 100, 0.5, f"{PVWATTS}: 96 %."),
        Assumption("warmth", "Less for each °C", "%", 0.47, 0, 1, 0.01, f"The module's data sheet tells it. {OURS}"),
        Assumption("cost_a_kw", "Cost, installed", "$/kW", 2200, 0, 20_000, 50, QUOTE),
    ), solar,
)  # fmt: skip
