"""Read a cash letter strictly: framing, order of records, and every count and total that its controls name."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from lamplighter.formats.x9.writer import EBCDIC, WIDTH

FOLLOWS = {
    "": {"01"}, "01": {"10"}, "10": {"20", "61", "62", "90"}, "61": {"20", "61", "62", "90"},
    "62": {"20", "61", "62", "90"}, "20": {"25", "61", "62", "70"}, "25": {"25", "26", "27", "28", "50", "70"},
    "26": {"25", "26", "27", "28", "50", "70"}, "27": {"25", "27", "28", "50", "70"},
    "28": {"25", "28", "50", "70"}, "50": {"52", "54"}, "52": {"25", "50", "54", "70"}, "54": {"25", "50", "70"},
    "70": {"20", "85", "90"}, "85": {"90"}, "90": {"10", "99"}, "99": set(),
}  # fmt: skip
ITEMS = frozenset({"25", "26", "27", "28", "50", "52", "54"})
IMAGE_HEAD = 117


class CannotRead(ValueError):
    """A cash letter is refused; the message names the record."""


@dataclass(frozen=True, slots=True)
class Item:
    """One check of the letter with its images, front first."""

    routing: str
    on_us: str
    cents: int
    images: tuple[bytes, ...]


@dataclass(slots=True)
class _Sums:
    """`records` counts what some banks call items too: addenda and image views beside the checks."""

    items: int = 0
    records: int = 0
    cents: int = 0
    images: int = 0
    parts: int = 0


@dataclass(slots=True)
class _Walk:
    found: list[Item] = field(default_factory=list)
    bundle: _Sums = field(default_factory=_Sums)
    letter: _Sums = field(default_factory=_Sums)
    whole: _Sums = field(default_factory=_Sums)


def items(data: bytes) -> list[Item]:
    """Every check. Raises CannotRead."""
    walk, last, count = _Walk(), "", 0
    for number, record in enumerate(_frames(data), 1):
        text = record[:IMAGE_HEAD].decode(EBCDIC if record[:1] >= b"\xf0" else "latin-1")
        kind, count = text[:2], number
        if kind not in FOLLOWS.get(last, set()):
            raise CannotRead(f"Record {number}: a record {kind} can't follow {last or 'nothing'}.")
        if kind not in {"52", "61", "62"} and len(record) != WIDTH:
            raise CannotRead(f"Record {number}: {len(record)} characters, not {WIDTH}.")
        if kind in ITEMS:
            for sums in (walk.bundle, walk.letter, walk.whole):
                sums.records += 1
        _take(kind, text, record, number, walk)
        last = kind
    if last != "99":
        raise CannotRead("The file breaks off: it has no record 99.")
    assert count
    return walk.found


def _take(kind: str, text: str, record: bytes, number: int, walk: _Walk) -> None:
    match kind:
        case "25":
            cents = _number(text[47:57], number)
            walk.found.append(Item(text[18:27], text[27:47].strip(), cents, ()))
            for sums in (walk.bundle, walk.letter, walk.whole):
                sums.items, sums.cents = sums.items + 1, sums.cents + cents
        case "52":
            one = walk.found[-1]
            walk.found[-1] = Item(one.routing, one.on_us, one.cents, (*one.images, _image(text, record, number)))
        case "50":
            walk.bundle.images, walk.letter.images = walk.bundle.images + 1, walk.letter.images + 1
        case "20":
            walk.bundle, walk.letter.parts = _Sums(), walk.letter.parts + 1
        case "10":
            walk.letter, walk.whole.parts = _Sums(), walk.whole.parts + 1
        case "70":
            _hold(number, _items(text[2:6], walk.bundle), (text[6:18], walk.bundle.cents),
                  (text[30:35], walk.bundle.images))  # fmt: skip
        case "90":
            _hold(number, (text[2:8], walk.letter.parts), _items(text[8:16], walk.letter),
                  (text[16:30], walk.letter.cents), (text[30:39], walk.letter.images))  # fmt: skip
        case "99":
            _hold(number, (text[2:8], walk.whole.parts), _all(text[8:16], number), _items(text[16:24], walk.whole),
                  (text[24:40], walk.whole.cents))  # fmt: skip


def _all(said: str, records: int) -> tuple[str, int]:
    """Every record, with the last one or (as some write it) without."""
    return said, records - 1 if _figure(said) == records - 1 else records


def _items(said: str, sums: _Sums) -> tuple[str, int]:
    """Checks alone, or every record of them: banks differ."""
    return said, sums.records if _figure(said) == sums.records else sums.items


def _image(text: str, record: bytes, number: int) -> bytes:
    """What stands behind the lengths of the key, the signature and the data."""
    place = 101
    key = _number(text[place : place + 4], number)
    signed = _number(record[place + 4 + key : place + 9 + key].decode(_code(record)), number)
    at = place + 9 + key + signed
    size = _number(record[at : at + 7].decode(_code(record)), number)
    image = record[at + 7 :]
    if len(image) != size:
        raise CannotRead(f"Record {number}: an image of {size} bytes has {len(image)}.")
    return image


def _code(record: bytes) -> str:
    return EBCDIC if record[:1] >= b"\xf0" else "latin-1"


def _hold(number: int, *pairs: tuple[str, int]) -> None:
    for said, counted in pairs:
        if said.strip() and (figure := _number(said, number)) != counted:
            raise CannotRead(f"Record {number}: it says {figure}, counted {counted}.")


def _number(text: str, number: int) -> int:
    figure = _figure(text) if text.strip() else 0
    if figure is None:
        raise CannotRead(f"Record {number}: {text!r} is no figure.")
    return figure


def _figure(text: str) -> int | None:
    """None for what is no figure: characters that only look like digits are none."""
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() else None


def _frames(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        if place + 4 > len(data):
            raise CannotRead("The file ends inside a length.")
        (size,) = struct.unpack(">I", data[place : place + 4])
        record = data[place + 4 : place + 4 + size]
        if len(record) != size or not size:
            raise CannotRead(f"At byte {place}: a record of {size} bytes has {len(record)}.")
        yield record
        place += 4 + size
