"""Steps of a group as plain data and back, so that a utility adopts its own rules and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from lamplighter.intervals.vee.completeness import qualities_named
from lamplighter.intervals.vee.formulas import parsed
from lamplighter.intervals.vee.groups import Step
from lamplighter.intervals.vee.rules import (
    DemandChange,
    FlaggedRun,
    FlatRun,
    Formula,
    HighLow,
    InactiveUse,
    Missing,
    Negative,
    Neighbors,
    PeakChange,
    ProlongedEstimation,
    RepeatedDay,
    Rule,
    Spike,
    SumCheck,
    ZeroRun,
)
from lamplighter.kernel.energy import Flow, Unit
from lamplighter.kernel.findings import Severity

KINDS: dict[str, type[Rule]] = {
    rule.code: rule
    for rule in (
        Missing, Negative, InactiveUse, ZeroRun, FlatRun, RepeatedDay, ProlongedEstimation, Spike, HighLow, SumCheck,
        DemandChange, PeakChange, Neighbors, Formula, FlaggedRun,
    )
}  # fmt: skip
MOST_LETTERS = 60
Threshold = int | Decimal | str
SEVERITIES = {"flag": Severity.WARNING, "stop": Severity.ERROR}


def thresholds_of(rule: Rule) -> dict[str, Threshold]:
    """A rule's thresholds by name."""
    return {field.name: getattr(rule, field.name) for field in fields(rule)}


def described(step: Step) -> dict[str, Any]:
    """A step as JSON: `{"rule": "vee.spike", "severity": "flag", "classes": [...], "percent": 180, ...}`.
    `channels` and `then` are left out where they say nothing."""
    severity = next(name for name, value in SEVERITIES.items() if value is step.severity)
    return {
        "rule": step.rule.code, "severity": severity, "classes": _sorted(step.classes), "flows": _sorted(step.flows),
        "of_units": _sorted(step.units), **({"channels": sorted(step.channels)} if step.channels is not None else {}),
        **({"then": step.then} if step.then else {}),
        **{name: str(v) if isinstance(v, Decimal) else v for name, v in thresholds_of(step.rule).items()},
    }  # fmt: skip


def step_of(said: Mapping[str, Any]) -> Step:
    """The step that was described. Raises ValueError, in words, for what is no rule or no threshold of it."""
    kind = KINDS.get(said["rule"])
    if kind is None:
        raise ValueError(f"There is no rule {said['rule']!r}. There are: {', '.join(KINDS)}.")
    known = {"rule", "severity", "classes", "flows", "of_units", "channels", "then"}
    given = {name: value for name, value in said.items() if name not in known}
    unknown = given.keys() - {field.name for field in fields(kind)}
    if unknown:
        names = ", ".join(field.name for field in fields(kind)) or "none"
        raise ValueError(f"{said['rule']} has no threshold {', '.join(sorted(unknown))}. It has: {names}.")
    values: dict[str, Any] = {
        field.name: _value(field, given[field.name]) for field in fields(kind) if field.name in given
    }
    if kind is Formula and not values.get("name"):
        raise ValueError("Give the formula a name, on a line like “name = Idle pumps”.")
    if said["severity"] not in SEVERITIES:
        raise ValueError(f"A severity is one of {', '.join(SEVERITIES)}.")
    return Step(
        kind(**values), SEVERITIES[said["severity"]], _set(said.get("classes")),
        None if not said.get("flows") else frozenset(Flow(one) for one in said["flows"]),
        None if not said.get("of_units") else frozenset(Unit(one) for one in said["of_units"]),
        frozenset(int(one) for one in said["channels"]) if said.get("channels") else None, said.get("then", ""),
    )  # fmt: skip


def _value(field: Any, given: object) -> Threshold:
    default = field.default
    assert default is not MISSING, "every threshold has a default"
    if isinstance(default, str):
        return _text(field.name, str(given).strip())
    try:
        found = Decimal(str(given))
    except InvalidOperation:
        raise ValueError(f"{field.name} is a number, not {given!r}.") from None
    if not found.is_finite() or found < 0:
        raise ValueError(f"{field.name} is zero or more.")
    if isinstance(default, Decimal):
        return found
    if found != int(found):
        raise ValueError(f"{field.name} is a whole number.")
    return int(found)


def _text(name: str, given: str) -> str:
    """A formula and a list of codes are read before they are adopted. Raises ValueError."""
    if name == "formula":
        parsed(given)
    elif name == "codes":
        qualities_named(given)
    elif not 1 <= len(given) <= MOST_LETTERS:
        raise ValueError(f"{name} is 1 to {MOST_LETTERS} letters.")
    return given


def _set(names: Any) -> frozenset[str] | None:
    return frozenset(names) if names else None


def _sorted(names: Any) -> list[str] | None:
    return None if names is None else sorted(str(name) for name in names)
