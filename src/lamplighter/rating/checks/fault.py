"""A fault of a tariff, by its place in the shape of a tariff file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lamplighter.kernel.findings import Severity

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is like `("line", 2, "tier", 0, "up_to")`; `message` says what is wrong, `remedy` what to do."""

    path: Path
    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
