"""Take a whole utility over from another system, table by table; what is right goes in, the rest is told by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from lamplighter.formats.conversion.reading import Handover
from lamplighter.journeys.conversion.parties import Accounts, People
from lamplighter.journeys.conversion.places import Meters, Points, Premises
from lamplighter.journeys.conversion.standing import Bills, Debts, Deposits, Services
from lamplighter.journeys.conversion.taking import Cutover, Step, Taken, take
from lamplighter.kernel.findings import Finding

STEPS: tuple[Step[Any, Any], ...] = (
    Premises(), Points(), Meters(), People(), Accounts(), Services(), Debts(), Deposits(), Bills(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of each table, and what is left out, with its line and why."""

    tables: tuple[Taken, ...]
    findings: tuple[Finding, ...]


def convert(handover: Handover, cutover: Cutover, *, told: Callable[[str, int, int], None]) -> Converted:
    """Take in what is not here yet. `told` hears the table, how much of it is done, and of how much."""
    findings = list(handover.findings)
    tables = [
        take(
            step, handover.tables[step.table], handover.broken[step.table], cutover, findings=findings,
            told=partial(told, step.table),
        )
        for step in STEPS if step.table in handover.tables
    ]  # fmt: skip
    return Converted(tuple(tables), tuple(findings))
