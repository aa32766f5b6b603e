"""The code lists of CMEP: commodities, units with their direction, purposes, data quality flags, intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lamplighter.formats.measures import Scale, scale_named
from lamplighter.formats.meterdata import ReadKind
from lamplighter.kernel.energy import Commodity, Flow, Quality, Unit

FIELDS = (
    "record type", "record version", "sender id", "sender customer id", "receiver id", "receiver customer id",
    "time stamp", "meter id", "purpose", "commodity", "units", "calculation constant", "interval", "quantity",
)  # fmt: skip
FIXED = len(FIELDS)
READ = "MEPMD01"
OTHER_READINGS = {"MEPMD02"}

COMMODITIES = {"E": Commodity.ELECTRICITY, "G": Commodity.GAS, "W": Commodity.WATER, "S": Commodity.STEAM}
PURPOSES = {"", "OK", "RESEND", "HISTORY"}
"""Transmissions of readings; SUMMARY, PROFILE and TEMPLATE are not, and REJECT is our own data come back."""

OVERFLOW, ROLLOVER = 1 << 9, 1 << 13
"""Status bits under which the value is no measurement (Sensus RNI)."""

_DIRECTIONS = {"G": Flow.RECEIVED, "N": Flow.NET, "S": Flow.TOTAL, "D": Flow.DELIVERED, "R": Flow.RECEIVED}
_LETTERS = {
    "": Quality.VALID,
    "R": Quality.RAW,
    "A": Quality.EDITED,
    "E": Quality.ESTIMATED_REFERENCE_DAY,
    "D": Quality.DERIVED,
    "M": Quality.DERIVED,
    "V": Quality.VALIDATED,
    "N": Quality.MISSING,
}
WRITTEN = {
    Quality.VALID: "",
    Quality.RAW: "R0",
    Quality.EDITED: "A0",
    Quality.ESTIMATED_REFERENCE_DAY: "E0",
    Quality.ESTIMATED_LINEAR: "E0",
    Quality.PROJECTED: "E0",
    Quality.DERIVED: "D0",
    Quality.VALIDATED: "V0",
    Quality.VERIFIED: "V0",
    Quality.REVENUE: "V0",
    Quality.MISSING: "N0",
}


@dataclass(frozen=True, slots=True)
class Units:
    """`GKWHREG` is kilowatt-hours, received, on a register."""

    scale: Scale
    flow: Flow
    kind: ReadKind


def units_named(name: str) -> Units | None:
    """The meaning of field 11; None when it is unknown."""
    code = name.strip().upper()
    kind = ReadKind.REGISTER if code.endswith("REG") else ReadKind.INTERVAL
    bare = code.removesuffix("REG")
    scale = scale_named(bare)
    if scale is not None:
        return Units(scale, Flow.DELIVERED, kind)
    direction, scale = _DIRECTIONS.get(bare[:1]), scale_named(bare[1:])
    if direction is None or scale is None or scale.unit in {Unit.COUNT, Unit.HOUR}:
        return None
    return Units(scale, direction, kind)


def quality_of(flag: str) -> tuple[Quality, int] | None:
    """Field 2 of a triplet: `R0`, `E`, `R 00 00`, empty: the quality and its status bits; None when it is unknown."""
    match = re.fullmatch(r"([A-Z]?)\s*(\d{0,9})(?:\s+\d+)*", flag.strip().upper())
    if match is None or match[1] not in _LETTERS:
        return None
    return _LETTERS[match[1]], int(match[2] or 0)


def interval_of(code: str) -> tuple[int, int] | None:
    """Field 13, MMDDHHMM: months, and seconds besides; (0, 0) when it is empty; None when it is wrong."""
    digits = code.strip()
    if not digits:
        return 0, 0
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    months, days, hours, minutes = (int(digits[i : i + 2]) for i in range(0, 8, 2))
    return months, (days * 24 + hours) * 3600 + minutes * 60
