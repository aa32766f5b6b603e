"""What was estimated, how and from what, so that a person can judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lamplighter.kernel.energy import Quality


class Method(StrEnum):
    """How a gap was filled."""

    OUTAGE = "outage"  # known to be without power: nought, not an estimate
    LINEAR = "linear"  # a line between the neighbours
    FLAT_LOAD = "flat-load"  # as the only neighbour
    LIKE_DAYS = "like-days"  # mean of reference days
    PROFILE = "profile"  # the register's remainder, shaped as the class
    FLAT_REMAINDER = "flat-remainder"  # the register's remainder, spread evenly
    NONE = "none"  # nothing to estimate from: still missing


QUALITIES = {
    Method.OUTAGE: Quality.VALIDATED,
    Method.LINEAR: Quality.ESTIMATED_LINEAR,
    Method.FLAT_LOAD: Quality.ESTIMATED_LINEAR,
    Method.LIKE_DAYS: Quality.ESTIMATED_REFERENCE_DAY,
    Method.PROFILE: Quality.ESTIMATED_REFERENCE_DAY,
    Method.FLAT_REMAINDER: Quality.ESTIMATED_LINEAR,
    Method.NONE: Quality.MISSING,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Slots of one channel from `slot` of local `day` on. A gap over several days is told by day where days differ.

    `references` are the days whose mean was taken; `total` the counts put in; `scaled` whether they were scaled to
    a register's difference.
    """

    channel: int
    day: date
    slot: int
    slots: int
    method: Method
    references: tuple[date, ...] = ()
    total: int = 0
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """How a gap is filled first: by a line between its neighbours, or as the mean of so many reference days: the
    nearest ones, or with `proxy` those of the nearest temperature."""

    days: int = 3
    line: bool = False
    proxy: bool = False

    def __str__(self) -> str:
        return "line" if self.line else f"{'proxy' if self.proxy else 'like'}-days-{self.days}"


def choice_named(name: str) -> Choice:
    """The choice whose text this is."""
    if name == "line":
        return Choice(line=True)
    kind, days = name.split("-days-")
    return Choice(int(days), proxy=kind == "proxy")


Chosen = Mapping[int, tuple[tuple[int, Choice], ...]]
"""By channel: up to so many seconds of gap, that choice; ascending."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a utility may set: how long a line may be, how many reference days, from how far away. `chosen` is what
    back-tests found best for single channels (estimation.scoring); the rule holds where they say nothing. `degrees` are
    days' mean temperatures in °F, where a station told them; a proxy day differs by `proxy_degrees` at most."""

    linear_seconds: int = 7_200
    reference_days: int = 3
    least_reference_days: int = 1
    farthest_days: int = 366
    references: frozenset[Quality] = frozenset(
        {Quality.VALID, Quality.EDITED, Quality.DERIVED, Quality.VALIDATED, Quality.VERIFIED, Quality.REVENUE}
    )
    end_points: frozenset[Quality] = references | {Quality.RAW}
    chosen: Chosen = field(default_factory=dict)
    degrees: Mapping[date, float] = field(default_factory=dict)
    proxy_degrees: float = 5.0

    def choice(self, channel: int, seconds: int) -> Choice:
        """The first choice for a gap of so many seconds."""
        for most, choice in self.chosen.get(channel, ()):
            if seconds <= most:
                return choice
        return Choice(self.reference_days, line=seconds <= self.linear_seconds)


def by_rule(seconds: int) -> Choice:
    """What the rule alone says of a gap."""
    return Policy().choice(0, seconds)
