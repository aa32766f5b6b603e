"""Reads a table of readings by its mapping: one reading a line, or one day of a meter a line."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lamplighter.formats.digits import factor_of, mantissa, number, numbers
from lamplighter.formats.gathering import MISSING, Gathering, Series, multiply
from lamplighter.formats.grids import by_row, each_once
from lamplighter.formats.mapped.mapping import CsvMapping, Layout, ValueColumn
from lamplighter.formats.mapped.rows import Rows, Sheet
from lamplighter.formats.mapped.times import WRONG, Times
from lamplighter.formats.measures import Scale, commodity_of, scale_named
from lamplighter.formats.meterdata import Codes, Format, Identity, Ints, Mask, MeterFile, ReadKind
from lamplighter.formats.refusals import Findings
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import text
from lamplighter.formats.walltime import DAY
from lamplighter.kernel.energy import Commodity, Quality

NOTHING = {"", "null", "none", "na", "n/a", "nan", "-", "--", "missing"}
UNKNOWN, UNUSABLE = 253, 252
ABSENT, FINE, ODD = 0, 1, 2
_scale = lru_cache(scale_named)
_factor = lru_cache(factor_of)


def read_csv(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    """Read a whole table. Raises Unreadable when no mapping is given and none is known, or a column is not there."""
    found = Findings(delivery.name, settings.limits.findings)
    sheet = Sheet(delivery, settings.mapping, found)
    reader: Table | None = None
    for rows in sheet.rows():
        reader = reader or Table(sheet.mapping, rows, settings, found)
        reader.take(rows)
    if reader is None:
        found.error("csv.empty", "the table has no line of readings.", remedy="Ask the sender to send it again.")
    return MeterFile(Format.CSV, reader.gathering.channels() if reader else (), found.findings(), delivery.name)


class Table:
    """Takes the rows of a table, block by block."""

    def __init__(self, mapping: CsvMapping, first: Rows, settings: Settings, found: Findings) -> None:
        self.mapping = mapping
        self.found = found
        self.times = Times(mapping, _time_cells(mapping, first), settings.zone or mapping.zone)
        self.gathering = Gathering(found, self.times.clock)

    def take(self, rows: Rows) -> None:
        labels = self.times.labels(_time_cells(self.mapping, rows))
        wrong = np.asarray(labels == WRONG, np.bool_)
        self._tell(rows, wrong, "csv.time", self.mapping.time[0], "is no time of the mapping's format")
        quality = self._quality(rows)
        for value in self.mapping.values:
            self._take_value(rows, value, labels, quality)

    def _take_value(self, rows: Rows, value: ValueColumn, labels: Ints, quality: Codes) -> None:
        width = len(value.columns)
        series, factors, places_more = self._series(rows, value)
        values, places, missing = self._numbers(rows, value)
        fits = multiply(values, places, factors[:, None], places_more[:, None])
        self._tell(rows, np.less(fits.min(axis=1), 1), "csv.value", value.columns[0], "is too large")
        grades = np.where(missing, MISSING, quality[:, None])
        starts, here = self._starts(labels, width, missing)
        values[grades == MISSING] = 0
        good = fits & here & ((series >= 0) & (labels != WRONG))[:, None]
        register = value.kind is ReadKind.REGISTER
        self.gathering.add(
            np.repeat(series, width).reshape(-1, width)[good],
            starts[good],
            seconds=0 if register else self.mapping.interval_seconds,
            values=values[good],
            places=places[good],
            quality=grades[good],
            lines=np.repeat(rows.lines, width).reshape(-1, width)[good],
        )

    def _starts(self, labels: Ints, width: int, missing: Mask) -> tuple[Ints, Mask]:
        """Labels of the cells, and which cells there are: empty ones outside their day are none."""
        if self.mapping.layout is Layout.READING:
            return labels[:, None], np.ones_like(missing)
        midnights = np.where(labels == WRONG, 0, labels)[:, None]
        into = np.arange(width, dtype=np.int64) * self.mapping.interval_seconds
        starts = midnights + into
        if self.mapping.elapsed:
            flat = np.broadcast_to(midnights, starts.shape).ravel()
            starts = self.times.clock.later(flat, np.tile(into, len(labels))).reshape(-1, width)
        return starts, ~missing | (starts < midnights + DAY)

    def _numbers(self, rows: Rows, value: ValueColumn) -> tuple[Ints, Codes, Mask]:
        """Numbers of the value's columns, rows x columns, and which are missing."""
        cells = pa.concat_arrays([self._plain(rows.columns[name]) for name in value.columns])
        parsed = numbers(cells)
        missing = parsed.empty.copy()
        odd = np.flatnonzero(~parsed.ok & ~parsed.empty)
        if len(odd):
            meant = each_once(cells.take(pa.array(odd)), _odd_number, np.int64)
            parsed.values[odd], parsed.places[odd] = meant[:, 0], meant[:, 1]
            missing[odd] = meant[:, 2] != FINE
            wrong = np.zeros(len(missing), np.bool_)
            wrong[odd] = meant[:, 2] == ODD
            for at in self.found.worded("csv.value", wrong):
                row, column = at % len(rows), at // len(rows)
                self.found.error(
                    "csv.value", f"{text(cells[at].as_py())[:40]!r} is not a number.", line=int(rows.lines[row]),
                    field=value.columns[column], remedy="The reading is taken as missing. Ask the sender for it again.",
                )  # fmt: skip
        width = len(value.columns)
        return by_row(parsed.values, width), by_row(parsed.places, width), by_row(missing, width)

    def _plain(self, cells: Any) -> Any:
        """Numbers with a point for a decimal mark and no other marks."""
        if self.mapping.thousands_mark:
            cells = pc.replace_substring(cells, self.mapping.thousands_mark.encode(), b"")
        if self.mapping.decimal_mark != ".":
            cells = pc.replace_substring(cells, self.mapping.decimal_mark.encode(), b".")
        return cells

    def _quality(self, rows: Rows) -> Codes:
        if not self.mapping.status:
            return np.full(len(rows), Quality.VALID, np.uint8)
        cells = rows.columns[self.mapping.status]
        codes: Codes = each_once(cells, self._status, np.uint8)
        for row in self.found.worded("csv.status", codes == UNKNOWN):
            self.found.warning(
                "csv.status", f"the mapping does not know the status {text(cells[row].as_py())[:40]!r}.",
                line=int(rows.lines[row]), field=self.mapping.status, remedy="The reading is taken as questionable.",
            )  # fmt: skip
        for row in self.found.worded("csv.unusable", codes == UNUSABLE):
            status = text(cells[row].as_py())
            self.found.warning(
                "csv.unusable", f"the status {status[:40]!r} says that {self.mapping.unusable[status.casefold()]}.",
                line=int(rows.lines[row]), field=self.mapping.status, remedy="The reading is taken as missing.",
            )  # fmt: skip
        codes[codes == UNKNOWN] = Quality.QUESTIONABLE
        codes[codes == UNUSABLE] = Quality.MISSING
        return codes

    def _status(self, raw: bytes) -> int:
        said = text(raw).casefold()
        if said in self.mapping.unusable:
            return UNUSABLE
        known = self.mapping.statuses.get(said, self.mapping.other_status)
        return UNKNOWN if known is None else known

    def _series(self, rows: Rows, value: ValueColumn) -> tuple[Ints, Ints, Ints]:
        """For each row its series (-1: none), and the integer and decimal places to multiply its numbers with."""
        mapping = self.mapping
        parts = (mapping.point, mapping.register, value.unit_column)
        cells = [_first_of(rows, mapping.meter), *(rows.columns.get(name) for name in parts)]
        coded = [None if column is None else column.dictionary_encode() for column in cells]
        firsts, kinds = _combinations([code for code in coded if code is not None], len(rows))
        said = [
            ["" if code is None else text(code.dictionary[code.indices[row].as_py()].as_py()) for code in coded]
            for row in firsts
        ]
        meant = [self._meant(value, texts, int(rows.lines[row])) for texts, row in zip(said, firsts, strict=True)]
        columns = np.array(meant, np.int64).reshape(-1, 3)[kinds]
        return columns[:, 0], columns[:, 1], columns[:, 2]

    def _meant(self, value: ValueColumn, texts: list[str], line: int) -> tuple[int, int, int]:
        meter, point, register, unit = texts
        scale = _scale(value.unit or unit)
        if scale is None:
            self.found.error(
                "csv.unit", f"the unit {unit[:20]!r} is not known.", line=line, field=value.unit_column,
                remedy="Readings in it are left out. Name the unit in the mapping.",
            )  # fmt: skip
            return -1, 1, 0
        if self.mapping.meter and not meter:
            self.found.error(
                "csv.meter", "the line names no meter.", line=line, field=self.mapping.meter[0],
                remedy="Readings without one belong to nobody and are left out.",
            )  # fmt: skip
            return -1, 1, 0
        factor, places = _factor(value.scale, scale.factor)
        series = self._described(value, scale, (meter or self.mapping.name, point, register))
        return self.gathering.series(series), factor, places

    def _described(self, value: ValueColumn, scale: Scale, names: tuple[str, str, str]) -> Series:
        meter, point, register = names
        of = "/".join(part for part in (register, value.name) if part)
        interval = value.kind is ReadKind.INTERVAL
        return Series(
            Identity(f"{meter}/{of}" if of else meter, meter, point, of),
            value.commodity or commodity_of(scale.unit) or Commodity.OTHER,
            value.flow,
            scale.unit,
            scale.power,
            value.kind,
            self.mapping.interval_seconds if interval else 0,
        )

    def _tell(self, rows: Rows, which: Mask, code: str, field: str, message: str) -> None:
        for row in self.found.worded(code, which):
            cell = text(rows.columns[field][row].as_py())[:40]
            self.found.error(
                code, f"{cell!r} {message}.", line=int(rows.lines[row]), field=field, remedy="It is left out."
            )


