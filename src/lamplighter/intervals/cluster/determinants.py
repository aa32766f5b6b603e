"""Determinants measured by a cluster: a row for each channel, a column of counts for each ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from lamplighter.intervals.asked import answerable, answers, lacking
from lamplighter.intervals.block import Block
from lamplighter.intervals.cluster.scanning import Days, by_blocks, scanned
from lamplighter.intervals.published import Published
from lamplighter.rating.determinants import Ask

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def measured(
    spark: SparkSession, uri: str, days: Days, asks: Sequence[Ask], *, published: Published, parts: int = 16
) -> pa.Table:
    """`channel`, `lacking` (slots without a reading) and `ask0`, `ask1`, ... in counts, ordered by channel.

    Raises ValueError for an ask that one channel's columns cannot answer: those are measured the plain way.
    """
    refused = [ask for ask in asks if not answerable(ask.determinant, days.seconds)]
    if refused:
        raise ValueError(f"columns cannot answer {refused[0].determinant}: measure it the plain way")
    frame = scanned(spark, uri, days.period, published=published, parts=parts)
    names = ["lacking", *(f"ask{i}" for i in range(len(asks)))]
    schema = ", ".join(f"{name} long" for name in ["channel", *names])
    return frame.mapInArrow(by_blocks(days, Measure(tuple(asks))), schema).toArrow().sort_by("channel")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a worker makes of a block; on one machine the same is called on what `IntervalStore.read` gives."""

    asks: tuple[Ask, ...]

    def __call__(self, block: Block) -> Iterator[pa.RecordBatch]:
        columns = [block.channels, lacking(block), *(answers(block, ask) for ask in self.asks)]
        names = ["channel", "lacking", *(f"ask{i}" for i in range(len(self.asks)))]
        yield pa.RecordBatch.from_pydict(dict(zip(names, map(pa.array, columns), strict=True)))
