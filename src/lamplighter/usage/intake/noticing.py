"""A finding about intervals together with the evidence that a person needs to decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lamplighter.intervals.findings import IntervalFinding
from lamplighter.kernel.instants import Span


@dataclass(frozen=True, slots=True)
class Noticed:
    """`span` are the instants that the finding's slots cover; `evidence` is plain data for a page."""

    finding: IntervalFinding
    span: Span
    evidence: Mapping[str, Any] = field(default_factory=dict)
