"""A heat map as a small picture: one pixel for each hour of each day, dark where the load is low."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.http import HttpResponseBase

from lamplighter.intervals.curves.curve import Floats
from lamplighter.web.ui.csvs import csv_response

SCALE = np.array(
    [
        (68, 1, 84),
        (72, 40, 120),
        (62, 74, 137),
        (49, 104, 142),
        (38, 130, 142),
        (31, 158, 137),
        (53, 183, 121),
        (109, 205, 89),
        (180, 222, 44),
        (253, 231, 37),
    ],
    dtype=np.float64,
)
"""Viridis: even in lightness, so that it can be read without colours (matplotlib, CC0)."""

MISSING = (150, 150, 150)


@dataclass(frozen=True, slots=True)
class Heat:
    """`png` is a data address; hours run from midnight at the top down, days from left to right."""

    title: str
    sentence: str
    png: str
    low: float
    high: float
    cells: Floats
    first: date

    def as_csv(self) -> HttpResponseBase:
        """A line for each day, a column for each hour; empty where nothing was read."""
        heads = ["Day", *(f"{hour}:00" for hour in range(24))]
        rows = [
            [(self.first + timedelta(days=at)).isoformat(), *("" if np.isnan(kw) else f"{kw:.2f}" for kw in row)]
            for at, row in enumerate(self.cells)
        ]
        return csv_response(self.title, heads, rows)


def heat(cells: Floats, *, first: date, title: str, sentence: str) -> Heat:
    """Of kW by day and hour (D, 24), from the first day on."""
    known = cells[~np.isnan(cells)]
    low, high = float(np.quantile(known, 0.01)), float(np.quantile(known, 0.999))
    share = np.clip((np.nan_to_num(cells, nan=low) - low) / ((high - low) or 1.0), 0, 1) * (len(SCALE) - 1)
    below = np.minimum(share.astype(int), len(SCALE) - 2)
    part = (share - below)[..., None]
    colours = SCALE[below] * (1 - part) + SCALE[below + 1] * part
    colours[np.isnan(cells)] = MISSING
    return Heat(title, sentence, _png(colours.transpose(1, 0, 2).astype(np.uint8)), low, high, cells, first)


def _png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    """A picture (height, width, 3) as a PNG in a data address (RFC 2083)."""
    height, width, _ = pixels.shape
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    ]
    made = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return "data:image/png;base64," + base64.b64encode(made).decode()
