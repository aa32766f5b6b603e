"""Assumptions that can be seen and changed: what a model takes for granted, within which bounds, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

QUOTE = "A planning figure: put the contractor's quote here."
YOURS = "The customer tells it."
OURS = "An assumption of ours, from no source."

Values: TypeAlias = Mapping[str, float]


class CannotAdvise(Exception):
    """Why nothing is said, in a sentence that can be read to the customer; `field` names the assumption."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number from `least` to `most`; `unit` "yes or no" is 1 or 0, and "o'clock" an hour from 0 to 24."""

    name: str
    label: str
    unit: str
    value: float
    least: float
    most: float
    step: float
    source: str


def checked(assumptions: tuple[Assumption, ...], said: Mapping[str, object], *, of: str) -> dict[str, float]:
    """Every assumption's value: what was said, else what is assumed.

    Raises CannotAdvise, naming the field, for a name that is not one of them, no number, or a number out of bounds.
    """
    known = {one.name: one for one in assumptions}
    for name in said:
        if name not in known:
            raise CannotAdvise("advice.name", f"{of} has no “{name}”. It has: {', '.join(known)}.", field=name)
    return {name: _number(said[name], one, of) if name in said else one.value for name, one in known.items()}


def _number(value: object, one: Assumption, of: str) -> float:
    try:
        found = float(str(value).strip())
    except ValueError:
        raise CannotAdvise("advice.number", f"{of}: {one.label} is a number, not “{value}”.", field=one.name) from None
    if not one.least <= found <= one.most:
        bounds = f"from {one.least:g} to {one.most:g} {one.unit}"
        raise CannotAdvise("advice.bounds", f"{of}: {one.label} is {bounds}, not {found:g}.", field=one.name)
    return found
