"""The code lists of NAESB ESPI ReadingType, as far as a meter's readings need them."""

from __future__ import annotations

from lamplighter.formats.measures import Scale
from lamplighter.formats.meterdata import ReadKind
from lamplighter.kernel.energy import Commodity, Flow, Quality, Unit

ATOM = "http://www.w3.org/2005/Atom"
ESPI = "http://naesb.org/espi"

UOM = {
    5: Scale(Unit.AMPERE),
    23: Scale(Unit.CELSIUS),
    29: Scale(Unit.VOLT),
    31: Scale(Unit.JOULE),
    38: Scale(Unit.W),
    42: Scale(Unit.CUBIC_METRE),
    61: Scale(Unit.VA),
    63: Scale(Unit.VAR),
    65: Scale(Unit.POWER_FACTOR),
    71: Scale(Unit.VAH),
    72: Scale(Unit.WH),
    73: Scale(Unit.VARH),
    111: Scale(Unit.COUNT),
    119: Scale(Unit.CUBIC_FOOT),
    120: Scale(Unit.CUBIC_FOOT),  # compensated
    128: Scale(Unit.US_GALLON),
    130: Scale(Unit.CUBIC_METRE, -8, 454_609),  # imperial gallon
    132: Scale(Unit.BTU),
    134: Scale(Unit.CUBIC_METRE, -3),  # litre
    153: Scale(Unit.POWER_FACTOR),
    156: Scale(Unit.CUBIC_METRE, -3),  # litre, uncompensated
    157: Scale(Unit.CUBIC_METRE, -3),  # litre, compensated
    160: Scale(Unit.HOUR),
    166: Scale(Unit.CUBIC_METRE),  # uncompensated
    167: Scale(Unit.CUBIC_METRE),  # compensated
    169: Scale(Unit.THERM),
}
WRITTEN_UOM = {scale.unit: code for code, scale in reversed(UOM.items()) if scale == Scale(scale.unit)}

COMMODITY = {
    0: Commodity.OTHER,
    1: Commodity.ELECTRICITY,
    2: Commodity.ELECTRICITY,
    7: Commodity.GAS,
    8: Commodity.GAS,  # propane
    9: Commodity.WATER,
    10: Commodity.STEAM,
    17: Commodity.GAS,  # methane
}
WRITTEN_COMMODITY = {
    Commodity.ELECTRICITY: 1, Commodity.GAS: 7, Commodity.WATER: 9, Commodity.STEAM: 10, Commodity.OTHER: 0,
}  # fmt: skip
SERVICE = {0: Commodity.ELECTRICITY, 1: Commodity.GAS, 2: Commodity.WATER, 4: Commodity.STEAM}
WRITTEN_SERVICE = {commodity: kind for kind, commodity in SERVICE.items()}

FLOW = {
    0: Flow.DELIVERED, 1: Flow.DELIVERED, 5: Flow.DELIVERED, 15: Flow.DELIVERED, 16: Flow.DELIVERED,
    13: Flow.RECEIVED, 17: Flow.RECEIVED, 18: Flow.RECEIVED, 19: Flow.RECEIVED, 4: Flow.NET, 20: Flow.TOTAL,
}  # fmt: skip
WRITTEN_FLOW = {Flow.DELIVERED: 1, Flow.RECEIVED: 19, Flow.NET: 4, Flow.TOTAL: 20}

REGISTERS = {1, 3, 14}
"""accumulationBehaviour of what a register shows: bulk quantity, cumulative, time-independent cumulative."""
WRITTEN_ACCUMULATION = {ReadKind.INTERVAL: 4, ReadKind.REGISTER: 1}

POWERS = (-12, -9, -6, -3, -2, -1, 0, 1, 2, 3, 6, 9, 12)

QUALITIES = {int(quality) for quality in Quality if quality is not Quality.MISSING}
_WORST_FIRST = (
    Quality.QUESTIONABLE, Quality.PROJECTED, Quality.ESTIMATED_REFERENCE_DAY, Quality.ESTIMATED_LINEAR, Quality.EDITED,
    Quality.MIXED, Quality.OTHER, Quality.WEATHER_NORMALISED, Quality.DERIVED, Quality.RAW, Quality.VERIFIED,
    Quality.VALIDATED, Quality.VALID, Quality.REVENUE,
)  # fmt: skip
RANK = {int(quality): rank for rank, quality in enumerate(_WORST_FIRST)}


def worst_quality(codes: list[int]) -> int:
    """A reading may carry several qualities; the one that most asks for care stands for it."""
    return min(codes, key=RANK.__getitem__)
