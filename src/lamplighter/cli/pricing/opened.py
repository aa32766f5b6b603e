"""A load that was opened, with the periods to bill."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.load import Load
from lamplighter.rating.tariff import BillKind


@dataclass(frozen=True, slots=True)
class Opened:
    """`kinds` has one for each of `periods`; `findings` tell what was noticed about the load."""

    load: Load
    periods: tuple[Period, ...]
    kinds: tuple[BillKind, ...]
    findings: tuple[Finding, ...] = ()
