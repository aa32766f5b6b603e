"""Days as a printed bill writes them, and text made fit for print."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from lamplighter.kernel.periods import Period

LONGEST_WORD = 20
TOO_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
SPACES = frozenset({"Zs", "Zl", "Zp"})
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})  # controls, direction overrides, what Unicode never assigned
BREAK = "\u200b"


def full_date(day: date) -> str:
    return f"{day:%b %-d, %Y}"


def short_day(day: date) -> str:
    return f"{day:%a, %b %-d}"


def long_days(period: Period) -> str:
    """ "Oct 3 to Nov 3, 2026": both days are served."""
    first, last = period.start, period.last_day
    if first.year == last.year:
        return f"{first:%b %-d} to {full_date(last)}"
    return f"{full_date(first)} to {full_date(last)}"


def printable(text: str) -> str:
    """The text as type can set it: composed, without controls, and with words of any length broken somewhere.

    Right-to-left letters stay; characters that would turn the direction of others do not.
    """
    if text.isascii() and text.isprintable():
        plain = text
    else:
        plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    if len(plain) > LONGEST_WORD:
        plain = TOO_LONG.sub(lambda word: _breakable(word[0]), plain)
    return plain.strip()


def _plain(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    category = unicodedata.category(letter)
    return " " if category in SPACES else "" if category in INVISIBLE else letter


def _breakable(word: str) -> str:
    return BREAK.join(word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD))
