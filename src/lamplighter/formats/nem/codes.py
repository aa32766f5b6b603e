"""The code lists of AEMO's meter data file format: quality and method, data stream suffixes, units."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

from lamplighter.formats.measures import Scale, scale_named
from lamplighter.kernel.energy import Flow, Quality, Unit

MARKET_TIME = timezone(timedelta(hours=10))
"""Eastern Standard Time all year; MDFF 3.3.1."""

INDICATORS_12 = {"100", "200", "300", "400", "500", "900"}
INDICATORS_13 = {"100", "250", "550", "900"}

VARIABLE = "V"
QUALITY = re.compile(r"([AEFNSV])(\d\d)?")

_FLAGS = {"A": Quality.VALID, "E": Quality.PROJECTED, "N": Quality.MISSING}
_SUBSTITUTED = Quality.ESTIMATED_REFERENCE_DAY
_METHODS = {
    "11": Quality.DERIVED,  # check meter
    "12": Quality.DERIVED,  # calculated
    "13": Quality.DERIVED,  # SCADA
    "16": Quality.EDITED,  # agreed
    "17": Quality.ESTIMATED_LINEAR,
    "54": Quality.ESTIMATED_LINEAR,
    "55": Quality.EDITED,  # agreed
    "64": Quality.EDITED,  # agreed
    "67": Quality.EDITED,  # customer's own read
    "69": Quality.ESTIMATED_LINEAR,  # linear extrapolation
}
WRITTEN = {
    Quality.VALID: "A",
    Quality.VALIDATED: "A",
    Quality.VERIFIED: "A",
    Quality.REVENUE: "A",
    Quality.RAW: "A",
    Quality.PROJECTED: "E52",
    Quality.ESTIMATED_REFERENCE_DAY: "S14",
    Quality.ESTIMATED_LINEAR: "S17",
    Quality.DERIVED: "S12",
    Quality.EDITED: "S16",
    Quality.MISSING: "N",
}

_FLOWS = {
    **dict.fromkeys("EDQPS", Flow.DELIVERED),  # export from the market: what a customer uses
    **dict.fromkeys("BAKJT", Flow.RECEIVED),  # import into the market: what a customer generates
    **dict.fromkeys("NXU", Flow.NET),
}


def quality_named(flag: str) -> Quality | None:
    """`"A"`, `"S14"`, `"F55"`; None when it is no quality method, or V, which only 400 records explain."""
    match = QUALITY.fullmatch(flag)
    if match is None or match[1] == VARIABLE:
        return None
    if match[1] in _FLAGS:
        return _FLAGS[match[1]]
    return _METHODS.get(match[2] or "", _SUBSTITUTED)


def flow_of(suffix: str) -> Flow:
    """Export and import are seen from the market: E is what the customer uses, B what they feed in."""
    return _FLOWS.get(suffix[:1].upper(), Flow.DELIVERED)


def unit_of(uom: str, suffix: str) -> Scale | None:
    """Voltage streams are sent without a unit."""
    if not uom.strip() and suffix[:1].upper() == "V":
        return Scale(Unit.VOLT)
    return scale_named(uom)
