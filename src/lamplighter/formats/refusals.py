"""What is too much or too strange to read at all, and the list of findings about what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamplighter.kernel.findings import Finding, Place, Severity

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of the machine. A sender who needs more is given more by name."""

    bytes: int = 1024 * MIB  # after decompression
    members: int = 1_000  # files in one archive
    line: int = 4 * MIB  # bytes of one line
    findings: int = 100  # shown of one kind; the rest are counted
    bad_lines: int = 10_000  # after which a file that is mostly wrong is given up


DEFAULT_LIMITS = Limits()


class Unreadable(Exception):
    """Nothing of the file can be used; `finding` says why and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def refusal(code: str, message: str, *, file: str = "", line: int = 0, field: str = "", remedy: str = "") -> Unreadable:
    return Unreadable(Finding(code, message, Severity.ERROR, Place(file, line, field), remedy))


class Findings:
    """Findings about one file in the order in which they were met; of each kind only the first are kept."""

    def __init__(self, file: str = "", limit: int = DEFAULT_LIMITS.findings) -> None:
        self.file = file
        self.limit = limit
        self._kept: list[Finding] = []
        self._times: Counter[str] = Counter()
        self._wrong: set[str] = set()

    def error(self, code: str, message: str, *, line: int = 0, field: str = "", remedy: str = "") -> None:
        self._add(Finding(code, message, Severity.ERROR, Place(self.file, line, field), remedy))

    def warning(self, code: str, message: str, *, line: int = 0, field: str = "", remedy: str = "") -> None:
        self._add(Finding(code, message, Severity.WARNING, Place(self.file, line, field), remedy))

    def info(self, code: str, message: str, *, line: int = 0, field: str = "", remedy: str = "") -> None:
        self._add(Finding(code, message, Severity.INFO, Place(self.file, line, field), remedy))

    def full(self, code: str) -> bool:
        """True when one more of this kind would only be counted: spares the work of wording it."""
        return self._times[code] >= self.limit

    def count(self, code: str, times: int = 1) -> None:
        """Count findings of a kind that is `full`, without their words."""
        self._times[code] += times

    def total(self, code: str) -> int:
        return self._times[code]

    def worded(self, code: str, which: NDArray[np.bool_]) -> Iterator[int]:
        """The rows of a mask that still get a finding of this kind in words; the others are counted."""
        rows = np.flatnonzero(which)
        for at, row in enumerate(rows.tolist()):
            if self.full(code):
                self.count(code, len(rows) - at)
                return
            yield row

    @property
    def errors(self) -> int:
        """How many errors there are, listed or not."""
        return sum(self._times[code] for code in self._wrong)

    def findings(self) -> tuple[Finding, ...]:
        shown = Counter(finding.code for finding in self._kept)
        severity = {finding.code: finding.severity for finding in self._kept}
        more = (
            Finding(
                code,
                f"{times - shown[code]:,} more findings of the same kind are not listed.",
                severity.get(code, Severity.ERROR),
                Place(self.file),
            )
            for code, times in self._times.items()
            if times > shown[code]
        )
        return (*self._kept, *more)

    def _add(self, finding: Finding) -> None:
        if not self.full(finding.code):
            self._kept.append(finding)
        self._times[finding.code] += 1
        if finding.severity is Severity.ERROR:
            self._wrong.add(finding.code)
