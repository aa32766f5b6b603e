"""The numbers by which a head-end names controls, events and quantities: its vendor's table, with one to start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.formats.network.messages import Act, EventKind

UNKNOWN = "0.0." + "0.0"


@dataclass(frozen=True, slots=True)
class Codes:
    """`controls` are EndDeviceControlTypes, `events` EndDeviceEventTypes (type.domain.subdomain.action)."""

    controls: Mapping[Act, str]
    events: Mapping[str, EventKind]

    def act(self, code: str) -> Act | None:
        return next((act for act, known in self.controls.items() if known == code), None)

    def code(self, kind: EventKind) -> str:
        return next((code for code, known in self.events.items() if known is kind), UNKNOWN)


STARTER = Codes(
    controls={
        Act.CONNECT: "3.31.0.18", Act.DISCONNECT: "3.31.0.23", Act.PING: "3.26.0.4", Act.READ: "3.21.0.1",
        Act.STATE: "3.31.0.63",
    },
    events={
        "3.31.0.42": EventKind.SWITCHED_ON, "3.31.0.68": EventKind.SWITCHED_OFF, "3.12.0.257": EventKind.TAMPER,
        "3.12.93.219": EventKind.REVERSE, "3.26.0.85": EventKind.LAST_GASP, "3.26.0.216": EventKind.RESTORED,
        "3.26.38.223": EventKind.LOW_VOLTAGE, "3.26.38.93": EventKind.HIGH_VOLTAGE, "3.36.114.159": EventKind.CLOCK,
        "6.20.1.185": EventKind.LAST_GASP,
    },
)  # fmt: skip
"""To start from, and for the demo city. A real head-end's vendor hands over its own table, which takes its place: the
standard's annex is not public, and vendors differ. The last is Landis+Gyr Command Center's POWER_FAIL."""

READING_TYPES = {
    ("kWh", False): "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0",
    ("kWh", True): "0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0",
    ("kW", False): "0.0.0.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0",
    ("V", False): "0.0.0.6.0.1.158.0.0.0.0.0.0.0.0.0.29.0",
    ("kvarh", False): "0.0.0.1.15.1.12.0.0.0.0.0.0.0.0.3.73.0",
}
"""What is written: 18 numbers, of which flow is the fifth, the multiplier the 16th and the unit the 17th."""
UNITS = {"72": "Wh", "38": "W", "29": "V", "73": "varh"}
"""ESPI's numbers for units; the others are left out."""
RECEIVED = {"19", "2"}
