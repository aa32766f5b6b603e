"""The Atom side of ESPI: entries with their links, each with the one kind of thing that it holds."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lamplighter.kernel.energy import Quality

UNSAID = -1
NO_QUALITY = 254
LONGEST_LINK = 2_000


def key_of(href: str) -> str:
    """A link without host and slashes at its ends, so that relative and absolute forms are the same.

    One that is too long to be a link is none.
    """
    if len(href) > LONGEST_LINK:
        return ""
    try:
        path = urlsplit(href.strip()).path
    except ValueError:
        path = href.strip()
    return "/".join(part for part in path.split("/") if part)


def parent_of(key: str) -> str:
    return key.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class ReadingType:
    """What is measured and how, as the numbers that the file has; None where it has none."""

    accumulation: int | None = None
    commodity: int | None = None
    currency: int | None = None
    flow: int | None = None
    interval: int | None = None
    power: int | None = None
    uom: int | None = None
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An IntervalReading as it is written; None for what it does not say. The value is whole / 10^places."""

    start: int | None
    seconds: int | None
    value: tuple[int, int] | None
    cost: int | None
    quality: int | None


@dataclass(slots=True)
class Readings:
    """Readings of one entry, as written; `values` / 10^`places`.

    Where a reading has no time of its own, its start is that of its block and its seconds are UNSAID less how many
    such readings of the block stand before it. A quality of NO_QUALITY is left to the reading type.
    """

    starts: array[int] = field(default_factory=lambda: array("q"))
    seconds: array[int] = field(default_factory=lambda: array("q"))
    values: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("B"))
    quality: array[int] = field(default_factory=lambda: array("B"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    costs: array[int] = field(default_factory=lambda: array("q"))
    costed: bool = False

    def __len__(self) -> int:
        return len(self.starts)

    def append(self, reading: Reading, *, start: int, seconds: int, line: int) -> None:
        value, places = reading.value or (0, 0)
        unquoted = NO_QUALITY if reading.quality is None else reading.quality
        self.starts.append(start)
        self.seconds.append(seconds)
        self.values.append(value)
        self.places.append(places)
        self.quality.append(Quality.MISSING if reading.value is None else unquoted)
        self.lines.append(line)
        self.costs.append(reading.cost or 0)
        self.costed = self.costed or reading.cost is not None


@dataclass(slots=True)
class Entry:
    """One entry: its place in the document, its links (as keys), and what it holds."""

    order: int
    line: int = 0
    id: str = ""
    self: str = ""
    up: str = ""
    related: list[str] = field(default_factory=list)
    kind: str = ""
    service: int | None = None
    reading_type: ReadingType | None = None
    readings: Readings = field(default_factory=Readings)

    def link(self, rel: str, href: str) -> None:
        key = key_of(href)
        if rel == "self" and not self.self:
            self.self = key
        elif rel == "up" and not self.up:
            self.up = key
        elif rel == "related":
            self.related.append(key)

    @property
    def name(self) -> str:
        return self.self or self.id or f"entry {self.order}"
