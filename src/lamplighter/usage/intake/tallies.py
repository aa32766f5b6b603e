"""Findings about a file as plain data: the first of each kind in words, and the true number of every kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from lamplighter.formats.summaries import finding_summary
from lamplighter.kernel.findings import Finding, Severity

LISTED = 500
MORE = re.compile(r"([\d,]+) more findings of the same kind are not listed\.")
"""How the readers say that there are more of a kind than they list."""


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each kind, listed or not."""
    found: Counter[str] = Counter()
    for finding in findings:
        found[finding.code] += _times(finding)
    return dict(sorted(found.items()))


def errors(findings: Iterable[Finding]) -> int:
    """How many of them keep something out."""
    return sum(_times(finding) for finding in findings if finding.severity is Severity.ERROR)


def listed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The gravest first, each kind in its own order."""
    gravest = sorted(findings, key=lambda finding: -finding.severity)
    return [finding_summary(finding) for finding in gravest[:LISTED]]


def _times(finding: Finding) -> int:
    more = MORE.fullmatch(finding.message)
    return int(more[1].replace(",", "")) if more else 1
