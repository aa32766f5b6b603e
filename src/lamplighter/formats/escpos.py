"""Receipts for 80 mm printers: ESC/POS bytes, as Epson's command reference and its many followers read them.

A slip is made of few parts: centred and large words, lines with an amount at the right, rules, a QR code. Letters
outside Windows-1252 become a question mark: such printers have no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = 42
ESC, GS = b"\x1b", b"\x1d"
START = ESC + b"@" + ESC + b"t\x10"
"""Initialise; code page 16, Windows-1252."""
CUT = GS + b"V\x42\x00"
KICK = ESC + b"p\x00\x19\xfa"
"""Open the cash drawer on the printer's plug: pin 2, 50 ms on, 500 ms off."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words, as long as the paper is wide."""

    text: str
    centred: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """Words at the left and a figure at the right of one line."""

    text: str
    figure: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, model 2, error correction M."""

    data: str


Part = Words | Amount | Rule | Qr


def slip(parts: Iterable[Part], *, kick: bool = False) -> bytes:
    """The bytes that print a slip and cut it; with `kick` the drawer opens first."""
    body = b"".join(_part(part) for part in parts)
    return START + (KICK if kick else b"") + body + b"\n\n\n" + CUT


def _part(part: Part) -> bytes:
    match part:
        case Words(text, centred, large):
            width = COLUMNS // 2 if large else COLUMNS
            lines = b"".join(_ink(line) + b"\n" for line in _wrapped(text, width))
            return ESC + b"a" + bytes([centred]) + GS + b"!" + (b"\x11" if large else b"\x00") + lines + GS + b"!\x00"
        case Amount(text, figure):
            room = COLUMNS - len(figure) - 1
            return ESC + b"a\x00" + _ink(f"{text[:room]:<{room}} {figure}") + b"\n"
        case Rule():
            return ESC + b"a\x00" + b"-" * COLUMNS + b"\n"
        case Qr(data):
            return ESC + b"a\x01" + _qr(data.encode("ascii"))


def _qr(data: bytes) -> bytes:
    """GS ( k: model 2, six dots a module, correction M, store, print."""
    stored = (len(data) + 3).to_bytes(2, "little")
    head = GS + b"(k"
    return (
        head + b"\x04\x00\x31\x41\x32\x00" + head + b"\x03\x00\x31\x43\x06" + head + b"\x03\x00\x31\x45\x31"
        + head + stored + b"\x31\x50\x30" + data + head + b"\x03\x00\x31\x51\x30"
    )  # fmt: skip


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _ink(text: str) -> bytes:
    """Control characters never reach the printer: words of people can't command it."""
    printable = "".join(sign for sign in text.replace("\u2212", "-") if sign.isprintable())
    return printable.encode("cp1252", "replace")
