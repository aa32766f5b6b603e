"""Charts drawn on the server as SVG: bars, stacks and sparklines of up to 400 marks.

A chart states its finding in the title and a sentence, and has the same figures as a table and as CSV. Bars start
at zero; a missing value is a hatched gap, never a zero; an estimated one is lighter. Marks lie at percentages of the
width, so that a chart fits a phone without shrinking its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Literal

from django.http import HttpResponseBase

from lamplighter.web.ui import wording
from lamplighter.web.ui.csvs import csv_response

HEIGHT = 200  # pixels of the plot; labels of the axis below it are HTML's size of text
TOP = 16
STYLES = ("blue", "orange", "teal", "purple", "amber", "grey")
LABELS_MAX = 16
GAP = Decimal("0.22")  # of a slot, between its bars and the next slot's


@dataclass(frozen=True, slots=True)
class Series:
    """One value per label, None where there is none. `shape` "tick" draws a line to compare with (last year)."""

    name: str
    values: Sequence[Decimal | int | None]
    shape: Literal["bar", "tick"] = "bar"
    style: str = ""
    estimated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, a tick or a gap, in percent of the width and pixels of the height."""

    kind: str
    style: str
    x: str
    width: str
    y: str
    height: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the scale."""

    y: str
    words: str
    zero: bool


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    words: str
    minor: bool


@dataclass(frozen=True)
class Bars:
    """A bar chart. `stacked` puts the series of a label on top of each other; otherwise they stand side by side."""

    name: str
    title: str
    sentence: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str
    first_column: str = ""
    places: int = 0
    stacked: bool = False

    def __post_init__(self) -> None:
        assert self.sentence, "every chart says what it shows"
        assert all(len(s.values) == len(self.labels) for s in self.series), "one value per label"
        assert len(self.labels) * len(self.series) <= 400, "more marks than this need the plot"

    @property
    def height(self) -> int:
        return HEIGHT + TOP + 6

    @property
    def scale_width(self) -> int:
        """Pixels for the longest number of the scale."""
        return 14 + 7 * max(len(line.words) for line in self.lines)

    @property
    def styled(self) -> list[tuple[Series, str]]:
        return [(s, s.style or STYLES[i % len(STYLES)]) for i, s in enumerate(self.series)]

    @property
    def lines(self) -> list[Line]:
        low, high, step = self._scale
        values = [low + step * i for i in range(int((high - low) / step) + 1)]
        return [Line(_px(self._y(v)), wording.number(v, _places(step)), v == 0) for v in values]

    @property
    def ticks(self) -> list[Label]:
        slot = Decimal(100) / len(self.labels)
        every = -(-len(self.labels) // LABELS_MAX)
        shown = [(i, words) for i, words in enumerate(self.labels) if i % every == 0]
        return [Label(_pc(slot * i + slot / 2), words, bool(n % 2)) for n, (i, words) in enumerate(shown)]

    @property
    def marks(self) -> list[Mark]:
        return [mark for i in range(len(self.labels)) for mark in self._slot(i)]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The figures in words, label by label, for the table under the chart."""
        return [(label, [self._words(s, i) for s in self.series]) for i, label in enumerate(self.labels)]

    def as_csv(self) -> HttpResponseBase:
        header = [self.first_column or "Label", *(f"{s.name} ({self.unit})" for s in self.series)]
        rows = [[label, *(s.values[i] for s in self.series)] for i, label in enumerate(self.labels)]
        return csv_response(self.title, header, rows)

    def _slot(self, i: int) -> Iterator[Mark]:
        slot = Decimal(100) / len(self.labels)
        bars = [(s, style) for s, style in self.styled if s.shape == "bar"]
        room = slot * (1 - GAP)
        width = room if self.stacked else room / max(1, len(bars))
        left = slot * i + slot * GAP / 2
        up = down = Decimal(0)
        for n, (series, style) in enumerate(bars):
            value = series.values[i]
            x = left if self.stacked else left + width * n
            if value is None:
                yield self._mark("gap", (x, width), (Decimal(0), self._scale[1]), (series, style), i)
                continue
            base = (up if value >= 0 else down) if self.stacked else Decimal(0)
            top = base + Decimal(value)
            up, down = max(up, top), min(down, top)
            kind = "estimated" if i in series.estimated else "bar"
            yield self._mark(kind, (x, width), (base, top), (series, style), i)
        for series, style in self.styled:
            if series.shape == "tick" and (value := series.values[i]) is not None:
                yield self._mark("tick", (left, room), (Decimal(value), Decimal(value)), (series, style), i)

    def _mark(
        self,
        kind: str,
        across: tuple[Decimal, Decimal],
        values: tuple[Decimal, Decimal],
        drawn: tuple[Series, str],
        i: int,
    ) -> Mark:
        """A mark from its left edge and width, the values at its ends, and its series with its style."""
        series, style = drawn
        upper, lower = self._y(max(values)), self._y(min(values))
        words = f"{self.labels[i]}, {series.name}: {self._words(series, i)} {self.unit}"
        height = max(lower - upper, Decimal(2))
        return Mark(kind, style, _pc(across[0]), _pc(across[1]), _px(upper), _px(height), words)

    def _words(self, series: Series, i: int) -> str:
        value = series.values[i]
        if value is None:
            return "missing"
        return wording.number(value, self.places) + (" (estimated)" if i in series.estimated else "")

    @cached_property
    def _scale(self) -> tuple[Decimal, Decimal, Decimal]:
        """Lowest and highest line of the scale, which cover zero, and the step between lines."""
        tops, bottoms = [Decimal(0)], [Decimal(0)]
        for i in range(len(self.labels)):
            values = [Decimal(v) for s in self.series if s.shape == "bar" and (v := s.values[i]) is not None]
            tops += [sum((v for v in values if v > 0), Decimal(0))] if self.stacked else values
            bottoms += [sum((v for v in values if v < 0), Decimal(0))] if self.stacked else values
        ticks = [Decimal(v) for s in self.series if s.shape == "tick" for v in s.values if v is not None]
        low, high = min([*bottoms, *ticks]), max([*tops, *ticks])
        step = _step(high - low or Decimal(1))
        bottom = -_ceiling(-low, step)
        return bottom, _ceiling(high, step) if high > 0 or bottom < 0 else step, step

    def _y(self, value: Decimal) -> Decimal:
        low, high, _ = self._scale
        return TOP + (high - value) / (high - low) * HEIGHT


