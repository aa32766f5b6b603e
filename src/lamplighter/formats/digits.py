"""Decimal numbers out of text by columns, exactly: eight characters at a time as one 64-bit word, no float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamplighter.formats.meterdata import Ints, Mask

Words = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Word = tuple[Ints, Bytes, Ints, Mask]  # number without its point, decimal places, points, all else digits

BLOCK = 32_768  # values at a time, so that a step's arrays stay in the processor's cache
PAD = 16
TRIM = 32
SHORT, LONG = 8, 18  # characters in one word; characters that surely fit in 63 bits
EACH = 0x0101010101010101  # one in every byte of a word
INT64_MAX = (1 << 63) - 1
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbers:
    """`values` / 10^`places` where `ok`; where not, the text is no plain decimal number of at most 18 characters.

    An empty text is not ok, and `empty`.
    """

    values: Ints
    places: Bytes
    ok: Mask
    empty: Mask


def numbers(column: Any) -> Numbers:
    """Parse an Arrow binary or string array (one chunk, 32-bit offsets): `12`, `-0.5`, `.048`, `7.`."""
    data, starts, ends = _buffers(column)
    size = len(starts)
    values, places = np.zeros(size, np.int64), np.zeros(size, np.uint8)
    ok = np.zeros(size, np.bool_)
    for at in range(0, size, BLOCK):
        block = slice(at, at + BLOCK)
        values[block], places[block], ok[block] = _block(data, starts[block], ends[block])
    return Numbers(values, places, ok, starts == ends)


def number(text: str) -> Decimal:
    """One number of any length, also as spreadsheets write small ones: `1.5E-05`. Raises ValueError."""
    if not NUMBER.fullmatch(stripped := text.strip()):
        raise ValueError(f"{text[:40]!r} is not a number")
    return Decimal(stripped)


def mantissa(value: Decimal) -> tuple[int, int]:
    """The integer and the decimal places of a number: 1.50 is (150, 2). Raises ValueError beyond 64 bits."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > 40 or exponent > 40:
        raise ValueError(f"{value} is out of range")
    whole = int("".join(map(str, digits))) * 10 ** max(exponent, 0) * (-1 if sign else 1)
    places = max(-exponent, 0)
    while places and whole % 10 == 0 and (abs(whole) > INT64_MAX or places > LONG):
        whole, places = whole // 10, places - 1
    if abs(whole) > INT64_MAX or places > LONG:
        raise ValueError(f"{value} needs more digits than 64 bits hold")
    return whole, places


def factor_of(scale: Decimal, factor: int = 1) -> tuple[int, int]:
    """A multiplier as an integer and decimal places. Raises ValueError when it is 0, too large or too fine."""
    whole, places = mantissa(scale.normalize())
    if not whole or abs(whole * factor) > INT64_MAX // 10**6:
        raise ValueError(f"{scale} is no multiplier for readings")
    return whole * factor, places


def _buffers(column: Any) -> tuple[Bytes, Ints, Ints]:
    """The characters, padded in front so that a word may be loaded that ends anywhere, and where each text lies."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    low = int(bounds[0]) if len(bounds) else 0
    high = int(bounds[-1]) if len(bounds) else 0
    padded = np.full(PAD + high - low, ord("0"), np.uint8)
    if data is not None and high > low:
        padded[PAD:] = np.frombuffer(data, np.uint8)[low:high]
    bounds += PAD - low
    return padded, *_trimmed(padded, bounds[:-1], bounds[1:])


def _trimmed(data: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Without the spaces around each text (at most TRIM on each side)."""
    if not (data == ord(" ")).any():
        return starts, ends
    starts, ends = starts.copy(), ends.copy()
    for _ in range(TRIM):
        starts += (starts < ends) & (data[np.minimum(starts, len(data) - 1)] == ord(" "))
        ends -= (starts < ends) & (data[ends - 1] == ord(" "))
    return starts, ends


def _block(data: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Bytes, Mask]:
    signs = data[np.minimum(starts, len(data) - 1)]
    signed = ((signs == ord("-")) | (signs == ord("+"))) & (ends > starts)
    lengths = ends - starts - signed
    values, places, dots, ok = _word(data, ends, np.clip(lengths, 0, SHORT))
    for reach in (SHORT, 2 * SHORT):
        at = np.flatnonzero(lengths > reach)
        if len(at):
            head = _word(data, ends[at] - reach, np.clip(lengths[at] - reach, 0, SHORT))
            _put_in_front(head, at, reach, (values, places, dots, ok))
    ok &= (lengths > dots) & (lengths <= LONG) & (dots <= 1)
    return np.where(signed & (signs == ord("-")), -values, values), places, ok


def _word(data: Bytes, ends: Ints, lengths: Ints) -> Word:
    """Up to eight characters before each end, as a number."""
    window: Words = np.ndarray((len(data) - SHORT + 1,), "<u8", data, 0, (1,))
    shift = ((SHORT - lengths) * 8).astype(np.uint64)
    nothing = shift >= 64
    shift[nothing] = 0
    word = ((window[ends - SHORT] ^ np.uint64(EACH * 0x30)) >> shift) << shift
    word[nothing] = 0
    point = _bytes_equal(word, ord(".") ^ 0x30)
    low = (point >> np.uint64(7)) - np.uint64(1)
    high = ~((point << np.uint64(1)) - np.uint64(1))
    word = np.where(point != 0, (word & high) | ((word & low) << np.uint64(8)), word)
    places = np.where(point != 0, 7 - (np.bitwise_count(point - np.uint64(1)) >> 3), 0).astype(np.uint8)
    digits = (((word + np.uint64(EACH * 0x76)) | word) & np.uint64(EACH * 0x80)) == 0
    word = (word * np.uint64(10) + (word >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    word = (word * np.uint64(100) + (word >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    word = (word * np.uint64(10_000) + (word >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return word.astype(np.int64), places, np.bitwise_count(point).astype(np.int64), digits


def _bytes_equal(word: Words, byte: int) -> Words:
    """0x80 in every byte of each word that equals `byte`, 0 in the others."""
    rest = word ^ np.uint64(EACH * byte)
    seven = np.uint64(EACH * 0x7F)
    return ~(((rest & seven) + seven) | rest | seven)


def _put_in_front(head: Word, at: Ints, reach: int, parsed: Word) -> None:
    """Join the characters that stand `reach` characters before the end of each text to what is `parsed`, in place."""
    values, places, dots, ok = parsed
    head_values, head_places, head_dots, head_ok = head
    values[at] += head_values * np.int64(10) ** (reach - dots[at])
    places[at] = np.where(head_dots > 0, head_places + reach, places[at])
    dots[at] += head_dots
    ok[at] &= head_ok
