"""What the columns of a table of readings are: a value, written as TOML by whoever connects a feed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from lamplighter.formats.measures import scale_named
from lamplighter.formats.meterdata import ReadKind
from lamplighter.formats.walltime import DAY, Marks, zone_named
from lamplighter.kernel.energy import Commodity, Flow, Quality

Choice = TypeVar("Choice", bound=StrEnum)
UNUSABLE = {"test-mode": "the meter was in test mode", "pulse-overflow": "its pulses ran over"}
"""Words of `status.map` for what is no measurement of the customer's use, and why. Such a reading is missing."""
ISO, EPOCH = "iso", "epoch"


class Layout(StrEnum):
    READING = "reading"  # one reading a line
    DAY = "day"  # one day of a meter a line


class MappingError(ValueError):
    """The mapping itself is wrong; the message says where."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A quantity: the column that holds it (a day: its columns in order), and what is measured in it.

    The unit is `unit`, or stands in `unit_column`. Numbers are times `scale`. `commodity` None: told by the unit.
    """

    columns: tuple[str, ...]
    unit: str = ""
    unit_column: str = ""
    scale: Decimal = Decimal(1)
    commodity: Commodity | None = None
    flow: Flow = Flow.DELIVERED
    kind: ReadKind = ReadKind.INTERVAL
    name: str = ""


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """Columns are named by the header, or by their number from 1 where there is none.

    `meter` lists columns of which the first that is not empty names the meter; none: the mapping's name does.
    `time` lists the columns that are joined with a space and read by `time_format`: a strptime format, `iso` or
    `epoch`. A status that is `unusable` says why, and its reading is missing. Times without an offset are of
    `zone`. In a day layout the columns are the intervals by the wall clock of the day, so that the hour that clocks
    skip has empty columns; `elapsed`: counted from midnight.
    """

    name: str
    values: tuple[ValueColumn, ...]
    time: tuple[str, ...]
    meter: tuple[str, ...] = ()
    point: str = ""
    register: str = ""
    status: str = ""
    layout: Layout = Layout.READING
    delimiter: str = ","
    header: bool = True
    skip: int = 0
    time_format: str = ISO
    zone: tzinfo = UTC
    marks: Marks = Marks.BEGIN
    interval_seconds: int = 0
    elapsed: bool = False
    statuses: Mapping[str, Quality] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    other_status: Quality | None = None
    decimal_mark: str = "."
    thousands_mark: str = ""
    recognised_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        intervals = [value for value in self.values if value.kind is ReadKind.INTERVAL]
        day, length = self.layout is Layout.DAY, self.interval_seconds
        for wrong, message in (
            (not self.values, "[[value]] is missing: name at least one column of values"),
            (not self.time, "columns.time is missing"),
            (bool(intervals) and length <= 0, "time.interval is missing: how many seconds a reading lasts"),
            (len(self.delimiter) != 1, "delimiter must be one character"),
            (not day and any(len(value.columns) != 1 for value in self.values), "a value has one column"),
            (day and len(intervals) < len(self.values), "a day holds intervals, not register reads"),
            (day and any(len(v.columns) * length > DAY + 7200 for v in intervals), "the columns make more than a day"),
            (not all(v.unit or v.unit_column for v in self.values), "a value needs a unit or a unit_column"),
            (not all(scale_named(v.unit) for v in self.values if v.unit), "a value has a unit that is not known"),
            (not all(v.scale.is_finite() and v.scale for v in self.values), "a scale must be a number, and not 0"),
        ):
            if wrong:
                raise MappingError(f"{self.name}: {message}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        named = (*self.meter, self.point, self.register, self.status, *self.time)
        cells = (name for value in self.values for name in (*value.columns, value.unit_column))
        return tuple(dict.fromkeys(name for name in (*named, *cells) if name))


def load_mapping(path: Path) -> CsvMapping:
    """Raises MappingError when the file is no mapping, OSError when it cannot be read."""
    return mapping_from(path.read_text(), path.name)


def mapping_from(toml: str, name: str = "mapping") -> CsvMapping:
    """See docs/algorithms/meter-files.md for the words. Raises MappingError."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name} is no TOML: {error}") from None
    said = Table(table, table.get("name", name) if isinstance(table.get("name", name), str) else name)
    columns, time, status = said.table("columns"), said.table("time"), said.table("status")
    meant = status.table("map")
    mapping = CsvMapping(
        name=said.where,
        values=tuple(_value(value) for value in said.tables("value")),
        time=columns.texts("time"),
        meter=columns.texts("meter"),
        point=columns.text("point"),
        register=columns.text("register"),
        status=columns.text("status"),
        layout=said.choice("layout", Layout, Layout.READING),
        delimiter=said.text("delimiter", ","),
        header=said.flag("header", default=True),
        skip=said.whole("skip"),
        time_format=time.text("format", ISO),
        zone=time.zone("zone"),
        marks=time.choice("marks", Marks, Marks.BEGIN),
        interval_seconds=time.whole("interval"),
        elapsed=time.flag("elapsed", default=False),
        statuses={text.casefold(): quality for text, quality in meant.qualities().items()},
        unusable={text.casefold(): why for text, why in meant.unusable().items()},
        other_status=status.quality("other"),
        decimal_mark=said.text("decimal_mark", "."),
        thousands_mark=said.text("thousands_mark"),
        recognised_by=said.texts("recognised_by"),
    )
    for part in (said, columns, time, status):
        part.check_all_read()
    return mapping


def _value(said: Table) -> ValueColumn:
    columns = said.texts("column") or said.texts("columns")
    scale = said.text("scale", "1")
    try:
        value = ValueColumn(
            columns,
            said.text("unit"),
            said.text("unit_column"),
            Decimal(scale),
            said.choice("commodity", Commodity, None),
            said.choice("flow", Flow, Flow.DELIVERED),
            said.choice("kind", ReadKind, ReadKind.INTERVAL),
            said.text("name"),
        )
    except InvalidOperation:
        raise MappingError(f"{said.where}: scale {scale!r} is no number; write it in quotes") from None
    said.check_all_read()
    return value


class Table:
    """A TOML table that is read word by word, and knows which words nobody asked for."""

    def __init__(self, words: Mapping[str, Any], where: str) -> None:
        self.where = where
        self._words = dict(words)
        self._read: set[str] = {"name"}

    def text(self, word: str, default: str = "") -> str:
        return str(self._of(word, str, default))

    def texts(self, word: str) -> tuple[str, ...]:
        """One text, or a list of them."""
        value = self._of(word, (str, list), [])
        if not all(isinstance(item, str) for item in value):
            raise MappingError(f"{self.where}: {word} must be text in quotes")
        return (value,) if isinstance(value, str) else tuple(value)

    def flag(self, word: str, *, default: bool) -> bool:
        return bool(self._of(word, bool, default))

    def whole(self, word: str) -> int:
        return int(self._of(word, int, 0))

    def zone(self, word: str) -> tzinfo:
        try:
            return zone_named(self.text(word, "UTC"))
        except ValueError as error:
            raise MappingError(f"{self.where}: {error}") from None

    def choice(self, word: str, choices: type[Choice], default: Any) -> Any:
        """One of an enumeration by its value."""
        text = self.text(word)
        if not text:
            return default
        if text not in list(choices):
            raise MappingError(f"{self.where}: {word} is {text!r}, not one of {', '.join(choices)}")
        return choices(text)

    def quality(self, word: str) -> Quality | None:
        text = self.text(word).upper().replace("-", "_").replace(" ", "_")
        if text and text not in Quality.__members__:
            names = ", ".join([*(name.lower().replace("_", "-") for name in Quality.__members__), *UNUSABLE])
            raise MappingError(f"{self.where}: {word} is {self.text(word)!r}, not one of {names}")
        return Quality[text] if text else None

    def qualities(self) -> dict[str, Quality]:
        mine = [word for word in self._words if word not in self.unusable()]
        return {word: quality for word in mine if (quality := self.quality(word)) is not None}

    def unusable(self) -> dict[str, str]:
        return {word: UNUSABLE[said] for word in self._words if (said := self.text(word).lower()) in UNUSABLE}

    def table(self, word: str) -> Table:
        return Table(self._of(word, dict, {}), f"{self.where}: {word}")

    def tables(self, word: str) -> list[Table]:
        return [Table(item, f"{self.where}: {word}") for item in self._of(word, list, []) if isinstance(item, dict)]

    def check_all_read(self) -> None:
        if unknown := set(self._words) - self._read:
            raise MappingError(f"{self.where}: {', '.join(sorted(unknown))} is no word of a mapping")

    def _of(self, word: str, kinds: Any, default: Any) -> Any:
        self._read.add(word)
        value = self._words.get(word, default)
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is int):
            raise MappingError(f"{self.where}: {word} cannot be {value!r}")
        return value
