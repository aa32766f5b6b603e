"""Measured quantities: what is measured, in which unit and which power of ten, exactly.

A channel stores integers; the unit and the power of ten that they are in belong to the channel, and nothing
assumes electricity. Codes are those of NAESB ESPI (REQ.21) ReadingType: `uom` and `commodity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum


class Commodity(StrEnum):
    ELECTRICITY = "electricity"
    GAS = "gas"
    WATER = "water"
    STEAM = "steam"
    OTHER = "other"


class Flow(StrEnum):
    """Seen from the utility: delivered to the customer, received from them, or their difference."""

    DELIVERED = "delivered"
    RECEIVED = "received"
    NET = "net"
    TOTAL = "total"


class Unit(StrEnum):
    WH = "Wh"
    W = "W"
    VAH = "VAh"
    VA = "VA"
    VARH = "VArh"
    VAR = "VAr"
    VOLT = "V"
    AMPERE = "A"
    CUBIC_METRE = "m3"
    CUBIC_FOOT = "ft3"
    US_GALLON = "gal"
    THERM = "therm"
    JOULE = "J"
    BTU = "Btu"
    HOUR = "h"
    COUNT = "count"
    POWER_FACTOR = "cos phi"
    CELSIUS = "degC"


class Quality(IntEnum):
    """Quality of a reading: NAESB ESPI `QualityOfReading`, used as our own code everywhere."""

    VALID = 0
    EDITED = 7
    ESTIMATED_REFERENCE_DAY = 8
    ESTIMATED_LINEAR = 9
    QUESTIONABLE = 10
    DERIVED = 11
    PROJECTED = 12
    MIXED = 13
    RAW = 14
    WEATHER_NORMALISED = 15
    OTHER = 16
    VALIDATED = 17
    VERIFIED = 18
    REVENUE = 19
    MISSING = 255  # ours: no reading; never zero

    @property
    def estimated(self) -> bool:
        return self in ESTIMATED


ESTIMATED = frozenset({Quality.ESTIMATED_REFERENCE_DAY, Quality.ESTIMATED_LINEAR, Quality.PROJECTED})


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit with its power of ten: `Measure(Unit.WH, 3)` counts whole kilowatt-hours."""

    unit: Unit
    power: int = 0

    def value(self, count: int) -> Decimal:
        """What `count` of this measure is in the plain unit: 5 x 10^3 Wh is Decimal(5000) Wh."""
        return Decimal(count).scaleb(self.power)

    def count(self, value: Decimal) -> int:
        """The integer that stores `value` (in the plain unit). Raises ValueError when it is not whole."""
        scaled = value.scaleb(-self.power)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} {self.unit} is not a whole number of 10^{self.power} {self.unit}")
        return int(scaled)

    def __str__(self) -> str:
        prefix = {0: "", 3: "k", 6: "M", 9: "G", -3: "m"}.get(self.power)
        return f"{prefix}{self.unit}" if prefix is not None else f"10^{self.power} {self.unit}"
