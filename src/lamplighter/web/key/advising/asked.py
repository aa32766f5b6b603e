"""A what-if as an address: `?m=battery&battery.kwh=400`, its fields with sliders, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from lamplighter.advice.assumptions import Assumption
from lamplighter.advice.effects import Kind
from lamplighter.advice.kinds import KINDS
from lamplighter.advice.scenario import Scenario, scenario_of

YES_OR_NO = "yes or no"
TOP = 4
"""A slider goes up to four times what is assumed, or what was said; the number beside it takes any that is allowed."""


@dataclass(frozen=True, slots=True)
class Slider:
    """An assumption as it is filled in: the slider's own bounds, and the value as it was typed."""

    name: str
    assumption: Assumption
    value: str
    top: float

    @property
    def dom_id(self) -> str:
        return f"id_{self.name.replace('.', '_')}"

    @property
    def choice(self) -> bool:
        return self.assumption.unit == YES_OR_NO


@dataclass(frozen=True, slots=True)
class Asked:
    """`measures` are kinds with their sliders; `others` those that may be added, with the query that adds each."""

    measures: tuple[tuple[Kind, tuple[Slider, ...], str], ...]
    others: tuple[tuple[Kind, str], ...]
    capacity: str
    said: tuple[Mapping[str, str], ...]

    @property
    def scenario(self) -> Scenario:
        """Raises CannotAdvise."""
        return scenario_of(self.said)

    @property
    def capacity_kw(self) -> Decimal | None:
        """None where nothing, or no number above nothing, was said."""
        try:
            found = Decimal(self.capacity)
        except InvalidOperation:
            return None
        return found if found.is_finite() and found > 0 else None


def asked_of(query: QueryDict) -> Asked:
    """What an address says; kinds that nobody knows are passed over."""
    kinds = [KINDS[name] for name in dict.fromkeys(query.getlist("m")) if name in KINDS]
    service = query.get("service", "")
    measures = tuple(
        (kind, _sliders(kind, query), _query(service, [one for one in kinds if one is not kind], query))
        for kind in kinds
    )
    others = tuple((kind, _query(service, [*kinds, kind], query)) for kind in KINDS.values() if kind not in kinds)
    said = tuple({"kind": kind.name, **_said(kind, query)} for kind in kinds)
    return Asked(measures, others, query.get("capacity", ""), said)


def query_of(query: QueryDict) -> str:
    """The what-if of an address alone, without what is shown of it."""
    kinds = [KINDS[name] for name in dict.fromkeys(query.getlist("m")) if name in KINDS]
    return _query(query.get("service", ""), kinds, query)


def query_of_stored(changes: Mapping[str, Any], service: int) -> str:
    """The address of a scenario that was kept."""
    pairs: list[tuple[str, str]] = [("service", str(service))]
    for measure in changes.get("measures", ()):
        kind = str(measure["kind"])
        pairs.append(("m", kind))
        pairs += [(f"{kind}.{name}", f"{value:g}") for name, value in measure.items() if name != "kind"]
    if "capacity_kw" in changes:
        pairs.append(("capacity", str(changes["capacity_kw"])))
    return urlencode(pairs)


def _sliders(kind: Kind, query: QueryDict) -> tuple[Slider, ...]:
    made = []
    for one in kind.assumptions:
        name = f"{kind.name}.{one.name}"
        value = query.get(name, "").strip() or f"{one.value:g}"
        made.append(Slider(name, one, value, min(one.most, max(one.value * TOP, _number(value), one.step * 10))))
    return tuple(made)


def _said(kind: Kind, query: QueryDict) -> dict[str, str]:
    """What differs from what is assumed anyway."""
    told = {one.name: query.get(f"{kind.name}.{one.name}", "").strip() for one in kind.assumptions}
    usual = {one.name: f"{one.value:g}" for one in kind.assumptions}
    return {name: value for name, value in told.items() if value and value != usual[name]}


def _query(service: str, kinds: list[Kind], query: QueryDict) -> str:
    pairs: list[tuple[str, str]] = [("service", service)] if service else []
    for kind in kinds:
        pairs.append(("m", kind.name))
        pairs += [(f"{kind.name}.{name}", value) for name, value in _said(kind, query).items()]
    if query.get("capacity"):
        pairs.append(("capacity", str(query["capacity"])))
    return urlencode(pairs)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
