"""Names of units as senders write them, and what each is exactly in a plain unit of the kernel."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lamplighter.kernel.energy import Commodity, Unit


@dataclass(frozen=True, slots=True)
class Scale:
    """One of the named unit is `factor` x 10^`power` of the plain `unit`, exactly."""

    unit: Unit
    power: int = 0
    factor: int = 1


def scale_named(name: str) -> Scale | None:
    """`"kWh"`, `"CCF"`, `"Gallons"`: None when the unit is unknown. Case and spaces do not matter."""
    return _NAMES.get(re.sub(r"[\s._-]", "", name).upper())


def commodity_of(unit: Unit) -> Commodity | None:
    """The commodity that is measured in this unit, where only one is."""
    return _COMMODITY.get(unit)


def measures(unit: Unit, commodity: Commodity) -> bool:
    """Whether a commodity is measured in a unit at all: no water in kWh, no electricity in cubic feet."""
    electric = commodity_of(unit) is Commodity.ELECTRICITY
    volume = unit in {Unit.CUBIC_FOOT, Unit.CUBIC_METRE, Unit.US_GALLON, Unit.THERM}
    return not (volume if commodity is Commodity.ELECTRICITY else electric)


_ELECTRIC = {
    "WH": Unit.WH, "VAH": Unit.VAH, "VARH": Unit.VARH, "W": Unit.W, "VA": Unit.VA, "VAR": Unit.VAR,
    "V": Unit.VOLT, "A": Unit.AMPERE, "J": Unit.JOULE,
}  # fmt: skip
_PREFIXES = {"": 0, "K": 3, "M": 6, "G": 9}

_NAMES: dict[str, Scale] = {
    **{prefix + name: Scale(unit, power) for prefix, power in _PREFIXES.items() for name, unit in _ELECTRIC.items()},
    "VOLT": Scale(Unit.VOLT),
    "VOLTS": Scale(Unit.VOLT),
    "AMP": Scale(Unit.AMPERE),
    "AMPS": Scale(Unit.AMPERE),
    "PF": Scale(Unit.POWER_FACTOR),
    "CF": Scale(Unit.CUBIC_FOOT),
    "FT3": Scale(Unit.CUBIC_FOOT),
    "CUFT": Scale(Unit.CUBIC_FOOT),
    "CUBICFEET": Scale(Unit.CUBIC_FOOT),
    "CUBICFOOT": Scale(Unit.CUBIC_FOOT),
    "CCF": Scale(Unit.CUBIC_FOOT, 2),
    "HCF": Scale(Unit.CUBIC_FOOT, 2),
    "MCF": Scale(Unit.CUBIC_FOOT, 3),
    "KCF": Scale(Unit.CUBIC_FOOT, 3),
    "MMCF": Scale(Unit.CUBIC_FOOT, 6),
    "ACFT": Scale(Unit.CUBIC_FOOT, 0, 43_560),
    "ACREFEET": Scale(Unit.CUBIC_FOOT, 0, 43_560),
    "M3": Scale(Unit.CUBIC_METRE),
    "CUBICMETERS": Scale(Unit.CUBIC_METRE),
    "CUBICMETRES": Scale(Unit.CUBIC_METRE),
    "L": Scale(Unit.CUBIC_METRE, -3),
    "LITER": Scale(Unit.CUBIC_METRE, -3),
    "LITERS": Scale(Unit.CUBIC_METRE, -3),
    "LITRE": Scale(Unit.CUBIC_METRE, -3),
    "LITRES": Scale(Unit.CUBIC_METRE, -3),
    "KL": Scale(Unit.CUBIC_METRE),
    "GAL": Scale(Unit.US_GALLON),
    "GALLON": Scale(Unit.US_GALLON),
    "GALLONS": Scale(Unit.US_GALLON),
    "CGAL": Scale(Unit.US_GALLON, 2),
    "KGAL": Scale(Unit.US_GALLON, 3),
    "TGAL": Scale(Unit.US_GALLON, 3),
    "MGAL": Scale(Unit.US_GALLON, 6),
    "IMPGAL": Scale(Unit.CUBIC_METRE, -8, 454_609),
    "THERM": Scale(Unit.THERM),
    "THERMS": Scale(Unit.THERM),
    "THM": Scale(Unit.THERM),
    "DTH": Scale(Unit.THERM, 1),
    "DTHERM": Scale(Unit.THERM, 1),
    "DEKATHERM": Scale(Unit.THERM, 1),
    "DEKATHERMS": Scale(Unit.THERM, 1),
    "BTU": Scale(Unit.BTU),
    "MBTU": Scale(Unit.BTU, 3),
    "MMBTU": Scale(Unit.BTU, 6),
    "HOUR": Scale(Unit.HOUR),
    "HOURS": Scale(Unit.HOUR),
    "PULSE": Scale(Unit.COUNT),
    "PULSES": Scale(Unit.COUNT),
    "COUNT": Scale(Unit.COUNT),
    "DEGC": Scale(Unit.CELSIUS),
}

_COMMODITY = {
    **dict.fromkeys(
        (Unit.WH, Unit.VAH, Unit.VARH, Unit.W, Unit.VA, Unit.VAR, Unit.VOLT, Unit.AMPERE, Unit.POWER_FACTOR),
        Commodity.ELECTRICITY,
    ),
    Unit.THERM: Commodity.GAS,
    Unit.US_GALLON: Commodity.WATER,
}
