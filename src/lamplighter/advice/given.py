"""Figures of a TOML file as they are read: each within its bounds, or refused by the name of its field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lamplighter.advice.assumptions import CannotAdvise

MONTHS, HOURS = 12, 24
Hourly = tuple[tuple[float, ...], ...]
"""By month and hour of the local clock (12 x 24)."""


@dataclass(frozen=True, slots=True)
class Given:
    """A table of a file: `file` says what it is ("surroundings"), `name` which of its tables."""

    file: str
    name: str
    said: Mapping[str, Any]

    def told(self, field: str) -> Any:
        """Raises CannotAdvise where it is missing."""
        if field not in self.said:
            raise CannotAdvise(f"{self.file}.missing", f"{self.name}.{field} is missing.", field=field)
        return self.said[field]

    def number(self, field: str, least: float, most: float) -> float:
        return self._within(field, self.told(field), least, most)

    def months(self, field: str, least: float, most: float) -> tuple[float, ...]:
        given = self.told(field)
        if not isinstance(given, list) or len(given) != MONTHS:
            said = f"{self.name}.{field} has twelve numbers, one a month."
            raise CannotAdvise(f"{self.file}.months", said, field=field)
        return tuple(self._within(field, value, least, most) for value in given)

    def by_hour(self, field: str, least: float, most: float) -> Hourly:
        """One number for all hours, or twelve rows of twenty-four."""
        given = self.told(field)
        table = [[given] * HOURS] * MONTHS if isinstance(given, int | float) else given
        if not isinstance(table, list) or len(table) != MONTHS or any(
            not isinstance(row, list) or len(row) != HOURS for row in table
        ):  # fmt: skip
            said = f"{self.name}.{field} is one number, or twelve rows (months) of twenty-four (hours)."
            raise CannotAdvise(f"{self.file}.hours", said, field=field)
        return tuple(tuple(self._within(field, value, least, most) for value in row) for row in table)

    def whole(self, field: str, least: int, most: int) -> tuple[int, ...]:
        """Whole numbers between bounds, at least one, each once."""
        given = self.told(field)
        sound = isinstance(given, list) and given and all(type(one) is int and least <= one <= most for one in given)
        if not sound or len(set(given)) != len(given):
            said = f"{self.name}.{field} is a list of different whole numbers from {least} to {most}."
            raise CannotAdvise(f"{self.file}.whole", said, field=field)
        return tuple(given)

    def day(self, field: str) -> date:
        found = self.told(field)
        if type(found) is not date:
            said = f"{self.name}.{field} is a day, such as 2024-01-01."
            raise CannotAdvise(f"{self.file}.day", said, field=field)
        return found

    def words(self, field: str) -> str:
        found = self.told(field)
        if not isinstance(found, str) or not found.strip():
            raise CannotAdvise(f"{self.file}.words", f"{self.name}.{field} says something in words.", field=field)
        return found.strip()

    def _within(self, field: str, value: object, least: float, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            said = f"{field} is from {least:g} to {most:g}, not {value}."
            raise CannotAdvise(f"{self.file}.bounds", said, field=field)
        return float(value)


def read(text: str, file: str) -> Mapping[str, Any]:
    """Raises CannotAdvise, with the line, for what is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise CannotAdvise(f"{file}.syntax", f"The {file} are not TOML: {fault}.") from fault


def table(said: Mapping[str, Any], name: str, file: str) -> Given:
    found = said.get(name)
    if not isinstance(found, Mapping):
        raise CannotAdvise(f"{file}.missing", f"The {file} have no [{name}].", field=name)
    return Given(file, name, found)


def tables(said: Mapping[str, Any], name: str, file: str) -> list[Given]:
    """At least one `[[name]]`."""
    found = said.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, Mapping) for one in found):
        raise CannotAdvise(f"{file}.{name}", f"The {file} have no [[{name}]].", field=name)
    return [Given(file, name, one) for one in found]
