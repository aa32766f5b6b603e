"""Days of NEM12 intervals, gathered as lines of text and parsed by the hundred."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lamplighter.formats.digits import mantissa, number
from lamplighter.formats.gathering import MISSING, Gathering
from lamplighter.formats.grids import grid
from lamplighter.formats.meterdata import Codes
from lamplighter.formats.refusals import Findings
from lamplighter.formats.textlines import text

DAY_SECONDS = 86_400
UNSAID = np.uint8(254)
"""The quality of an interval of a V day that no 400 record has given yet."""


@dataclass(slots=True)
class Days:
    """Days of equally many intervals, one a row; `ranges` are row, first and end interval (from 0), and quality.

    Rows in `spoilt` have a wrong 400 record, which has its finding, and are left out.
    """

    intervals: int
    texts: list[bytes] = field(default_factory=list)
    series: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    ranges: list[tuple[int, int, int, int]] = field(default_factory=list)
    spoilt: set[int] = field(default_factory=set)

    def add(self, text_: bytes, *, series: int, label: int, line: int, quality: int) -> int:
        """Add a day; returns its row."""
        self.texts.append(text_)
        self.series.append(series)
        self.labels.append(label)
        self.lines.append(line)
        self.quality.append(quality)
        return len(self.texts) - 1

    def gather(self, gathering: Gathering, found: Findings) -> None:
        """Parse all days and hand the good ones over."""
        size, width = len(self.texts), self.intervals
        values, places, odd = grid(self.texts, width)
        quality = np.repeat(np.array(self.quality, np.uint8), width).reshape(size, width)
        for row, start, end, code in self.ranges:
            quality[row, start:end] = code
        for row, column, cell in odd:
            given = (int(quality[row, column]), self.lines[row], column)
            values[row, column], places[row, column], quality[row, column] = _cell(cell, *given, found)
        good = self._explained(quality, found)
        step = DAY_SECONDS // width
        values[quality == MISSING] = 0
        labels = np.array(self.labels, np.int64)[good, None] + np.arange(width) * step
        gathering.add(
            np.repeat(np.array(self.series, np.int32)[good], width),
            labels.ravel(),
            seconds=step,
            values=values[good].ravel(),
            places=places[good].ravel(),
            quality=quality[good].ravel(),
            lines=np.repeat(np.array(self.lines, np.int64)[good], width),
        )

    def _explained(self, quality: Codes, found: Findings) -> list[int]:
        """The rows whose every interval has a quality."""
        unsaid = (quality == UNSAID).any(axis=1)
        for row in np.flatnonzero(unsaid).tolist():
            if row not in self.spoilt:
                _tell_unsaid(quality[row], self.lines[row], found)
        return [row for row in np.flatnonzero(~unsaid).tolist() if row not in self.spoilt]


def _cell(cell: bytes, quality: int, line: int, column: int, found: Findings) -> tuple[int, int, int]:
    """Value, places and quality of a cell that the fast parser did not take: longer, empty or wrong."""
    missing = quality if quality == UNSAID else int(MISSING)
    name = f"IntervalValue{column + 1}"
    if not cell.strip():
        if quality not in {MISSING, UNSAID}:
            found.warning("nem12.no-value", "the interval has no value: missing, not zero.", line=line, field=name)
        return 0, 0, missing
    try:
        return *mantissa(number(text(cell).strip('"'))), quality
    except ValueError as error:
        remedy = "The interval is taken as missing. Ask the sender for it again."
        found.error("nem12.value", f"{error}.", line=line, field=name, remedy=remedy)
        return 0, 0, missing


def _tell_unsaid(quality: Codes, line: int, found: Findings) -> None:
    unsaid = (np.flatnonzero(quality == UNSAID) + 1).tolist()
    which = f"interval {unsaid[0]}" if len(unsaid) == 1 else f"intervals {unsaid[0]} to {unsaid[-1]}"
    found.error(
        "nem12.ranges",
        f"quality V leaves it to 400 records to say more, and none covers {which}.",
        line=line,
        field="QualityMethod",
        remedy="The day is left out. Ask the sender for it again.",
    )