@dataclass(frozen=True, slots=True)
class Spark:
    """A line the height of a word. Its sentence says what it shows; gaps break the line."""

    sentence: str
    values: Sequence[Decimal | int | None]

    @property
    def runs(self) -> list[str]:
        """Polylines in a box of 100 by 24."""
        known = [Decimal(v) for v in self.values if v is not None]
        if not known:
            return []
        low, high = min(known), max(known)
        runs: list[list[str]] = [[]]
        for i, value in enumerate(self.values):
            if value is None:
                runs.append([])
                continue
            x = Decimal(100) * i / max(1, len(self.values) - 1)
            y = 22 - 20 * (Decimal(value) - low) / ((high - low) or 1)
            runs[-1].append(f"{x:.2f},{y:.2f}")
        return [" ".join(run) for run in runs if run]


@dataclass(frozen=True, slots=True)
class Plot:
    """Interval data drawn in the browser by uPlot, from JSON that `data_url` answers with (docs/ui.md)."""

    name: str
    title: str
    sentence: str
    unit: str
    data_url: str
    table_url: str
    csv_url: str


def _step(reach: Decimal) -> Decimal:
    """A round step that cuts `reach` into four to six."""
    raw = reach / 5
    magnitude = Decimal(10) ** raw.adjusted()
    return next(magnitude * n for n in (1, 2, 5, 10) if magnitude * n >= raw)


def _ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


def _places(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _pc(value: Decimal) -> str:
    return f"{value:.3f}%"


def _px(value: Decimal) -> str:
    return f"{value:.1f}"
