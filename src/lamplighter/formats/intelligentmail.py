"""The Intelligent Mail barcode of the US Postal Service (USPS-B-3200): digits to the 65 bars of an envelope.

What names a piece of mail is 20 digits of tracking (barcode identifier, service type, mailer, serial) and where it goes
up to 11 digits of routing (ZIP, ZIP+4, delivery point).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

TRACKING = re.compile(r"[0-9][0-4][0-9]{18}", re.ASCII)
ROUTING = re.compile(r"(?:[0-9]{5}(?:[0-9]{4}(?:[0-9]{2})?)?)?", re.ASCII)
POSTCODE = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?", re.ASCII)
LONGER = {0: 0, 5: 1, 9: 100_001, 11: 1_000_100_001}
"""What is added to a routing code by its length, so that each length has numbers of its own (3.2.1.1)."""
GENERATOR, ALL = 0x0F35, 0x1FFF
BARS = (
    67, 6, 78, 16, 86, 95, 34, 40, 45, 113, 117, 121, 62, 87, 18, 104, 41, 76, 57, 119, 115, 72, 97, 2, 127, 26, 105,
    35, 122, 52, 114, 7, 24, 82, 68, 63, 94, 44, 77, 112, 70, 100, 39, 30, 107, 15, 125, 85, 10, 65, 54, 88, 20, 106,
    46, 66, 8, 116, 29, 61, 99, 80, 90, 37, 123, 51, 25, 84, 129, 56, 4, 109, 96, 28, 36, 47, 11, 71, 33, 102, 21, 9,
    17, 49, 124, 79, 64, 91, 42, 69, 53, 60, 14, 1, 27, 103, 126, 75, 89, 50, 120, 19, 32, 110, 92, 111, 130, 59, 31,
    12, 81, 43, 55, 5, 74, 22, 101, 128, 58, 118, 48, 108, 38, 98, 93, 23, 83, 13, 73, 3,
)  # fmt: skip
"""Which half of which bar each bit of the ten characters draws: 1 to 65 go down, 66 to 130 up (table IV)."""


class CannotEncode(ValueError):
    """Digits that no barcode has; the message says which."""


def tracking(*, service: str, mailer: str, serial: int, identifier: str = "00") -> str:
    """The 20 digits: a mailer of 6 digits has serials of 9, one of 9 digits serials of 6, which begin again at 0."""
    if len(mailer) not in (6, 9):
        raise CannotEncode(f"A mailer identifier has 6 or 9 digits, not {mailer!r}.")
    room = 15 - len(mailer)
    found = f"{identifier}{service}{mailer}{serial % 10**room:0{room}}"
    _check(found, "")
    return found


def routing_of(postcode: str) -> str:
    """The routing digits that a ZIP or ZIP+4 gives; "" for what is neither. A delivery point needs the post's own
    address file, which whoever presorts the mail has."""
    found = POSTCODE.fullmatch(postcode.strip())
    return "".join(part for part in found.groups() if part) if found else ""


def encode(tracking: str, routing: str = "") -> str:
    """65 letters, one a bar: A (ascender), D (descender), F (full), T (tracker). Raises CannotEncode."""
    _check(tracking, routing)
    number = int(routing or 0) + LONGER[len(routing)]
    number = (number * 10 + int(tracking[0])) * 5 + int(tracking[1])
    for digit in tracking[2:]:
        number = number * 10 + int(digit)
    check = _frame_check(number.to_bytes(13, "big"))
    drawn = set[int]()
    for place, character in enumerate(_characters(number, check)):
        drawn |= {BARS[13 * place + bit] for bit in range(13) if character >> bit & 1}
    return "".join(_bar(up=at + 65 in drawn, down=at in drawn) for at in range(1, 66))


def _check(tracking: str, routing: str) -> None:
    if not TRACKING.fullmatch(tracking):
        raise CannotEncode(f"{tracking!r}: tracking has 20 digits, of which the second is 0 to 4.")
    if not ROUTING.fullmatch(routing):
        raise CannotEncode(f"{routing!r}: routing has 0, 5, 9 or 11 digits.")


def _bar(*, up: bool, down: bool) -> str:
    return {(True, True): "F", (True, False): "A", (False, True): "D", (False, False): "T"}[up, down]


def _characters(number: int, check: int) -> Iterator[int]:
    """Ten characters of 13 bits (3.2.3 to 3.2.5): the eleven bits of the check turn ten of them over, and one word."""
    number, last = divmod(number, 636)
    words = [2 * last]
    for _ in range(8):
        number, word = divmod(number, 1365)
        words.append(word)
    words.append(number + (659 if check >> 10 & 1 else 0))
    fives, twos = _of_13(5), _of_13(2)
    for place, word in enumerate(reversed(words)):
        character = fives[word] if word < len(fives) else twos[word - len(fives)]
        yield character ^ ALL if check >> place & 1 else character


@lru_cache(maxsize=2)
def _of_13(ones: int) -> tuple[int, ...]:
    """All words of 13 bits with so many ones: pairs of mirror images first, those that are their own mirror last."""
    pairs, own = list[int](), list[int]()
    for word in range(1 << 13):
        mirror = int(f"{word:013b}"[::-1], 2)
        if word.bit_count() != ones or mirror < word:
            continue
        if mirror == word:
            own.insert(0, word)
        else:
            pairs += [word, mirror]
    return (*pairs, *own)


def _frame_check(data: bytes) -> int:
    """Eleven bits over 102 bits (3.2.2): of the first byte only six are data."""
    check = 0x07FF
    for place, byte in enumerate(data):
        bits, shifted = (8, byte << 3) if place else (6, byte << 5)
        for _ in range(bits):
            turned = (check ^ shifted) & 0x400
            check = (check << 1 ^ (GENERATOR if turned else 0)) & 0x7FF
            shifted <<= 1
    return check