def _first_of(rows: Rows, names: tuple[str, ...]) -> Any:
    """The first of several columns that is not empty, row by row; None where there is no column."""
    cells = [rows.columns[name] for name in names]
    for other in cells[1:]:
        cells[0] = pc.if_else(pc.equal(pc.binary_length(cells[0]), pa.scalar(0, pa.int32())), other, cells[0])
    return cells[0] if cells else None


def _time_cells(mapping: CsvMapping, rows: Rows) -> Any:
    cells = [rows.columns[name] for name in mapping.time]
    return cells[0] if len(cells) == 1 else pc.binary_join_element_wise(*cells, b" ")


def _combinations(coded: list[Any], size: int) -> tuple[list[int], Ints]:
    """The first row of each combination of codes, and for every row which combination it has."""
    if not coded:
        return [0], np.zeros(size, np.int64)
    kinds = np.zeros(size, np.int64)
    for code in coded:
        both = kinds * len(code.dictionary) + code.indices.to_numpy(zero_copy_only=False)
        kinds = pa.array(both).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return np.unique(kinds, return_index=True)[1].tolist(), kinds


def _odd_number(raw: bytes) -> tuple[int, int, int]:
    """Value, places and whether they are FINE, of a cell that is no plain number of at most 18 characters."""
    written = text(raw).strip('"')
    if written.casefold() in NOTHING:
        return 0, 0, ABSENT
    try:
        return *mantissa(number(written)), FINE
    except ValueError:
        return 0, 0, ODD
