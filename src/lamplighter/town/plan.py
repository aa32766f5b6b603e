"""What a city is planned as: its size, its customers with their services, loads and habits, and their scenes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from lamplighter.customers.operations import PersonIn
from lamplighter.premises.operations import PremiseIn
from lamplighter.town.loads import Load
from lamplighter.town.places import cycle_of
from lamplighter.town.staff import ELECTRONIC

if TYPE_CHECKING:
    from lamplighter.town.stage import Stage


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each kind, stories and key accounts included; `hourly` of the homes have hourly meters."""

    homes: int
    hourly: int
    shops: int
    medium: int
    months: int = 13


DEFAULT = Size(homes=2050, hourly=400, shops=300, medium=36)
FULL = Size(homes=31_450, hourly=3_000, shops=4_500, medium=36)


class Reading(StrEnum):
    """How a meter is read."""

    QUARTER = "15-minute"
    HOURLY = "hourly"
    REGISTER = "register"

    @property
    def seconds(self) -> int | None:
        return {Reading.QUARTER: 900, Reading.HOURLY: 3600, Reading.REGISTER: None}[self]


@dataclass(frozen=True, slots=True)
class MeterPlan:
    """A meter; its badge is given when the city is numbered, unless a story names it.

    What it counts is multiplied with `multiplier`. `lag` is its kVArh for each kWh, where it counts them; `sends` that
    it counts what comes back. From `silent_since` on nothing is heard of it. In a turn, counted back from the newest,
    its register was not read but `guessed`, at 55 % of what was used; in another the reader wrote 300 kWh too much.
    """

    reading: Reading
    badge: str = ""
    multiplier: int = 1
    lag: float = 0.0
    sends: bool = False
    silent_since: date | None = None
    guessed: int | None = None
    slipped: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service at a place: its rate and riders, what tariffs ask of it, its load and meter (none: unmetered)."""

    place: PremiseIn
    rate: str
    load: Load | None = None
    meter: MeterPlan | None = None
    riders: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody pays: into which source, by which tender, how many days after the bill, what part of it.

    `skips` of a hundred bills are left for the next one; after `until` nothing is paid any more.
    """

    source: str
    tender: str
    after: tuple[int, int]
    percent: int = 100
    skips: int = 0
    until: date | None = None

    @property
    def electronic(self) -> bool:
        return self.source in ELECTRONIC


@dataclass(frozen=True, slots=True)
class Customer:
    """An account with its services. `key` is how stories call it; `others` stand on it in other roles.

    Who comes `on` a day was not here when the program began. Who `takes_over` from another account has its services;
    who is the `same_as` another customer is one person with two accounts.
    """

    key: str
    person: PersonIn
    customer_class: str
    district: int
    since: date
    pays: Habit
    services: tuple[Service, ...]
    others: tuple[tuple[str, PersonIn], ...] = ()
    email_only: bool = False
    login: str = ""
    on: date | None = None
    takes_over: str = ""
    same_as: str = ""

    @property
    def cycle(self) -> int:
        return cycle_of(self.district)


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens to a customer on a day, before its payments are taken."""

    key: str
    on: date
    act: Callable[[Stage, date], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole city as of a day: what happens on it or later has not happened. `begins` is its first day here.

    `vacant` are places whose meters count though nobody has service. A landlord (by key) owns some customers' flats.
    """

    as_of: date
    size: Size
    begins: date
    customers: tuple[Customer, ...]
    vacant: tuple[Service, ...] = ()
    scenes: tuple[Scene, ...] = ()
    landlords: tuple[tuple[str, str], ...] = ()
