"""Findings: what was noticed about a file, a reading, a tariff or a bill, and what to do about it.

A finding is data for people: it says where, what was expected, what was found and the remedy. A reader returns
findings beside the good records; it raises only when nothing of the input can be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """INFO is kept; WARNING needs no act; ERROR keeps the record out until a person decides."""

    INFO = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: 1-based `line` (0: the whole file) and the `field` by the format's own name."""

    file: str = ""
    line: int = 0
    field: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"line {self.line}" if self.line else "", self.field]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the rule for worklists and tests (`cmep.length`); `message` is fit to be read aloud."""

    code: str
    message: str
    severity: Severity = Severity.ERROR
    place: Place = field(default_factory=Place)
    remedy: str = ""

    def __post_init__(self) -> None:
        assert self.code
        assert self.message

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        return f"{where}{self.message}" + (f" {self.remedy}" if self.remedy else "")


def worst(findings: Iterable[Finding]) -> Severity | None:
    return max((finding.severity for finding in findings), default=None)
