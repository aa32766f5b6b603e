"""Rows of CMEP triplets, gathered as lines of text and parsed by the hundred."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from lamplighter.formats.cmep.codes import OVERFLOW, ROLLOVER, quality_of
from lamplighter.formats.digits import mantissa, number, numbers
from lamplighter.formats.gathering import MISSING, Gathering, multiply
from lamplighter.formats.grids import each_once, stripes
from lamplighter.formats.meterdata import Codes, Ints, Mask
from lamplighter.formats.refusals import Findings
from lamplighter.formats.textlines import text
from lamplighter.formats.walltime import WallClock, months_before, time_label
from lamplighter.kernel.energy import Quality

NO_TIME, WRONG_TIME = -1, -2


@dataclass(frozen=True, slots=True)
class Head:
    """What the fixed fields of a record say: which series, what to multiply with, how long an interval is.

    Values are times `factor` / 10^`places`. An interval of 0 months and 0 seconds is not said.
    """

    series: int
    factor: int
    places: int
    months: int
    seconds: int
    register: bool


@dataclass(slots=True)
class Triplets:
    """Rows of `size` triplets each."""

    size: int
    texts: list[bytes] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, body: bytes, head: Head, line: int) -> None:
        self.texts.append(body)
        self.heads.append(head)
        self.lines.append(line)

    def gather(self, gathering: Gathering, clock: WallClock, found: Findings) -> None:
        """Parse all rows and hand the good readings over."""
        times, flags, numbers_ = stripes(self.texts, 3 * self.size, of=3)
        labels = self._labels(times, clock, found)
        quality = self._quality(flags, found)
        values, places = self._values(numbers_, quality, found)
        seconds = self._seconds(labels, clock, found)
        good = (labels >= 0) & (seconds >= 0) & self._multiply(values, places, found)
        values[quality == MISSING] = 0
        gathering.add(
            self._spread([head.series for head in self.heads])[good],
            labels[good],
            seconds=seconds[good],
            values=values[good],
            places=places[good],
            quality=quality[good],
            lines=self._spread(self.lines)[good],
        )

    def _spread(self, by_row: list[int]) -> Ints:
        """One value a row for each of its readings."""
        return np.repeat(np.array(by_row, np.int64), self.size).reshape(-1, self.size)

    def _rows(self, column: Any) -> Any:
        """Columns after each other become rows."""
        return np.ascontiguousarray(np.asarray(column).reshape(self.size, -1).T)

    def _labels(self, times: Any, clock: WallClock, found: Findings) -> Ints:
        """When each interval ends on the feed's clock; an empty time is the one before and the interval."""
        labels: Ints = self._rows(each_once(times, _label, np.int64))
        for row, column in np.argwhere(labels == WRONG_TIME).tolist():
            found.error(
                "cmep.time", f"{text(times[column * len(self.texts) + row].as_py())[:20]!r} is no time.",
                line=self.lines[row], field=f"time {column + 1}",
                remedy="Times are written 202501310815. The reading is left out.",
            )  # fmt: skip
        if (labels == NO_TIME).any():
            for row in np.flatnonzero((labels == NO_TIME).any(axis=1)).tolist():
                labels[row] = self._continued(labels[row], row, clock, found)
        return labels

    def _continued(self, labels: Ints, row: int, clock: WallClock, found: Findings) -> Ints:
        head, line = self.heads[row], self.lines[row]
        if labels[0] == NO_TIME or not head.seconds or head.months:
            found.error(
                "cmep.time", "a reading has no time, and the record has no first time and interval to tell it by.",
                line=line, field="time 1", remedy="The reading is left out.",
            )  # fmt: skip
            return labels
        columns_ = np.arange(self.size)
        known = np.maximum.accumulate(np.where(labels == NO_TIME, 0, columns_))
        return np.where(
            (labels == NO_TIME) & (labels[known] >= 0),
            clock.later(np.maximum(labels[known], 0), (columns_ - known) * head.seconds),
            labels,
        )

    def _quality(self, flags: Any, found: Findings) -> Codes:
        """Quality codes; what is flagged as no measurement is missing."""
        known = {raw: quality_of(text(raw)) for raw in flags.unique().to_pylist()}
        for raw, meaning in known.items():
            if meaning is None:
                found.warning(
                    "cmep.flag", f"the data quality {text(raw)[:20]!r} is not known.", line=self._line_of(flags, raw),
                    field="data quality", remedy="The readings are taken as questionable.",
                )  # fmt: skip
            elif meaning[1] & (OVERFLOW | ROLLOVER):
                found.warning(
                    "cmep.unusable", f"the data quality {text(raw)} tells of an overflow or a rollover.",
                    line=self._line_of(flags, raw), field="data quality", remedy="The readings are taken as missing.",
                )  # fmt: skip
        codes = {raw: _code(meaning) for raw, meaning in known.items()}
        quality: Codes = self._rows(each_once(flags, codes.__getitem__, np.uint8))
        return quality

    def _line_of(self, cells: Any, raw: bytes) -> int:
        at: int = cells.index(pa.scalar(raw, cells.type)).as_py()
        return self.lines[at % len(self.lines)]

    def _values(self, cells: Any, quality: Codes, found: Findings) -> tuple[Ints, Codes]:
        parsed = numbers(cells)
        values, places = self._rows(parsed.values), self._rows(parsed.places)
        rows = len(self.texts)
        for at in np.flatnonzero(~parsed.ok).tolist():
            row, column = at % rows, at // rows
            if quality[row, column] == MISSING:
                continue
            name, line = f"value {column + 1}", self.lines[row]
            try:
                values[row, column], places[row, column] = mantissa(number(text(cells[at].as_py())))
            except ValueError as error:
                quality[row, column] = MISSING
                if parsed.empty[at]:
                    found.warning(
                        "cmep.no-value", "the reading has no value: missing, not zero.", line=line, field=name
                    )
                else:
                    remedy = "The reading is taken as missing. Ask the sender for it again."
                    found.error("cmep.value", f"{error}.", line=line, field=name, remedy=remedy)
        return values, places

    def _seconds(self, labels: Ints, clock: WallClock, found: Findings) -> Ints:
        """How long each interval is: as the record says, else from time to time; -1 where it cannot be known."""
        seconds = self._spread([0 if head.register else head.seconds for head in self.heads])
        for row, head in enumerate(self.heads):
            if head.register or (head.seconds and not head.months):
                continue
            if head.months:
                begins = months_before(np.maximum(labels[row], 0), head.months) - head.seconds
                seconds[row] = clock.between(begins, np.maximum(labels[row], 0))
            else:
                seconds[row] = _from_time_to_time(labels[row])
            if (seconds[row] < 0).any():
                found.error(
                    "cmep.interval", "the record does not say how long its intervals are.", line=self.lines[row],
                    field="interval", remedy="Write MMDDHHMM: 00000015 is 15 minutes. These readings are left out.",
                )  # fmt: skip
        return seconds

    def _multiply(self, values: Ints, places: Codes, found: Findings) -> Mask:
        """Apply the calculation constants, in place; False where the product does not fit 64 bits."""
        factors = self._spread([head.factor for head in self.heads])
        fits = multiply(values, places, factors, self._spread([head.places for head in self.heads]))
        for row in np.flatnonzero(~fits.all(axis=1)).tolist():
            found.error(
                "cmep.overflow", "a value times the calculation constant is too large.", line=self.lines[row],
                field="calculation constant", remedy="The reading is left out.",
            )  # fmt: skip
        return fits


def _label(raw: bytes) -> int:
    stripped = raw.strip()
    label = time_label(text(stripped)) if stripped else NO_TIME
    return WRONG_TIME if label is None else label


def _code(meaning: tuple[Quality, int] | None) -> int:
    if meaning is None:
        return Quality.QUESTIONABLE
    return Quality.MISSING if meaning[1] & (OVERFLOW | ROLLOVER) else meaning[0]


def _from_time_to_time(labels: Ints) -> Ints:
    steps = np.diff(labels)
    if not len(steps):
        return np.full(len(labels), -1)
    seconds = np.append(steps[0], steps)
    return np.where((seconds > 0) & (labels >= 0), seconds, -1)
