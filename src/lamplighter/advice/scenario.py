"""A scenario: measures with their values, from a TOML file, from words (`solar.dc_kw=50`), or from a stored row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lamplighter.advice.assumptions import CannotAdvise, checked
from lamplighter.advice.effects import Battery, Kind
from lamplighter.advice.kinds import BATTERY, KINDS
from lamplighter.advice.kinds.storage import battery_of
from lamplighter.rating.spelling import did_you_mean

MOST = 8
"""Measures in one scenario."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with every assumption's value; `said` are the names that somebody gave a value."""

    kind: Kind
    values: Mapping[str, float]
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Measures in the order in which they act on the load; the battery comes last, since it runs by what is left."""

    measures: tuple[Measure, ...]

    @property
    def loads(self) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures if one.kind.model is not None)

    @property
    def battery(self) -> Battery | None:
        values = next((one.values for one in self.measures if one.kind is BATTERY), None)
        return None if values is None else battery_of(values)

    def stored(self) -> dict[str, Any]:
        """As a row keeps it: what was said; the rest is assumed anew each time it is looked at."""
        return {
            "measures": [
                {"kind": one.kind.name, **{name: one.values[name] for name in sorted(one.said)}}
                for one in self.measures
            ]
        }


def scenario_of(said: Iterable[Mapping[str, Any]]) -> Scenario:
    """Of measures as mappings with a `kind` and values.

    Raises CannotAdvise for what is not known, out of bounds, or twice a battery.
    """
    measures = [_measure(one) for one in said]
    if not measures:
        raise CannotAdvise("advice.nothing", "Say what is changed: name a measure.")
    if len(measures) > MOST:
        raise CannotAdvise("advice.many", f"{MOST} measures at most make one scenario.")
    if sum(one.kind is BATTERY for one in measures) > 1:
        raise CannotAdvise("advice.battery", "One battery is enough: add up its kWh and kW.", field="battery")
    return Scenario(tuple(measures))


def scenario_of_stored(row: Mapping[str, Any]) -> Scenario:
    return scenario_of(row.get("measures", ()))


def scenario_of_toml(text: str) -> Scenario:
    """Of a file with `[[measure]]` tables. Raises CannotAdvise."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise CannotAdvise("advice.syntax", f"The measures are not TOML: {fault}.") from fault
    strange = set(said) - {"measure"}
    if strange or not isinstance(said.get("measure", []), list):
        raise CannotAdvise("advice.syntax", "A file of measures has [[measure]] tables, and nothing else.")
    return scenario_of(said.get("measure", ()))


def scenario_of_words(words: Sequence[str]) -> Scenario:
    """Of words: `battery` alone for what is assumed, `battery.kwh=400` for a value. Raises CannotAdvise."""
    return scenario_of(said_in(words))


def said_in(words: Sequence[str]) -> list[dict[str, Any]]:
    """The measures that words tell, in the order in which each kind is first named."""
    found: dict[str, dict[str, Any]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        kind, _, field = name.strip().partition(".")
        own = found.setdefault(kind, {"kind": kind})
        if bool(field) is not bool(equals):
            raise CannotAdvise("advice.word", f"“{word}” is neither a measure nor measure.name=value.")
        if field:
            own[field] = value.strip()
    return list(found.values())


def _measure(said: Mapping[str, Any]) -> Measure:
    name = str(said.get("kind", ""))
    kind = KINDS.get(name)
    if kind is None:
        hint = did_you_mean(name, KINDS) or f"There are: {', '.join(KINDS)}."
        raise CannotAdvise("advice.kind", f"There is no measure “{name}”. {hint}", field="kind")
    own = {key: value for key, value in said.items() if key != "kind"}
    return Measure(kind, checked(kind.assumptions, own, of=kind.label), frozenset(own))
