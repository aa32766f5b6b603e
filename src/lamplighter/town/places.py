"""The streets of Marisol Bay: twenty districts, two to a bill cycle, on six feeders of one substation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.premises.models import ServicePoint
from lamplighter.premises.operations import PointIn, PremiseIn

CITY, STATE, ZIP = "Marisol Bay", "CA", "90555"


@dataclass(frozen=True, slots=True)
class District:
    """A part of the city with its streets; `flats` of a hundred homes are flats."""

    number: int
    name: str
    feeder: str
    streets: tuple[str, ...]
    flats: int = 20


def _district(number: int, name: str, feeder: str, streets: str, flats: int = 20) -> District:
    return District(number, name, feeder, tuple(streets.split(", ")), flats)


DISTRICTS = (
    _district(1, "Harbor", "Harbor 101", "Harbor Way, Anchor St, Mooring Ln, Capstan Ct, Bowline St", 45),
    _district(2, "Harbor North", "Harbor 101", "Quay St, Windlass Way, Bosun Ln, Halyard St, Cleat Ct", 45),
    _district(3, "Ferry Point", "Harbor 101", "Ferry St, Gangway Ln, Terminal Ave, Slip St, Pilot Way", 60),
    _district(4, "Docks", "Dock 102", "Dock St, Chandler Way, Cooper St, Sailmaker Ln, Rigger St", 40),
    _district(5, "Otis", "Otis 201", "Otis Dr, Plover Way, Heron Ct, Egret Ln, Curlew St", 25),
    _district(6, "Otis South", "Otis 201", "Tern Way, Sandpiper Ln, Godwit St, Willet Ct, Avocet Dr", 15),
    _district(7, "Gull Point", "Otis 201", "Gull Point Dr, Pelican Way, Osprey Ct, Grebe St, Coot Ln", 15),
    _district(8, "Walnut", "Walnut 202", "Walnut St, Chestnut St, Oak St, Maple Ct, Elm Ln", 10),
    _district(9, "Walnut Hill", "Walnut 202", "Hillside Ave, Orchard St, Pear Ct, Quince Ln, Almond St", 5),
    _district(10, "Bungalows", "Walnut 202", "Craftsman Way, Porch St, Gable Ln, Trellis Ct, Arbor Ave", 5),
    _district(11, "Foundry", "Foundry 301", "Foundry Way, Bellows St, Crucible Ln, Anvil St, Ingot Ct", 55),
    _district(12, "Rope Walk", "Foundry 301", "Rope Walk, Hemp St, Twine Ln, Spool Ct, Cable St", 50),
    _district(13, "Slough", "Slough 302", "Slough Rd, Levee Way, Reed St, Marsh Ln, Cattail Ct", 20),
    _district(14, "Tule", "Slough 302", "Tule St, Bulrush Ln, Sedge Ct, Rush St, Willow Way", 15),
    _district(15, "Bay Court", "Slough 302", "Bay Ct, Cove Ln, Inlet St, Shoal Way, Eddy Ct", 30),
    _district(16, "Cannery", "Dock 102", "Cannery Row, Sardine St, Tin Ln, Label Ct, Pier Ave", 60),
    _district(17, "Beach", "Slough 302", "Beach Rd, Dune Ln, Shell St, Surf Ct, Driftwood Way", 15),
    _district(18, "Lagoon", "Slough 302", "Pacific Ave, Lagoon Dr, Footbridge Ln, Island Ct, Tide St", 45),
    _district(19, "Terrace", "Walnut 202", "Terrace Ave, Stair St, View Ln, Ridge Ct, Ledge Way", 5),
    _district(20, "Summit", "Walnut 202", "Summit Rd, Reservoir St, Beacon Ln, Cairn Ct, Lookout Dr", 5),
)


def district(number: int) -> District:
    return DISTRICTS[number - 1]


def cycle_of(number: int) -> int:
    """The cycle in which a district is billed, together with its neighbor."""
    return (number + 1) // 2


def districts_of(cycle: int) -> tuple[District, ...]:
    return tuple(one for one in DISTRICTS if cycle_of(one.number) == cycle)


def place(
    street: str,
    within: int,
    *,
    unit: str = "",
    use: str = "residential",
    metered: bool = True,
    facts: Mapping[str, str] | None = None,
) -> PremiseIn:
    """A premise of one service point `within` a district."""
    kind = ServicePoint.Kind.METERED if metered else ServicePoint.Kind.UNMETERED
    point = PointIn(kind=kind, feeder=district(within).feeder, facts=facts or {})
    return PremiseIn(street, CITY, STATE, ZIP, unit=unit, use=use, points=(point,))


def home_address(where: District, serial: int) -> tuple[str, str]:
    """Street and unit of the n-th home of a district: houses, and flats of eight to a building. Numbers are odd."""
    lot, within = divmod(serial, 100)
    if within < where.flats:
        building, flat = divmod(within, 8)
        number, unit = 103 + 40 * lot + 2 * building, f"Apt {'ABCDEFGH'[flat]}"
        return f"{number} {where.streets[building % len(where.streets)]}", unit
    number = 205 + 100 * lot + 4 * (within // len(where.streets))
    return f"{number} {where.streets[within % len(where.streets)]}", ""


def shop_address(where: District, serial: int) -> str:
    return f"{1000 + 2 * (serial // len(where.streets))} {where.streets[serial % len(where.streets)]}"
