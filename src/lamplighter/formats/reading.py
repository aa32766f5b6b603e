"""Reads any meter file: opens it, tells its format by its content, hands it to that format's reader."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from lamplighter.formats.detection import detect
from lamplighter.formats.meterdata import Format, MeterFile
from lamplighter.formats.refusals import refusal
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery, deliveries, deliveries_of

Reader = Callable[[Delivery, Settings], MeterFile]

READERS = {
    Format.ESPI: "espi.reader:read_espi",
    Format.CMEP: "cmep.reader:read_cmep",
    Format.NEM12: "nem.nem12:read_nem12",
    Format.NEM13: "nem.nem13:read_nem13",
    Format.CSV: "mapped.reader:read_csv",
}


def read_files(path: Path, settings: Settings = DEFAULT_SETTINGS) -> Iterator[MeterFile]:
    """Every file that a path stands for: one, or the members of an archive. Raises Unreadable."""
    for delivery in deliveries(path, settings.limits):
        yield read_delivery(delivery, settings)


def read_bytes(data: bytes, name: str = "", settings: Settings = DEFAULT_SETTINGS) -> tuple[MeterFile, ...]:
    """The same of a file that is already in memory, such as an upload."""
    return tuple(
        read_delivery(delivery, settings) for delivery in deliveries_of(io.BytesIO(data), name, settings.limits)
    )


def read_delivery(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    format_ = settings.format or detect(delivery.head)
    if format_ is None:
        raise refusal(
            "file.format", "the file is of no format that can be read.", file=delivery.name,
            remedy="Readable are Green Button (ESPI), CMEP, NEM12, NEM13, and tables with a mapping.",
        )  # fmt: skip
    return reader_of(format_)(delivery, settings)


def reader_of(format_: Format) -> Reader:
    """The reader of a format; loaded when it is first wanted."""
    module, _, name = READERS[format_].partition(":")
    reader: Reader = getattr(import_module(f"lamplighter.formats.{module}"), name)
    return reader
