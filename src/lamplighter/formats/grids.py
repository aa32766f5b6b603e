"""Many lines of equally many fields, split into columns and parsed at once."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from lamplighter.formats.digits import Bytes, numbers
from lamplighter.formats.meterdata import Ints

FEW = 16  # lines, below which a table costs more than it saves
Cells = list[tuple[int, int, bytes]]


def stripes(texts: Sequence[bytes], width: int, of: int = 1) -> list[Any]:
    """The fields of lines that all have `width` of them, as `of` Arrow binary arrays.

    Array i holds columns i, i + of, i + 2 of ... after each other. Quotes are plain characters.
    """
    if len(texts) < FEW or width == 1:
        rows = [line.split(b",") for line in texts]
        return [pa.array([row[at] for at in range(i, width, of) for row in rows], pa.binary()) for i in range(of)]
    data = b"\n".join(texts) + b"\n"
    names, types = _schema(width)
    table = pacsv.read_csv(
        io.BytesIO(data),
        read_options=pacsv.ReadOptions(column_names=names, block_size=len(data) + 1),
        parse_options=pacsv.ParseOptions(quote_char=False, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(column_types=types, check_utf8=False),
    )
    columns = [one_chunk(column) for column in table.columns]
    return [pa.concat_arrays(columns[i::of]) for i in range(of)]


def grid(texts: Sequence[bytes], width: int) -> tuple[Ints, Bytes, Cells]:
    """Numbers of lines that all have `width` fields: values and decimal places (rows x width), and the cells, with
    row and column, that are empty or no plain number."""
    (cells,) = stripes(texts, width)
    parsed = numbers(cells)
    bad = [(at % len(texts), at // len(texts), cells[at].as_py()) for at in np.flatnonzero(~parsed.ok).tolist()]
    return by_row(parsed.values, width), by_row(parsed.places, width), sorted(bad)


def each_once(cells: Any, meaning: Callable[[bytes], Any], kind: Any) -> NDArray[Any]:
    """What each cell means; cells that read the same are understood once."""
    coded = cells.dictionary_encode()
    meanings: NDArray[Any] = np.array([meaning(raw) for raw in coded.dictionary.to_pylist()] or [0], kind)
    understood: NDArray[Any] = meanings[coded.indices.to_numpy(zero_copy_only=False)]
    return understood


def one_chunk(column: Any) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def by_row(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Columns after each other become rows."""
    return np.ascontiguousarray(values.reshape(width, -1).T)


@lru_cache(maxsize=64)
def _schema(width: int) -> tuple[list[str], dict[str, Any]]:
    names = [str(i) for i in range(width)]
    return names, dict.fromkeys(names, pa.binary())
