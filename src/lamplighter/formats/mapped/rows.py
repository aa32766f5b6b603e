"""A table of text as Arrow columns, block by block; lines that do not fit the table are told and left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from lamplighter.formats.grids import one_chunk
from lamplighter.formats.mapped.known import known_mapping
from lamplighter.formats.mapped.mapping import CsvMapping
from lamplighter.formats.meterdata import Ints
from lamplighter.formats.refusals import Findings, refusal
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import Lines, lines, text

WIDEST = 10_000  # columns


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a block: one Arrow binary array for each column that the mapping names, and the line of each row."""

    columns: dict[str, Any]
    lines: Ints

    def __len__(self) -> int:
        return len(self.lines)


class Sheet:
    """A delivery read as a table: where its columns are, by the mapping that is given or recognised."""

    def __init__(self, delivery: Delivery, mapping: CsvMapping | None, found: Findings) -> None:
        self.found = found
        self._blocks = lines(delivery, found)
        first = next(self._blocks, Lines(1, b""))
        head, self._first = _cut(first, mapping.skip if mapping else 0)
        names = _names(head.data, mapping)
        known = mapping or known_mapping(names)
        if known is None:
            raise refusal(
                "csv.mapping", "the file is a table, and nothing says what its columns are.", file=delivery.name,
                line=head.first, remedy="Describe its columns in a mapping, and give that to the reader.",
            )  # fmt: skip
        self.mapping = known
        self.width = len(names)
        self.places = {name: _place(name, names, delivery.name, head.first) for name in self.mapping.columns}
        if not self.mapping.header:
            self._first = Lines(head.first, head.data + self._first.data)

    def rows(self) -> Iterator[Rows]:
        """Every block of the table below its header."""
        yield from self._rows(self._first)
        for block in self._blocks:
            yield from self._rows(block)

    def _rows(self, block: Lines) -> Iterator[Rows]:
        if not block.data.strip():
            return
        blank = block.data.startswith(b"\n") or b"\n\n" in block.data  # which Arrow takes for a row of empty fields
        table = None if blank else self._table(block.data)
        numbers = np.arange(block.first, block.first + block.data.count(b"\n"))
        if table is None or len(table[0]) != len(numbers):
            good = list(self._fitting(block))
            if not good:
                return
            table = self._table(b"\n".join(line for _, line, _ in good) + b"\n")
            if table is None or len(table[0]) != len(good):
                table = [pa.array([row[at].encode() for *_, row in good], pa.binary()) for at in range(self.width)]
            numbers = np.array([at for at, *_ in good])
        yield Rows({name: table[at] for name, at in self.places.items()}, numbers)

    def _table(self, data: bytes) -> list[Any] | None:
        """Columns of lines that all fit the table; None when Arrow finds that they do not."""
        names = [str(at) for at in range(self.width)]
        try:
            table = pacsv.read_csv(
                io.BytesIO(data),
                read_options=pacsv.ReadOptions(column_names=names, block_size=len(data) + 1, use_threads=False),
                parse_options=pacsv.ParseOptions(delimiter=self.mapping.delimiter, ignore_empty_lines=False),
                convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.binary()), check_utf8=False),
            )
        except pa.ArrowInvalid:
            return None
        return [one_chunk(column) for column in table.columns]

    def _fitting(self, block: Lines) -> Iterator[tuple[int, bytes, list[str]]]:
        """The lines with as many fields as the header has, cut; empty ones are passed over, others told."""
        for at, line in enumerate(block.data.split(b"\n"), block.first):
            if not line.strip():
                continue
            fields = _fields(line, self.mapping.delimiter)
            if len(fields) == self.width and line.count(b'"') % 2 == 0:
                yield at, line, fields
            else:
                self.found.error(
                    "csv.columns", f"the line has {len(fields)} columns; {self.width} are expected.", line=at,
                    remedy="The line is left out.",
                )  # fmt: skip


def _cut(block: Lines, skip: int) -> tuple[Lines, Lines]:
    """The header line, after `skip` lines and empty ones, and what follows it."""
    at = 0
    number = block.first
    while at < len(block.data):
        end = block.data.find(b"\n", at) + 1
        if number - block.first >= skip and block.data[at:end].strip():
            return Lines(number, block.data[at:end]), Lines(number + 1, block.data[end:])
        at, number = end, number + 1
    return Lines(block.first, b""), Lines(number, b"")


def _names(head: bytes, mapping: CsvMapping | None) -> list[str]:
    names = _fields(head.rstrip(b"\n"), mapping.delimiter if mapping else ",")[:WIDEST]
    return names if mapping is None or mapping.header else [str(at) for at in range(1, len(names) + 1)]


def _fields(line: bytes, delimiter: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([text(line.replace(b"\0", b""))], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _place(name: str, names: list[str], file: str, line: int) -> int:
    folded = [other.casefold() for other in names]
    if name.casefold() not in folded:
        raise refusal(
            "csv.column", f"the table has no column {name!r}; it has {', '.join(names)[:300]}.", file=file, line=line,
            field=name, remedy="Correct the mapping, or ask the sender why the column is gone.",
        )  # fmt: skip
    return folded.index(name.casefold())
