"""Numbers as people write them: amounts in words, as they stand on a check, and commas between thousands."""

from __future__ import annotations

import re

from lamplighter.kernel.money import Money

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))


def dollars_in_words(amount: Money) -> str:
    """`Four hundred twelve and 00/100 dollars`; of amounts from nothing to below a billion dollars."""
    assert 0 <= amount.cents < 10**11, f"{amount} is not written out"
    dollars, cents = divmod(amount.cents, 100)
    return f"{_words(dollars).capitalize()} and {cents:02}/100 dollars"


def _words(number: int) -> str:
    for size, name in SCALES:
        if number >= size:
            rest = f" {_words(number % size)}" if number % size else ""
            return f"{_words(number // size)} {name}{rest}"
    if number < len(ONES):
        return ONES[number]
    ones = f"-{ONES[number % 10]}" if number % 10 else ""
    return f"{TENS[number // 10]}{ones}"


GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")


def ungrouped(typed: str) -> str:
    """A typed number without the commas between its thousands: `1,250.00` becomes `1250.00`. A comma elsewhere stays,
    so that `12,50` is no number, rather than a hundred times what was meant."""
    return GROUPED.sub(lambda found: found[0].replace(",", ""), typed)
