"""Readings as they come out of a file, gathered by channel, put in order of time and on one exact scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamplighter.formats.digits import INT64_MAX
from lamplighter.formats.meterdata import Channel, Codes, Identity, Ints, Mask, ReadKind
from lamplighter.formats.refusals import Findings
from lamplighter.formats.walltime import EARLIEST, LATEST, WallClock
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit

MISSING = np.uint8(Quality.MISSING)


@dataclass(frozen=True, slots=True)
class Series:
    """Which channel a reading belongs to. Its numbers are of 10^`power` `unit`, with decimal places of their own."""

    identity: Identity
    commodity: Commodity
    flow: Flow
    unit: Unit
    power: int
    kind: ReadKind
    interval_seconds: int
    currency: str = ""


@dataclass(slots=True)
class Columns:
    """Equally long columns of readings; `values` / 10^`places` is the number, and `order` its place, in the file.

    Readings without cost have no column of it.
    """

    series: NDArray[np.int32]
    starts: Ints
    seconds: Ints
    values: Ints
    places: NDArray[np.uint8]
    quality: Codes
    lines: Ints
    order: Ints | None = None
    cost: Ints | None = None

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, rows: Any) -> Columns:
        """The rows of an index, a mask or a slice."""
        return Columns(
            self.series[rows], self.starts[rows], self.seconds[rows], self.values[rows], self.places[rows],
            self.quality[rows], self.lines[rows], None if self.order is None else self.order[rows],
            None if self.cost is None else self.cost[rows],
        )  # fmt: skip

    def heads(self) -> Ints:
        """Where each channel begins, when the rows of a channel stand together."""
        return np.flatnonzero(np.diff(self.series, prepend=-1))


class Gathering:
    """Takes readings in any order, by the batch; gives finished channels.

    With a `clock`, the starts that are added are labels of that clock, and are turned into instants at the end, when
    all readings of a channel stand together in the order in which they were sent.
    """

    def __init__(self, found: Findings, clock: WallClock | None = None, *, keep_neighbours: bool = False) -> None:
        self.found = found
        self.clock = clock
        self.keep_neighbours = keep_neighbours
        self._series: list[Series] = []
        self._index: dict[Series, int] = {}
        self._batches: list[Columns] = []
        self._costs: set[int] = set()

    def series(self, series: Series) -> int:
        """The number by which readings of this channel are added."""
        number = self._index.setdefault(series, len(self._series))
        if number == len(self._series):
            self._series.append(series)
        return number

    def add(
        self, series: Any, starts: Any, *, seconds: Any, values: Any, places: Any = 0, quality: Any = 0, lines: Any = 0
    ) -> None:
        """Add readings; every argument but `starts` may be one value for all of them."""
        starts = np.asarray(starts, np.int64)
        size = len(starts)
        self._batches.append(
            Columns(
                _column(series, size, np.int32), starts, _column(seconds, size, np.int64),
                _column(values, size, np.int64), _column(places, size, np.uint8), _column(quality, size, np.uint8),
                _column(lines, size, np.int64),
            )
        )  # fmt: skip

    def add_costs(self, series: int, costs: Any) -> None:
        """The costs of the batch that was just added, of one series, in hundred-thousandths of the currency."""
        self._batches[-1].cost = np.asarray(costs, np.int64)
        self._costs.add(series)

    def channels(self) -> tuple[Channel, ...]:
        """Everything gathered. What cannot be used is left out with a finding."""
        if not self._batches:
            return ()
        rows = self._joined()
        rows = self._on_time(_grouped(rows))
        rows = self._without_repeats(rows)
        rows = self._scaled(rows)
        return tuple(self._cut(rows))

    def _joined(self) -> Columns:
        """All batches as one."""
        names = ("series", "starts", "seconds", "values", "places", "quality", "lines")
        rows = Columns(*(np.concatenate([getattr(batch, name) for batch in self._batches]) for name in names))
        if self.keep_neighbours:
            rows.order = np.arange(len(rows))
        if self._costs:
            nothing = (np.zeros(len(batch), np.int64) for batch in self._batches)
            rows.cost = np.concatenate(
                [none if batch.cost is None else batch.cost for batch, none in zip(self._batches, nothing, strict=True)]
            )
        self._batches = []
        return rows

    @property
    def _registers(self) -> Mask:
        """By series: whether its readings are of a register."""
        return np.array([series.kind is ReadKind.REGISTER for series in self._series], np.bool_)

    def _on_time(self, rows: Columns) -> Columns:
        if self.clock is not None:
            rows.starts, never = self.clock.starts(rows.starts, rows.seconds, rows.heads())
            told = never & (rows.quality != MISSING)
            message = "this local time does not exist on the day clocks go forward"
            remedy = "Set the feed's time zone; a feed in standard time all year has a fixed offset such as -08:00."
            self._tell(rows, told, "readings.never", message, remedy)
            rows = rows.take(~never) if never.any() else rows
        wild = (rows.starts < EARLIEST) | (rows.starts + rows.seconds > LATEST)
        if wild.any():
            self._tell(rows, wild, "readings.time", "the time is not between 1970 and 2100", "Correct the time.")
            rows = rows.take(~wild)
        backward = (np.diff(rows.starts) < 0) & (np.diff(rows.series) == 0)
        return rows.take(np.lexsort((rows.starts, rows.series))) if backward.any() else rows

    def _without_repeats(self, rows: Columns) -> Columns:
        """Keep one reading of each beginning: the first that has a value.

        With `keep_neighbours`, readings of one beginning that were sent one after the other are all kept: some senders
        write the hours around a clock change so, and each of them is usage.
        """
        again = np.append(False, (np.diff(rows.starts) == 0) & (np.diff(rows.series) == 0)) if len(rows) else None
        if again is None or not again.any():
            return rows
        rows = rows.take(np.lexsort((rows.quality == MISSING, rows.starts, rows.series)))
        if rows.order is not None:
            beside = again & np.append(False, np.diff(rows.order) == 1) & (rows.quality != MISSING)
            self._tell(rows, beside, "readings.same-time", "two readings begin at the same time; both are kept")
            again &= ~beside
        first = rows.take(np.maximum.accumulate(np.where(again, 0, np.arange(len(rows)))))
        repeat = again & (rows.quality != MISSING)
        same = _equal(rows.values, rows.places, first.values, first.places) & (
            self._registers[rows.series] | ((rows.seconds == first.seconds) & (rows.quality == first.quality))
        )
        for code, which in (("readings.conflict", repeat & ~same), ("readings.repeated", repeat & same)):
            self._tell_repeats(rows, first, code, which)
        return rows.take(~again)

    def _tell_repeats(self, rows: Columns, first: Columns, code: str, which: Mask) -> None:
        """A register's closing read is the next one's opening read: that alone is no repetition."""
        if code == "readings.repeated":
            which = which & ~self._registers[rows.series]
        for i in self.found.worded(code, which):
            where = f" at line {first.lines[i]}" if first.lines[i] else ""
            name, line = self._series[rows.series[i]].identity.id, int(rows.lines[i])
            if code == "readings.repeated":
                self.found.warning(code, f"{name}: the same reading was already given{where}.", line=line)
            else:
                self.found.error(
                    code, f"{name}: this time was already given another reading{where}.", line=line,
                    remedy="The first is kept. Ask the sender which one is right.",
                )  # fmt: skip

    def _scaled(self, rows: Columns) -> Columns:
        """Bring the readings of each channel to its finest decimal place; what 64 bits cannot hold is left out."""
        if not len(rows):
            return rows
        heads = rows.heads()
        sizes = np.diff(np.append(heads, len(rows)))
        finest = np.maximum.reduceat(rows.places, heads)
        largest = np.maximum.reduceat(np.abs(rows.values), heads)
        tight = np.flatnonzero(_room(largest) < finest)
        for channel in tight.tolist():
            at = slice(int(heads[channel]), int(heads[channel] + sizes[channel]))
            finest[channel] = _fitting(rows.values[at], rows.places[at], int(finest[channel]))
        if (finest == finest[0]).all() and (rows.places == finest[0]).all():
            return rows
        lacking = np.repeat(finest, sizes).astype(np.int64) - rows.places
        if len(tight):
            unfit = (lacking < 0) | (_room(np.abs(rows.values)) < lacking)
            message = "the number needs more digits, with the others of its channel, than 64 bits hold"
            self._tell(rows, unfit, "readings.digits", message, "Correct the number; readings need at most 18 digits.")
            rows, lacking = rows.take(~unfit), lacking[~unfit]
        rows.values = rows.values * np.int64(10) ** lacking
        rows.places = (rows.places + lacking).astype(np.uint8)
        return rows

    def _cut(self, rows: Columns) -> Iterator[Channel]:
        bounds = np.append(rows.heads(), len(rows)).tolist()
        for low, high in pairwise(bounds):
            series = self._series[rows.series[low]]
            lines = rows.lines[low:high]
            yield Channel(
                series.identity, series.commodity, series.flow,
                Measure(series.unit, series.power - int(rows.places[low])), series.kind, series.interval_seconds,
                rows.starts[low:high], rows.seconds[low:high], rows.values[low:high], rows.quality[low:high],
                lines if lines[0] else None,
                None if rows.cost is None or int(rows.series[low]) not in self._costs else rows.cost[low:high],
                series.currency,
            )  # fmt: skip

    def _tell(self, rows: Columns, which: Mask, code: str, message: str, remedy: str = "") -> None:
        """A finding for each row of a mask: an error with a remedy, or else a warning."""
        tell = self.found.error if remedy else self.found.warning
        for i in self.found.worded(code, which):
            name = self._series[rows.series[i]].identity.id
            tell(code, f"{name}: {message}.", line=int(rows.lines[i]), remedy=remedy)


def _column(value: Any, size: int, kind: Any) -> Any:
    array = np.asarray(value, kind)
    return np.broadcast_to(array, size) if array.ndim == 0 else array


def _grouped(rows: Columns) -> Columns:
    """Rows of a channel together, in the order in which they came."""
    return rows.take(np.argsort(rows.series, kind="stable")) if (np.diff(rows.series) < 0).any() else rows


def _equal(values: Ints, places: NDArray[np.uint8], others: Ints, other_places: NDArray[np.uint8]) -> Mask:
    """Whether two columns of decimals are the same numbers: 1.5 is 1.50."""
    equal: Mask = (values == others) & (places == other_places)
    for i in np.flatnonzero(places != other_places).tolist():
        equal[i] = int(values[i]) * 10 ** int(other_places[i]) == int(others[i]) * 10 ** int(places[i])
    return equal


def multiply(values: Ints, places: NDArray[np.uint8], factors: Any, more_places: Any) -> Mask:
    """Multiply in place by `factors` / 10^`more_places`; False where the product does not fit 64 bits."""
    fits: Mask = np.abs(values) <= INT64_MAX // np.abs(factors)
    values *= np.where(fits, factors, 0)
    places += np.asarray(more_places, np.uint8)
    return fits


def _room(largest: Ints) -> Ints:
    """How many times a number can be multiplied by ten within 64 bits."""
    limits = np.array([INT64_MAX // 10**times for times in range(18, -1, -1)], np.int64)
    return 19 - np.searchsorted(limits, largest, side="left") - 1


def _fitting(values: Ints, places: NDArray[np.uint8], finest: int) -> int:
    """The decimal places for a channel whose finest and largest numbers do not fit together: blame the fewer."""
    room = _room(np.abs(values)) + places
    coarse = max(int(room.min()), 0)
    too_fine, too_large = np.count_nonzero(places > coarse), np.count_nonzero(room < finest)
    return int(places[places <= coarse].max(initial=0)) if too_fine <= too_large else finest
